"""What an error says: a sentence for people, data for programs, never the key."""

import re

import httpx
import pytest
from flora.network import PROJECT, Network, client, refusal

from flora_mcp.flora import errors
from flora_mcp.flora.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    FieldError,
    InsufficientCreditsError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnprocessableEntityError,
    UnreadableAnswerError,
)


async def failure_of(reply: httpx.Response) -> APIError:
    async with client(Network(reply), max_retries=0) as flora:
        with pytest.raises(APIError) as caught:
            await flora.projects.retrieve("prj_1")
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, APIError),
        (400, BadRequestError),
        (401, AuthenticationError),
        (402, InsufficientCreditsError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, APIError),
        (422, UnprocessableEntityError),
        (429, RateLimitError),
        (500, InternalServerError),
        (503, InternalServerError),
    ],
)
async def test_each_status_has_its_class(status: int, kind: type[APIError]) -> None:
    assert type(await failure_of(refusal(status))) is kind


async def test_an_error_carries_all_that_flora_told() -> None:
    body = {
        "error": {
            "code": "input_validation_error",
            "message": "prompt: Required",
            "fields": [{"field": "prompt", "message": "Required"}],
        }
    }
    error = await failure_of(httpx.Response(400, json=body, headers={"request-id": "req_x"}))
    assert str(error) == "400 input_validation_error: prompt: Required (request req_x)"
    assert error.fields == (FieldError(field="prompt", message="Required"),)
    assert error.attributes() == {
        "status": 400,
        "code": "input_validation_error",
        "fields": [{"field": "prompt", "message": "Required"}],
        "request_id": "req_x",
    }


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (
            httpx.Response(
                400,
                json={
                    "error": {
                        "code": "input_validation_error",
                        "message": "prompt: Required",
                        "fields": [
                            {"field": "prompt", "message": "Required"},
                            {"field": "type", "message": "Required"},
                        ],
                    }
                },
            ),
            "400 input_validation_error: prompt: Required; type: Required",
        ),
        (httpx.Response(502, html="<h1>Bad  gateway</h1>"), "502: an HTML page instead of JSON, saying 'Bad gateway'"),
        (
            httpx.Response(
                503, html="<html><head><title>x</title></head><script>f()</script><p>Down &amp; out</p></html>"
            ),
            "503: an HTML page instead of JSON, saying 'Down & out'",
        ),
        (httpx.Response(500), "500: an empty answer"),
        (httpx.Response(500, text="oops"), "500: text/plain instead of JSON, saying 'oops'"),
        (httpx.Response(500, json={"message": "oops"}), "500: oops"),
        (httpx.Response(500, json={"error": "oops"}), "500: oops"),
        (httpx.Response(500, json={"detail": [{"loc": 1}]}), "500: no reason was given"),
        (httpx.Response(500, json=["oops"]), "500: no reason was given"),
        (httpx.Response(500, json={"error": {"code": 7, "fields": "none"}}), "500: no reason was given"),
        (
            httpx.Response(500, content=b"{", headers={"content-type": "application/json"}),
            "500: JSON that does not parse",
        ),
        (
            httpx.Response(301, headers={"location": "https://elsewhere.example/"}),
            "301: a redirect to 'https://elsewhere.example/', which is not followed. Check the base URL.",
        ),
        (
            refusal(429, "rate_limited", "Rate limit exceeded.", retry_after="12"),
            "429 rate_limited: Rate limit exceeded. FLORA asks to wait 12 seconds. "
            "Send fewer calls at once (two is safe), then try again.",
        ),
        (
            refusal(402, "insufficient_credits", "Insufficient credits."),
            "402 insufficient_credits: Insufficient credits. Add credits to the workspace; until then every paid "
            "call fails the same way, so stop a batch here.",
        ),
    ],
)
async def test_an_error_is_a_sentence_for_people(reply: httpx.Response, text: str) -> None:
    assert str(await failure_of(reply)) == text


async def test_a_long_page_is_cut() -> None:
    error = await failure_of(httpx.Response(500, text="x" * 100_000))
    assert str(error) == f"500: text/plain instead of JSON, saying '{'x' * 200}…'"


async def test_a_long_message_is_cut() -> None:
    assert len((await failure_of(refusal(400, "c", "x" * 60_000))).message) == 4000


async def test_an_error_longer_than_is_read_is_still_told() -> None:
    error = await failure_of(refusal(400, "c", "x" * 200_000))
    assert str(error) == "400: JSON that does not parse"


@pytest.mark.parametrize(
    "reply",
    [
        refusal(401, "invalid_api_key", "Key sk_live_secret is not known."),
        httpx.Response(500, text="trace: Bearer sk_live_secret"),
        httpx.Response(401, html="<p>sk_live_secret</p>"),
    ],
)
async def test_a_key_that_a_server_repeats_is_not_passed_on(reply: httpx.Response) -> None:
    error = await failure_of(reply)
    assert "sk_live_secret" not in f"{error} {error.attributes()} {error.__cause__!r}"
    assert "***" in str(error)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (httpx.Response(200, html="<h1>Sign in</h1>"), "text/html ('Sign in')"),
        (httpx.Response(200, text="hi"), "text/plain ('hi')"),
        (httpx.Response(204), "nothing"),
        (httpx.Response(200, content=b"hi"), "content without a type ('hi')"),
        (httpx.Response(200, content=b"{", headers={"content-type": "application/json"}), "JSON that does not parse"),
        (
            httpx.Response(200, content=b'{"a": NaN}', headers={"content-type": "application/json"}),
            "JSON that does not parse",
        ),
        (httpx.Response(200, json=[1]), "a JSON list ('[1]')"),
        (httpx.Response(200, json={**PROJECT, "name": None}), "no Project: name: Input should be a valid string"),
    ],
)
async def test_a_success_in_another_form_is_an_error_that_names_it(reply: httpx.Response, found: str) -> None:
    reply.headers["request-id"] = "req_x"
    async with client(Network(reply)) as flora:
        with pytest.raises(UnreadableAnswerError) as caught:
            await flora.projects.retrieve("prj_1")
    assert f"to GET /projects/prj_1: expected a JSON object, got {found}" in str(caught.value)
    assert caught.value.attributes() == {"status": reply.status_code, "request_id": "req_x"}


async def test_a_list_without_its_items_is_an_error_that_names_them() -> None:
    async with client(Network(httpx.Response(200, json={"models": None}))) as flora:
        with pytest.raises(UnreadableAnswerError) as caught:
            await flora.models.list()
    assert "an object without a list 'models'" in str(caught.value)


async def test_json_by_another_name_is_json() -> None:
    reply = httpx.Response(200, json=PROJECT, headers={"content-type": "application/hal+json; charset=utf-8"})
    async with client(Network(reply)) as flora:
        assert (await flora.projects.retrieve("prj_1")).name == "Foxes"


def test_the_family_names_every_class_after_its_base() -> None:
    family = errors.family()
    assert family["FloraError"] is None
    assert family["DuplicateKeyError"] == "ConflictError"
    assert family["APIConnectionTimeoutError"] == "APIConnectionError"
    places = {name: place for place, name in enumerate(family)}
    assert all(places[base] < places[name] for name, base in family.items() if base is not None)
    drawn = re.findall(r"^[│├└─ ]*(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(family)

"""Addresses over HTTP: told to one, guessed by nobody."""

import re

import anyio

from flora_mcp.outputs.addresses import Addresses, hashed, token_of

SECRET = b"s" * 32


def test_a_token_belongs_to_one_output_of_one_tenant_of_one_deployment() -> None:
    tokens = {
        token_of(secret, tenant=tenant, run_id=run_id, output_id=output_id)
        for secret in (SECRET, b"t" * 32)
        for tenant, run_id, output_id in [
            ("a", "b", "c"),
            ("ab", "", "c"),
            ("a", "bc", ""),
            ("", "ab", "c"),
            ("a", "b", "d"),
            ("ä", "b\0c", "%"),
        ]
    }
    assert len(tokens) == 12
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    assert token_of(SECRET, tenant="a", run_id="b", output_id="c") in tokens


def test_a_token_is_known_by_its_hash_whatever_is_sent_for_one() -> None:
    assert hashed("x") != hashed("y")
    assert re.fullmatch("[0-9a-f]{64}", hashed("half a character \ud83d"))


def test_without_a_server_to_be_reached_there_is_no_address() -> None:
    assert Addresses().url("token", "a.png") is None


def test_an_address_is_below_where_the_request_came_in() -> None:
    addresses = Addresses()
    with addresses.at("http://127.0.0.1:8765/"):
        assert addresses.url("token", "a b/ü.png") == "http://127.0.0.1:8765/outputs/token/a%20b%2F%C3%BC.png"
        with addresses.at(None):
            assert addresses.url("token", "a.png") is None
    assert addresses.base_url is None


def test_the_public_address_of_a_server_goes_before_that_of_a_request() -> None:
    addresses = Addresses("https://media.example/flora/")
    with addresses.at("http://10.0.0.7:8765"):
        assert addresses.url("token", "a.png") == "https://media.example/flora/outputs/token/a.png"


async def test_requests_at_the_same_time_have_addresses_of_their_own() -> None:
    addresses = Addresses()
    here = [anyio.Event(), anyio.Event()]
    seen: dict[int, str | None] = {}

    async def answer(number: int) -> None:
        with addresses.at(f"http://host-{number}"):
            here[number].set()
            await here[1 - number].wait()
            seen[number] = addresses.url("t", "a")

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(answer, 0)
            tasks.start_soon(answer, 1)
    assert seen == {0: "http://host-0/outputs/t/a", 1: "http://host-1/outputs/t/a"}

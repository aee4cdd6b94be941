"""Answers are short, in the asker's language, and there whatever FLORA does."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from docs_search.catalogue import CatalogueFlora, action, model, technique
from docs_search.conftest import BASE_URL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flora_mcp.docs_search import Docs, Language
from flora_mcp.docs_search.catalogue import KEPT_SECONDS
from flora_mcp.executions import callable_methods
from flora_mcp.flora import METHODS, Flora, Rules

ANSWER_CHARS = 3_000

LANGUAGES: tuple[Language, ...] = ("python", "javascript")

ODD = [
    " ",
    "?",
    '"',
    "'",
    "''\"\"",
    "AND",
    "OR NOT NEAR",
    "NEAR(a b)",
    "a* b^ {c} -d +e",
    "name : value",
    "(((",
    "column:upload",
    "\x00upload\x00",
    "DROP TABLE passages; --",
    "%s %d {}",
    "\ud800",
    "🫖🫖🫖",
    "画像をアップロードする方法",
    "как загрузить картинку",
    "كيف أرفع صورة",
    "wie lade ich ein Bild hoch",
    "upload " * 5_000,
    "x" * 100_000,
    "-" * 100_000,
    "a-" * 100_000,
    "." * 100_000 + "upload",
    "\n" * 1_000,
    "a" * 39 + " " + "é" * 50,
    "the of and to",
    "client.",
    "docs://",
    "docs://guides/nothing",
    "client.generations.destroy",
    ".",
    "..",
    "/",
    "await client.generations.create(type='image')",
    "[object Object]",
    "null",
]


@asynccontextmanager
async def opened(flora: CatalogueFlora, *, rules: Rules | None = None, **options: Any) -> AsyncIterator[Docs]:
    async with (
        Flora(api_key=None, base_url=BASE_URL, app=flora.app, rules=rules or Rules(), max_retries=0) as client,
        Docs(flora=client, methods=callable_methods(METHODS, rules=client.rules), **options) as docs,
    ):
        yield docs


def code_of(answer: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}$", answer, re.MULTILINE)


async def every_name(docs: Docs) -> list[str]:
    await docs.answer("")
    flora = CatalogueFlora()
    return [
        *(uri for uri, _, _ in docs.names()),
        *(f"docs://models/{each['model_id']}" for each in flora.lists["models"]),
        *(f"docs://actions/{each['action_id']}" for each in flora.lists["actions"]),
        *(f"docs://techniques/{each['slug']}" for each in flora.lists["techniques"]),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_fits_an_answer_in_the_language_that_was_asked_for(docs: Docs, language: Language) -> None:
    other = next(each for each in LANGUAGES if each != language)
    names = await every_name(docs)
    assert len(names) > 150
    for name in names:
        answer = await docs.answer(name, language=language)
        assert len(answer) <= ANSWER_CHARS, name
        assert not code_of(answer, other), name
        assert answer.count("```") % 2 == 0, name
        assert "<!--" not in answer, name
        if "/guides/" not in name:
            assert code_of(answer, language), name


async def test_every_page_has_its_whole_text_in_both_languages(docs: Docs) -> None:
    for name in await every_name(docs):
        page = await docs.page(name)
        assert page is not None, name
        assert page.startswith("# ")
        assert len(code_of(page, "python")) == len(code_of(page, "javascript")), name
        assert "<!--" not in page, name


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_an_odd_question_is_answered_shortly(docs: Docs, odd: str) -> None:
    answer = await docs.answer(odd)
    assert 0 < len(answer) <= ANSWER_CHARS
    answer.encode("utf-8")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=400) | st.lists(st.sampled_from([*ODD[:20], "upload", "image", "run"])).map(" ".join))
def test_any_question_is_answered_shortly(shared: Any, question: str) -> None:
    docs, portal = shared
    assert 0 < len(portal.call(docs.answer, question)) <= ANSWER_CHARS


@pytest.fixture(scope="module")
def shared() -> Any:
    """The documentation from outside of an event loop, where Hypothesis lives."""
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(opened(CatalogueFlora())) as docs,
    ):
        yield docs, portal


async def test_what_nobody_has_written_about_is_said_and_the_guides_are_named(docs: Docs) -> None:
    answer = await docs.answer("zzyzx qwertyuiop")
    assert answer.startswith("Nothing here fits 'zzyzx qwertyuiop'.")
    assert "docs://guides/uploads: " in answer
    assert await docs.page("docs://guides/zzyzx") is None
    assert await docs.page("flora://runs/run_1") is None


async def test_an_answer_has_signature_example_and_neighbours() -> None:
    async with opened(CatalogueFlora()) as docs:
        python = await docs.answer("generations.wait")
        javascript = await docs.answer("generations.wait", language="javascript")
    assert "client.generations.wait(run_id: str, *, timeout_seconds: float = 300.0" in python
    assert 'await client.generations.wait("run_abc123")' in python
    assert "client.generations.wait(runId: string, options?: { timeout_seconds?: number" in javascript
    for answer in (python, javascript):
        assert "- docs://methods/generations.retrieve: Reads how a run stands" in answer
        assert "- docs://guides/wait: " in answer


async def test_a_group_is_answered_with_its_methods(docs: Docs) -> None:
    answer = await docs.answer("client.projects.canvas")
    assert answer.splitlines() == [
        "Methods of client.projects.canvas:",
        "- docs://methods/projects.canvas.retrieve: Reads a canvas as a Mermaid flowchart; labels may be shortened. "
        '`await client.projects.canvas.retrieve("prj_abc123")`',
        "- docs://methods/projects.canvas.update: Adds the nodes and edges of a Mermaid flowchart to a canvas; "
        "changes and removes nothing. Free. `await client.projects.canvas.update("
        """"prj_abc123", diagram='graph LR\\n  a["A fox (Image)"] --> b["The fox at night (Image)"]')`""",
    ]


async def test_a_group_with_older_methods_only_is_no_group(docs: Docs) -> None:
    assert "docs://methods/runs.start" not in await docs.answer("client.runs")
    assert not (await docs.answer("p")).startswith("Methods of")


async def test_a_guide_or_a_method_is_told_without_asking_flora() -> None:
    flora = CatalogueFlora()
    async with opened(flora) as docs:
        for name in ("uploads", "generations.create", "client.projects", "webhooks.verify", ""):
            assert len(await docs.answer(name)) > 100
        assert await docs.page("docs://guides/costs") is not None
        assert await docs.page("docs://uploads") is None
    assert flora.requests.total() == 0


async def test_a_method_that_programs_lack_is_answered_with_what_to_do_instead(docs: Docs) -> None:
    for name, guide in (("webhooks.unwrap", "webhooks"), ("client.assets.upload", "uploads")):
        answer = await docs.answer(name)
        assert "takes bytes, files or secrets, which programs do not have" in answer
        assert f"- docs://guides/{guide}: " in answer
    assert await docs.page("docs://methods/assets.upload") is None


async def test_what_the_user_forbids_is_not_told_of() -> None:
    rules = Rules.of(block=["generations.create", "models.list"])
    async with opened(CatalogueFlora(), rules=rules) as docs:
        assert "FLORA_BLOCK_METHODS forbids it" in await docs.answer("generations.create")
        assert "docs://methods/generations.create" not in await docs.answer("start a generation")
        assert await docs.page("docs://models/t2i-flux-2-pro") is None
        assert await docs.page("docs://actions/crop-image-browser") is not None


async def test_a_model_is_told_with_price_parameters_and_a_call(docs: Docs) -> None:
    answer = await docs.answer("i2i-qwen-image-edit")
    assert "Qwen Image Edit: makes image; about 0.04 USD, about 20 s; by A provider." in answer
    assert "- aspect_ratio: string, one of '1:1', '16:9', '9:16', '4:3', '3:4', '21:9', default '1:1'" in answer
    assert "- image_url: string, required, The reference image." in answer
    assert 'params={"aspect_ratio": "1:1", "image_url": "https://media.flora.ai/fox.png"}' in answer


async def test_without_the_lists_the_rest_is_answered_and_the_gap_is_told() -> None:
    flora = CatalogueFlora()
    flora.failing = {"actions", "techniques"}
    async with opened(flora) as docs:
        assert (await docs.answer("webhook signature")).endswith(
            "(The lists of actions, techniques could not be read just now: ask again later.)"
        )
        assert (await docs.answer("t2i-flux-2-pro")).startswith("# Model t2i-flux-2-pro")


async def test_a_list_that_does_not_come_holds_nobody_up() -> None:
    flora = CatalogueFlora()
    flora.hanging = True
    with anyio.fail_after(5):
        async with opened(flora, patience_seconds=0.05) as docs:
            assert (await docs.answer("webhook signature")).startswith("# Webhooks")
            await docs.answer("upload a file")
    assert flora.requests == {"models": 1, "actions": 1, "techniques": 1}


async def test_lists_are_kept_for_a_while_and_then_read_anew() -> None:
    flora, now = CatalogueFlora(), [0.0]
    async with opened(flora, clock=lambda: now[0]) as docs:
        assert await docs.page("docs://models/t2i-brand-new") is None
        flora.lists["models"].append(model("t2i-brand-new"))
        flora.lists["actions"].append(action("invert-image"))
        flora.lists["techniques"].append(technique("new-look"))
        now[0] = KEPT_SECONDS - 1
        assert await docs.page("docs://models/t2i-brand-new") is None
        now[0] = KEPT_SECONDS + 1
        assert await docs.page("docs://models/t2i-brand-new") is not None
        assert (await docs.answer("brand new model")).startswith("# Model t2i-brand-new")
        assert (await docs.answer("invert image")).startswith("# Action invert-image")
        assert (await docs.answer("tech_new-look")).startswith("# Technique new-look")
        assert flora.requests == {"models": 2, "actions": 2, "techniques": 2}
        flora.failing = {"models"}
        now[0] = 2 * KEPT_SECONDS + 2
        assert await docs.page("docs://models/t2i-brand-new") is not None


async def test_many_who_ask_at_once_share_one_reading() -> None:
    flora = CatalogueFlora()
    answers: list[str] = []
    async with opened(flora) as docs, anyio.create_task_group() as tasks:

        async def ask() -> None:
            answers.append(await docs.answer("aspect ratio"))

        for _ in range(20):
            tasks.start_soon(ask)
    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert flora.requests == {"models": 1, "actions": 1, "techniques": 1}


async def test_what_a_catalogue_says_stays_data() -> None:
    flora = CatalogueFlora()
    nasty = {**model("t2i-nasty"), "name": "x\n```\n# Obey\n" * 200, "provider": "p" * 10_000}
    flora.lists["models"] = [nasty, {**model("t2i-long"), "params": nasty["params"] * 200}]
    async with opened(flora) as docs:
        for name in ("t2i-nasty", "t2i-long"):
            assert len(await docs.answer(name)) <= ANSWER_CHARS
            page = await docs.page(f"docs://models/{name}")
            assert page is not None
            assert "\n# " not in page

"""The documentation names every method, with the endpoint that it really has."""

import re
from pathlib import Path

from flora_mcp.flora import METHODS

DOCUMENT = Path(__file__).parents[2] / "docs" / "flora-api.md"
ROW = re.compile(r"^\| `([\w.]+)\((.*?)\)`( \$)?.*? \| ([A-Z]+) `(\S+)` \|", re.MULTILINE)


def without_names(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def test_every_endpoint_is_documented_as_it_is() -> None:
    beyond = {"generations.wait", "techniques.runs.wait"}
    ours = {
        entry.path: (*entry.http.split(" "), entry.paid)
        for entry in METHODS
        if not entry.host_only and entry.path not in beyond
    }
    told = {
        path: (verb, endpoint, bool(paid))
        for path, _, paid, verb, endpoint in ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
        if path in ours
    }
    expected = {path: (verb, without_names(endpoint), paid) for path, (verb, endpoint, paid) in ours.items()}
    assert {path: (verb, without_names(endpoint), paid) for path, (verb, endpoint, paid) in told.items()} == expected


def test_every_argument_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    written = {path: arguments for path, arguments, *_ in ROW.findall(text)}
    for entry in METHODS:
        if entry.host_only or entry.path not in written or written[entry.path] == "…":
            continue
        told = [name.strip() for name in written[entry.path].split(",") if name.strip()]
        # The key of a call, and pages that FLORA's lists do not have yet, are told once for all.
        own = [p for p in entry.parameters if p.name != "idempotency_key"]
        if entry.path == "models.list":
            own = own[:1]
        assert told == [p.name if p.required else f"{p.name}?" for p in own], entry.path


def test_what_has_no_endpoint_of_its_own_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [entry.path for entry in METHODS if f"`{entry.path}(" not in text] == []

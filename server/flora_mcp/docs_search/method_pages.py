"""A page for each method that a program may call, written from the method table."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from flora_mcp.docs_search.page import Page
from flora_mcp.flora.methods import MethodEntry, ParameterEntry

_SECTION = re.compile(r"^(Args|Returns|Raises|Source):\n?", re.MULTILINE)
_ENTRY = re.compile(r"^    (\w+): ", re.MULTILINE)

SAID = {
    "feedback.record": "report a bug, request a feature, complain, contact support",
    "generations.list": "my generations, recent runs, history",
    "generations.retrieve": "get run status, check progress",
    "workspaces.projects.canvas.replace_definition": "import, restore, copy, duplicate a canvas",
    "workspaces.projects.canvas.retrieve_definition": "export, back up, copy, duplicate a canvas",
}
"""What agents call a method beside its name."""

OLDER = {"runs.start_technique": "techniques.runs.create"}
"""Methods that FLORA's documentation hides, and those that it shows instead (`sdk:resources/runs.ts`)."""


@lru_cache(maxsize=4)
def method_pages(entries: tuple[MethodEntry, ...]) -> tuple[Page, ...]:
    """Returns the pages, the same ones for all tenants; one of an older method names what took its place."""
    return tuple(_pages(entries))


def replacement(entry: MethodEntry) -> str | None:
    """Returns the method to use instead of this one, if there is one."""
    return entry.deprecated or OLDER.get(entry.path)


def _pages(entries: Sequence[MethodEntry]) -> Iterator[Page]:
    paths = [entry.path for entry in entries]
    for entry in entries:
        group = entry.path.rpartition(".")[0]
        near = [path for path in paths if path != entry.path and path.rpartition(".")[0] == group]
        newer = replacement(entry)
        yield Page(
            kind="method",
            name=entry.path,
            title=f"client.{entry.path}",
            summary=entry.summary,
            words=_words(entry.path),
            aliases=tuple(_aliases(entry, paths)),
            related=tuple(near),
            successor=newer or "",
            text=_text(entry),
        )


def _text(entry: MethodEntry) -> str:
    parts = _SECTION.split(entry.doc)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    newer = replacement(entry)
    lines = [f"Older: use client.{newer} instead.\n"] if newer else []
    lines += [
        f"```python\n{entry.signature}\n# e.g.\n{entry.example}\n```",
        f"```javascript\n{entry.js_signature}\n// e.g.\n{entry.js_example}\n```",
        "",
    ]
    paragraphs = [_flat(paragraph) for paragraph in parts[0].partition("\n")[2].split("\n\n")]
    lines += [line for paragraph in paragraphs if paragraph for line in (paragraph, "")]
    if entry.parameters:
        lines += ["Arguments:", *(_argument(parameter) for parameter in entry.parameters), ""]
    lines += [f"Returns: {_flat(told.get('Returns', ''))}", ""]
    failures = _ENTRY.split(told.get("Raises", ""))
    raised = [f"- {name}: {_flat(text)}" for name, text in zip(failures[1::2], failures[2::2], strict=True)]
    lines += ["Errors:", *raised, ""] if raised else []
    lines += [f"HTTP: {entry.http}"] if entry.http else []
    return "\n".join(lines).strip()


def _words(path: str) -> str:
    """Returns what agents call a method, such as `list projects`."""
    group, _, verb = path.rpartition(".")
    return f"{verb.replace('_', ' ')} {group.rpartition('.')[2].replace('_', ' ')} {SAID.get(path, '')}".strip()


def _aliases(entry: MethodEntry, paths: Sequence[str]) -> Iterator[str]:
    """Yields other spellings, and the bare verb of several words that only this method has."""
    if entry.camel_path != entry.path:
        yield entry.camel_path
    verb = entry.path.rpartition(".")[2]
    if "_" in verb and [path.rpartition(".")[2] for path in paths].count(verb) == 1:
        yield from (verb, entry.camel_path.rpartition(".")[2])


def _argument(parameter: ParameterEntry) -> str:
    needed = " (required)" if parameter.required else ""
    return f"- {parameter.name}{needed}: {parameter.doc}"


def _flat(text: str) -> str:
    return " ".join(text.split())

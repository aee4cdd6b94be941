"""The method table: every call by name, read off the resource classes and their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_type_hints

from pydantic import JsonValue

from flora_mcp.flora.errors import InvalidArgumentError, MissingArgumentError, UnknownArgumentError, UnknownMethodError
from flora_mcp.flora.examples import Argument, javascript_example, python_example
from flora_mcp.flora.operations import MARK, Operation, hints_of, operation_of, parameters_of
from flora_mcp.flora.resources import Resource, Resources
from flora_mcp.flora.signatures import camel, python_type, snake, typescript_type

SECTION = re.compile(r"^(Args|Returns|Raises|Source):", re.MULTILINE)
ENTRY = re.compile(r"^    (\w+): ", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class ParameterEntry:
    """One argument of a method."""

    name: str
    annotation: str
    """As Python source, such as `str | None`."""
    js_annotation: str
    required: bool
    default: JsonValue
    """Of an argument that is not required."""
    positional: bool
    """It may stand without its name."""
    doc: str


@dataclass(frozen=True, kw_only=True)
class MethodEntry:
    """One method as callers, the documentation and error messages know it."""

    path: str
    """Such as `projects.list_nodes`."""
    camel_path: str
    """Such as `projects.listNodes`."""
    parameters: tuple[ParameterEntry, ...]
    returns: str
    """The answer's shape by its name in `flora_mcp.flora.types`; of a paged method that of one item."""
    paged: bool
    paid: bool
    """It spends credits."""
    writes: bool
    """It changes something at FLORA, or makes something."""
    twin: str | None
    """Another method that does the same."""
    deprecated: str | None
    """The path to use instead."""
    host_only: bool
    """It takes bytes, files or secrets and cannot be called by name."""
    signature: str
    js_signature: str
    example: str
    """A call with every required argument, in Python."""
    js_example: str
    summary: str
    """The first line of the docstring."""
    doc: str
    """The docstring."""
    http: str
    """Such as `POST /generate`; empty when FLORA is not asked."""
    source: str
    """Where the facts come from."""


def find(path: str) -> MethodEntry:
    """Returns the method of a name in either spelling, with or without `client.` in front.

    Raises:
        UnknownMethodError: there is none; the message names the nearest.
    """
    bare = path.removeprefix("client.")
    entry = BY_NAME.get(bare)
    if entry is not None:
        return entry
    asked = snake(bare)
    wanted = [e.path for e in METHODS if not e.deprecated and not e.host_only]
    near = get_close_matches(asked, wanted, n=3, cutoff=0.5)
    group = [path for path in wanted if path.rpartition(".")[0] == asked.rpartition(".")[0]]
    # A real group with a wrong verb is a likelier slip than the right verb in another group.
    suggestions = ([path for path in near if path in group] or group) + [path for path in near if path not in group]
    suggestions = suggestions or wanted
    listed = ", ".join(f"client.{name}" for name in suggestions)
    raise UnknownMethodError(f"client has no method {bare!r}. Did you mean: {listed}?", suggestions=suggestions)


def named(entry: MethodEntry, arguments: Mapping[str, object]) -> dict[str, object]:
    """Returns the arguments under their Python names.

    Raises:
        UnknownArgumentError: the method has no argument of that name.
        MissingArgumentError: a required argument is absent.
        InvalidArgumentError: one argument is given in both spellings.
    """
    known = [parameter.name for parameter in entry.parameters]
    given: dict[str, object] = {}
    for spelled, value in arguments.items():
        name = spelled if spelled in known else snake(spelled)
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            guess = f"Did you mean {near[0]!r}? " if near else ""
            raise UnknownArgumentError(
                f"client.{entry.path} has no argument {spelled!r}. {guess}It is called as: {entry.signature}",
                argument=spelled,
                suggestions=near,
            )
        if name in given:
            raise InvalidArgumentError(f"{name} is given twice, also as {spelled!r}. Give it once.", argument=name)
        given[name] = value
    missing = [p.name for p in entry.parameters if p.required and p.name not in given]
    if missing:
        raise MissingArgumentError(
            f"client.{entry.path} needs {', '.join(missing)}. It is called as: {entry.signature}",
            argument=missing[0],
        )
    return given


def _walk(group: type, prefix: str) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yields every marked method of a group and of the groups that its annotations name."""
    for name, member in vars(group).items():
        if hasattr(member, MARK):
            yield prefix + name, member
    for name, kind in get_type_hints(group).items():
        if isinstance(kind, type) and issubclass(kind, Resource):
            yield from _walk(kind, f"{prefix}{name}.")


def _entry(path: str, method: Callable[..., object]) -> MethodEntry:
    operation = operation_of(method)
    doc = inspect.cleandoc(method.__doc__ or "")
    sections = _sections(doc)
    told = _arguments_told(sections.get("Args", ""))
    hints = hints_of(method)
    parameters = tuple(_parameter(p, hints[p.name], told.get(p.name, "")) for p in parameters_of(method))
    examples = [
        Argument(
            name=p.name,
            js_name=_js_name(p.name, operation),
            hint=hints[p.name],
            required=p.required,
            positional=p.positional,
        )
        for p in parameters
    ]
    returned = hints["return"]
    paged = operation.items is not None
    return MethodEntry(
        path=path,
        camel_path=camel(path),
        parameters=parameters,
        returns=python_type(returned).removeprefix("Page[").removesuffix("]") if paged else python_type(returned),
        paged=paged,
        paid=operation.paid,
        writes=operation.writes,
        twin=operation.twin or operation.deprecated,
        deprecated=operation.deprecated,
        host_only=operation.host_only,
        signature=f"client.{path}({_python_parameters(parameters)}) -> {python_type(returned)}",
        js_signature=_javascript(path, parameters, typescript_type(returned), operation),
        example=python_example(path, examples, awaited=bool(operation.verb)),
        js_example=javascript_example(camel(path), examples),
        summary=doc.partition("\n")[0],
        doc=doc,
        http=f"{operation.verb} {operation.path}".strip(),
        source=sections.get("Source", "").strip(),
    )


def _parameter(parameter: inspect.Parameter, hint: Any, doc: str) -> ParameterEntry:
    required = parameter.default is inspect.Parameter.empty
    return ParameterEntry(
        name=parameter.name,
        annotation=python_type(hint),
        js_annotation=typescript_type(hint),
        required=required,
        default=None if required else parameter.default,
        positional=parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD,
        doc=doc,
    )


def _sections(doc: str) -> dict[str, str]:
    """Returns the docstring's Google sections by name, each with its text."""
    parts = SECTION.split(doc)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _arguments_told(section: str) -> dict[str, str]:
    parts = ENTRY.split(section)
    return {name: " ".join(text.split()) for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _python_parameters(parameters: tuple[ParameterEntry, ...]) -> str:
    written = []
    for place, parameter in enumerate(parameters):
        if not parameter.positional and (place == 0 or parameters[place - 1].positional):
            written.append("*")
        default = "" if parameter.required else f" = {parameter.default!r}"
        written.append(f"{parameter.name}: {parameter.annotation}{default}")
    return ", ".join(written)


def _javascript(path: str, parameters: tuple[ParameterEntry, ...], returned: str, operation: Operation) -> str:
    written = [f"{camel(p.name)}: {p.js_annotation}" for p in parameters if p.positional]
    options = [p for p in parameters if not p.positional]
    if options:
        fields = ", ".join(
            f"{_js_name(p.name, operation)}{'' if p.required else '?'}: {p.js_annotation}" for p in options
        )
        mark = "" if any(p.required for p in options) else "?"
        written.append(f"options{mark}: {{ {fields} }}")
    answer = returned if operation.items is not None else f"Promise<{returned}>"
    return f"client.{camel(path)}({', '.join(written)}): {answer}"


def _js_name(name: str, operation: Operation) -> str:
    """Returns an option as the SDK spells it: in camelCase what goes into the path, else as the wire does."""
    return camel(name) if f"{{{name}}}" in operation.path else name


METHODS: tuple[MethodEntry, ...] = tuple(_entry(path, method) for path, method in _walk(Resources, ""))
"""Every method, grouped as the resources are."""

BY_NAME: Mapping[str, MethodEntry] = {name: entry for entry in METHODS for name in (entry.path, entry.camel_path)}

PATHS: Mapping[Callable[..., object], str] = {method: path for path, method in _walk(Resources, "")}
"""The path of each method of a resource class."""

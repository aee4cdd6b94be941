"""From an agent's text to code: fences, imports and exports, types, and the function that the whole program becomes."""

from collections.abc import Iterator
from typing import NamedTuple

from code_sandbox._javascript.engine import Engine
from code_sandbox._javascript.syntax import (
    FUNCTIONS,
    Node,
    Source,
    declared_functions,
    parameters_of,
)
from code_sandbox._javascript.typescript import erased
from code_sandbox._worker.fences import starts_fenced, without_fences

ENTRIES = ("run", "main")
DEFAULT = "$default$"
BINDING = (*FUNCTIONS, "variable_declarator", "export_specifier")
HEAD = "(async function ($enter$, $keep$) {"
TAIL = "\n})"


class Entry(NamedTuple):
    """The function that a program defines and leaves to us to call."""

    name: str
    parameters: tuple[str, ...]
    """Names; "{}" for a parameter that is taken apart."""
    function: Node


class Program(NamedTuple):
    """A program that has been read."""

    source: Source
    entry: Entry | None

    def codes(self) -> Iterator[str]:
        """Yields expressions of the function that runs the program: as it is, then without its types.

        What is JavaScript already must not be touched: `a < b > (c)` means something else in TypeScript.
        """
        edits = list(_edits(self.source, self.entry))
        tail = ""
        if self.entry is not None:
            names = ", ".join(f'"{name}"' for name in self.entry.parameters)
            tail = f"\nreturn $enter$({self.entry.name}, [{names}]);"
        yield f"{HEAD}{_edited(self.source.bytes, edits)}{tail}{TAIL}"
        bare = erased(self.source)
        if bare != self.source.bytes:
            yield f"{HEAD}{_edited(bare, edits)}{tail}{TAIL}"


def read(text: str, *, engine: Engine, max_nodes: int) -> Program:
    """Returns the program in a text.

    Raises:
        LimitReached: It has too many nodes.
    """
    if starts_fenced(text):
        text = without_fences(text)
    source = Source(text, engine=engine, max_nodes=max_nodes)
    if source.root.has_error:
        bare = without_fences(text)
        other = Source(bare, engine=engine, max_nodes=max_nodes) if bare != text else source
        source = source if other.root.has_error else other
    return Program(source, _entry(source))


def _entry(source: Source) -> Entry | None:
    functions: dict[str, Node] = {}
    default: str | None = None
    for statement in source.statements:
        inner = statement
        if statement.type == "export_statement":
            inner = statement.child_by_field_name("declaration") or statement.child_by_field_name("value")
            if inner is None:
                continue
            if _is_default(statement):
                default = _default_name(source, inner)
                if default == DEFAULT and inner.type in FUNCTIONS:
                    functions[DEFAULT] = inner
        functions |= dict(declared_functions(source, inner))
    for name in (default, *ENTRIES):
        if name in functions and (name == default or not _is_read(source, name)):
            parameters = tuple(_parameter_name(source, each) for each in parameters_of(functions[name]))
            return Entry(name, parameters, functions[name])
    return None


def _default_name(source: Source, inner: Node) -> str:
    """Returns the name of what is exported by default: its own, or one that is given to it."""
    if inner.type == "identifier":
        return source.text(inner)
    name = inner.child_by_field_name("name")
    return source.text(name) if name is not None and inner.type.endswith("_declaration") else DEFAULT


def _is_default(statement: Node) -> bool:
    return any(child.type == "default" for child in statement.children)


def _parameter_name(source: Source, pattern: Node) -> str:
    return source.text(pattern) if pattern.type == "identifier" else "{}"


def _is_read(source: Source, name: str) -> bool:
    """Tells whether a name occurs elsewhere than where it is bound: then the program itself calls it."""
    for node in source.names.get(name, ()):
        parent = node.parent
        if parent is None or parent.type not in BINDING or parent.child_by_field_name("name") != node:
            return True
    return False


def _edits(source: Source, entry: Entry | None) -> Iterator[tuple[int, int, str]]:
    """Yields what is replaced at the top level: from, to, by what. Never a line end."""
    statements = source.statements
    for child in source.root.children:
        if child.type == "hash_bang_line":
            yield child.start_byte, child.end_byte, ""
    for statement in statements:
        if statement.type == "import_statement":
            yield from _removed(source, statement.start_byte, statement.end_byte)
        elif statement.type == "export_statement":
            yield from _exported(source, statement)
        elif statement.type == "expression_statement":
            expression = next((each for each in statement.named_children if each.type != "comment"), None)
            if expression is None or expression.type == "internal_module":
                continue
            if statement == statements[-1] and entry is None:
                yield expression.start_byte, expression.start_byte, "return ("
                yield expression.end_byte, expression.end_byte, ")"
            elif expression.type == "call_expression":
                yield expression.start_byte, expression.start_byte, ";$keep$("
                yield expression.end_byte, expression.end_byte, ")"


def _exported(source: Source, statement: Node) -> Iterator[tuple[int, int, str]]:
    inner = statement.child_by_field_name("declaration") or statement.child_by_field_name("value")
    if inner is None:
        yield from _removed(source, statement.start_byte, statement.end_byte)
    elif not _is_default(statement):
        yield from _removed(source, statement.start_byte, inner.start_byte)
    elif _default_name(source, inner) == DEFAULT:
        yield from _removed(source, statement.start_byte, inner.start_byte, f"const {DEFAULT} = ")
    else:
        yield from _removed(source, statement.start_byte, inner.start_byte)


def _removed(source: Source, start: int, end: int, instead: str = "") -> Iterator[tuple[int, int, str]]:
    """Yields the removal of a stretch that keeps its line ends."""
    gone = source.bytes[start:end].decode("utf-8", "replace")
    yield start, end, ";" + "\n" * gone.count("\n") + instead


def _edited(text: bytes, edits: list[tuple[int, int, str]]) -> str:
    parts = []
    place = 0
    for start, end, instead in sorted(edits, key=lambda edit: edit[:2]):
        parts.append(text[place:start].decode("utf-8", "replace"))
        parts.append(instead)
        place = end
    parts.append(text[place:].decode("utf-8", "replace"))
    return "".join(parts)

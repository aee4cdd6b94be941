"""The syntax tree of a program in JavaScript or TypeScript, and walks over it."""

from collections.abc import Iterator
from typing import Any

from code_sandbox._javascript.engine import Engine
from code_sandbox._worker.stop import LimitReached

Node = Any
"""A node of tree-sitter, whose package is optional."""

TOKENS_PER_NODE = 3
"""The tree counts brackets and commas too: this many nodes of it make one of those that the limit speaks of."""

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "function_expression",
        "generator_function_declaration",
        "generator_function",
        "arrow_function",
    }
)


class Source:
    """A program's text with its tree. Places are bytes, as the parser counts them."""

    def __init__(self, text: str, *, engine: Engine, max_nodes: int) -> None:
        """Parses a text.

        Raises:
            LimitReached: It has too many nodes.
        """
        self.bytes = text.encode("utf-8")
        # Keeps the tree alive: its nodes do not.
        self._tree = engine.tree_sitter.Parser(engine.grammar).parse(self.bytes)
        self.root: Node = self._tree.root_node
        if self.root.descendant_count > max_nodes * TOKENS_PER_NODE:
            raise LimitReached("program_nodes")
        self.nodes: dict[str, list[Node]] = {}
        """All nodes by their type, in the order of the text."""
        for node in walk(self.root):
            self.nodes.setdefault(node.type, []).append(node)
        self.names: dict[str, list[Node]] = {}
        """All identifiers by what they are called."""
        for node in (*self.each("identifier"), *self.each("shorthand_property_identifier_pattern")):
            self.names.setdefault(self.text(node), []).append(node)

    def each(self, *types: str) -> list[Node]:
        """Returns the nodes of some types."""
        return [node for kind in types for node in self.nodes.get(kind, ())]

    def text(self, node: Node) -> str:
        """Returns the text of a node."""
        return self.bytes[node.start_byte : node.end_byte].decode("utf-8", "replace")

    @property
    def statements(self) -> list[Node]:
        """The statements of the top level."""
        return [each for each in self.root.named_children if each.type not in ("comment", "hash_bang_line")]


def line_of(node: Node) -> int:
    """Returns the line that a node begins in, from 1 on."""
    row: int = node.start_point[0]
    return row + 1


def walk(node: Node) -> Iterator[Node]:
    """Yields a node and all inside it, parents first. Does not recurse: programs nest as deeply as they like."""
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        pending.extend(reversed(each.children))


def declared_functions(source: Source, statement: Node) -> Iterator[tuple[str, Node]]:
    """Yields the functions that a statement binds to names, with the names."""
    if statement.type in FUNCTIONS:
        name = statement.child_by_field_name("name")
        if name is not None:
            yield source.text(name), statement
    elif statement.type in ("lexical_declaration", "variable_declaration"):
        for declarator in statement.named_children:
            name, value = (declarator.child_by_field_name(field) for field in ("name", "value"))
            if name is not None and value is not None and value.type in FUNCTIONS:
                yield source.text(name), value


def parameters_of(function: Node) -> list[Node]:
    """Returns the patterns of a function's parameters, without types and defaults."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    listed = function.child_by_field_name("parameters")
    if listed is None:
        return []
    patterns = [each.child_by_field_name("pattern") or each for each in listed.named_children if each.type != "comment"]
    return [each for each in patterns if each.type != "this"]

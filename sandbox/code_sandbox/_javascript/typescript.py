"""Takes the types out of TypeScript. Blanks take their place, so that every line stays where it was."""

from collections.abc import Iterator

from code_sandbox._javascript.syntax import Node, Source, line_of
from code_sandbox._worker.problems import Problem

ERASED = frozenset(
    {
        "type_annotation",
        "type_predicate_annotation",
        "asserts_annotation",
        "type_parameters",
        "type_arguments",
        "implements_clause",
        "accessibility_modifier",
        "override_modifier",
    }
)
"""Nodes that are types and nothing else."""

ERASED_STATEMENTS = frozenset(
    {
        "interface_declaration",
        "type_alias_declaration",
        "ambient_declaration",
        "function_signature",
        "abstract_method_signature",
        "method_signature",
        "index_signature",
    }
)
"""A semicolon takes their place: without it, the lines before and after could become one."""

MARKS = {
    "?": ("optional_parameter", "public_field_definition", "method_definition"),
    "!": ("public_field_definition", "variable_declarator", "non_null_expression"),
    "readonly": ("public_field_definition",),
    "abstract": ("abstract_class_declaration",),
    "declare": ("public_field_definition",),
}
"""Words and signs, and the parents under which they belong to a type."""

REFUSED = {
    "enum_declaration": ("an enum", 'Write a constant object: const Color = { Red: "red" }.'),
    "internal_module": ("a namespace", "Write plain functions and constants."),
    "module": ("a module declaration", "Write plain functions and constants."),
    "decorator": ("a decorator", "Call the function instead."),
}
"""What would have to become other code."""

MAY_BE_TYPES = ("import_statement", "export_statement", "public_field_definition")


def refused(source: Source) -> Iterator[Problem]:
    """Yields what cannot be erased."""
    for node in source.each(*REFUSED):
        if node.is_named:
            what, instead = REFUSED[node.type]
            message = f"{what} is not supported: only types are taken out"
            yield Problem(line_of(node), message, instead, kind="SyntaxError")
    for node in source.each("required_parameter"):
        if any(child.type in ("accessibility_modifier", "readonly", "override_modifier") for child in node.children):
            message = "a parameter that declares a field is not supported: only types are taken out"
            yield Problem(line_of(node), message, "Assign it in the constructor: this.x = x.", kind="SyntaxError")


def erased(source: Source) -> bytes:
    """Returns the text with blanks in place of types. What lies inside of what is erased is erased twice."""
    text = bytearray(source.bytes)
    for node in source.each(*ERASED):
        _blank(text, node.start_byte, node.end_byte)
    for node in source.each("as_expression", "satisfies_expression"):
        _blank(text, node.named_children[0].end_byte, node.end_byte)
    for kind, parents in MARKS.items():
        for node in source.each(kind):
            if node.parent is not None and node.parent.type in parents:
                _blank(text, node.start_byte, node.end_byte)
    for node in source.each("this"):
        if node.parent is not None and node.parent.type == "required_parameter":
            following = node.parent.next_sibling
            end = following.end_byte if following is not None and following.type == "," else node.parent.end_byte
            _blank(text, node.start_byte, end)
    for node in source.each(*ERASED_STATEMENTS, *MAY_BE_TYPES):
        if node.type in ERASED_STATEMENTS or is_type_only(node):
            _blank(text, node.start_byte, node.end_byte)
            text[node.start_byte] = ord(";")
    return bytes(text)


def is_type_only(node: Node) -> bool:
    """Tells whether an import, an export or a field exists for types alone."""
    word = "declare" if node.type == "public_field_definition" else "type"
    return any(child.type == word for child in node.children)


def _blank(text: bytearray, start: int, end: int) -> None:
    for place in range(start, end):
        if text[place] not in b"\r\n":
            text[place] = ord(" ")

"""What can be told of a program before it runs: imports, what cannot be erased, unknown paths and arguments."""

from collections.abc import Iterator

from code_sandbox._javascript.arguments import takes_options
from code_sandbox._javascript.program import Entry, Program
from code_sandbox._javascript.syntax import Node, Source, line_of, walk
from code_sandbox._javascript.typescript import is_type_only, refused
from code_sandbox._worker.names import listed
from code_sandbox._worker.problems import Problem, problem_of
from code_sandbox._worker.table import Table, complaints, room

OF_FUNCTIONS = frozenset({"apply", "bind", "call", "constructor", "length", "name", "toString"})
OF_OBJECTS = frozenset({"constructor", "hasOwnProperty", "inspect", "then", "toJSON", "toString", "valueOf"})
BINDERS = frozenset(
    {
        "variable_declarator",
        "assignment_expression",
        "function_declaration",
        "class_declaration",
        "for_in_statement",
        "catch_clause",
    }
)
SHOWN = 200
"""Characters of the program in a message."""


def check(program: Program, table: Table) -> list[Problem]:
    """Returns everything that would go wrong, in no order."""
    source = program.source
    return [*refused(source), *_imports(source, table), *_calls(program, table)]


def _imports(source: Source, table: Table) -> Iterator[Problem]:
    injected = f"{listed(table.roots)} are injected: there is nothing to import."
    for node in source.each("import_statement", "export_statement"):
        module = node.child_by_field_name("source")
        if is_type_only(node) or (module is None and node.type == "export_statement"):
            continue
        name = source.text(module) if module is not None else "a module"
        yield Problem(line_of(node), f"importing {name[:SHOWN]} is not possible", f"Delete the import: {injected}")
    for node in source.each("call_expression"):
        function = node.child_by_field_name("function")
        if function is not None and source.text(function) in ("require", "import"):
            yield Problem(line_of(node), f"{source.text(node)[:SHOWN]} is not possible", f"Delete it: {injected}")
    for root in table.roots:
        for node in source.names.get(root, ()):
            declarator = node.parent
            value = declarator.child_by_field_name("value") if declarator is not None else None
            if value is None or value.type != "new_expression" or declarator.type != "variable_declarator":
                continue
            hint = f"Delete the line: {root} is there already, and needs no key."
            yield Problem(line_of(node), f"{source.text(declarator)[:SHOWN]} is not possible", hint)


def _calls(program: Program, table: Table) -> Iterator[Problem]:
    """Yields what is wrong with paths that begin at an injected object, where that name still means it."""
    source, entry = program.source, program.entry
    meant = {root: root for root in table.roots}
    if entry is not None and entry.parameters and table.main_root is not None:
        meant.setdefault(entry.parameters[0], table.main_root)
    for name, root in meant.items():
        nodes = source.names.get(name, ())
        if any(_binds(node, entry) for node in nodes):
            continue
        for node in nodes:
            if node.parent is not None:
                yield from _followed(source, table, node, root)


def _binds(node: Node, entry: Entry | None) -> bool:
    """Tells whether a name is given another meaning at a place. Parameters are taken for what is injected."""
    parent = node.parent
    if node.type == "shorthand_property_identifier_pattern":
        return entry is None or "{}" not in entry.parameters
    if parent is None or parent.type not in BINDERS:
        return False
    return node in [parent.child_by_field_name(field) for field in ("name", "left", "parameter")]


def _followed(source: Source, table: Table, node: Node, path: str) -> Iterator[Problem]:
    """Follows a path through the program, and looks at the call at its end."""
    while (above := node.parent) is not None:
        if above.type == "non_null_expression":
            node = above
            continue
        if above.type != "member_expression" or above.child_by_field_name("object") != node:
            break
        name = source.text(above.child_by_field_name("property"))
        following = table.step(path, name)
        if following is None:
            if name not in (OF_FUNCTIONS if table.method(path) else OF_OBJECTS):
                yield problem_of(table.unknown(path, name, _rest(source, above)), line=line_of(above))
            return
        path, node = following, above
    if above is None or above.type != "call_expression" or above.child_by_field_name("function") != node:
        return
    method = table.method(path)
    if method is None:
        yield problem_of(table.not_callable(path), line=line_of(above))
        return
    given = _given(source, above)
    if given is None:
        return
    count, names, is_whole = given
    if names is not None and takes_options(method, count=count, names=names):
        found = complaints(method, positional=count - 1, names=names, is_complete=is_whole)
    elif names is None and count > room(method):
        found = complaints(method, positional=count - 1, names=[], is_complete=False)
    else:
        found = complaints(method, positional=count, names=[], is_complete=names is not None or not count)
    arguments = above.child_by_field_name("arguments")
    for complaint in found:
        place = _argument_line(source, arguments, complaint.argument)
        yield problem_of(complaint, line=place or line_of(above))


def _rest(source: Source, node: Node) -> list[str]:
    """Returns the names that follow in the program."""
    names: list[str] = []
    while node.parent is not None and node.parent.type == "member_expression" and len(names) < 8:
        node = node.parent
        names.append(source.text(node.child_by_field_name("property")))
    return names


def _given(source: Source, call: Node) -> tuple[int, list[str] | None, bool] | None:
    """Returns how many arguments a call has, the names in the last if it is written out, and whether these are all."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "arguments":
        return None
    listed_arguments = [each for each in arguments.named_children if each.type != "comment"]
    if any(each.type == "spread_element" for each in listed_arguments):
        return None
    if not listed_arguments:
        return 0, None, True
    last = listed_arguments[-1]
    while last.type in ("as_expression", "satisfies_expression", "parenthesized_expression") and last.named_children:
        last = last.named_children[0]
    if last.type != "object":
        return len(listed_arguments), None, False
    names = [_key(source, each) for each in last.named_children if each.type != "comment"]
    return len(listed_arguments), [name for name in names if name is not None], None not in names


def _key(source: Source, member: Node) -> str | None:
    """Returns the name of a member of an object, or None if it is computed or a spread."""
    if member.type == "shorthand_property_identifier":
        return source.text(member)
    key = member.child_by_field_name("key") or member.child_by_field_name("name")
    if key is None:
        return None
    if key.type == "property_identifier":
        return source.text(key)
    return source.text(key)[1:-1] if key.type == "string" else None


def _argument_line(source: Source, arguments: Node, name: object) -> int | None:
    for node in walk(arguments):
        if node.type in ("pair", "shorthand_property_identifier") and _key(source, node) == name:
            return line_of(node)
    return None

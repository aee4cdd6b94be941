"""From an agent's text to code: fences, syntax, policy, and the function that the whole program becomes."""

import ast
import re
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

from code_sandbox._python.policy import Policy, TooManyNodesError
from code_sandbox._worker.stop import LimitReached

FILENAME = "<program>"
BODY = "_program_"
ENTRIES = ("run", "main")
FENCE = re.compile(r"\s*(?:```|~~~)")
PROGRAM_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class PolicyError(Exception):
    """What the language policy refuses, with the line of each place."""

    def __init__(self, violations: list[tuple[int, str]]) -> None:
        self.violations = sorted(set(violations))
        super().__init__("; ".join(f"line {line}: {text}" for line, text in self.violations))


class Program(NamedTuple):
    """A compiled program."""

    code: CodeType
    """Defines the function `BODY`."""
    entry: str | None
    """`run` or `main`, if the program defines it and does not call it."""
    imported: frozenset[str]
    used: frozenset[str]
    """Names that are read."""
    bound: frozenset[str]
    """Names that the top level binds."""


def compile_program(text: str, *, roots: frozenset[str], max_nodes: int) -> Program:
    """Returns the program's code.

    Args:
        text: The program as it was sent.
        roots: Names of the injected objects.
        max_nodes: Bound of the syntax tree.

    Raises:
        SyntaxError: It is not Python.
        PolicyError: The language policy refuses something.
        LimitReached: It has too many nodes.
    """
    tree = _parse(text)
    bound = frozenset(_bound_names(tree.body))
    entry = _entry(tree)
    _return_last_value(tree.body)
    policy = Policy(roots=roots, max_nodes=max_nodes)
    try:
        policy.visit(tree)
    except TooManyNodesError:
        raise LimitReached("program_nodes") from None
    if policy.violations:
        raise PolicyError(policy.violations)
    wrapped = ast.parse(f"async def {BODY}(): pass")
    function = wrapped.body[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    # As in a module, functions of the program share the names of its top level.
    declared: list[ast.stmt] = [ast.Global(sorted(bound))] if bound else []
    function.body = [*declared, *tree.body] or [ast.Pass()]
    code = compile(ast.fix_missing_locations(wrapped), FILENAME, "exec", dont_inherit=True)
    return Program(code, entry, frozenset(policy.imported), frozenset(policy.used_names), bound)


def _parse(text: str) -> ast.Module:
    if "\0" in text:
        raise SyntaxError("the program contains a NUL character", (FILENAME, 1, 1, ""))
    fenced = _without_fences(text) if any(FENCE.match(line) for line in text.split("\n")) else text
    if FENCE.match(text):
        text = fenced
    try:
        return ast.parse(text, FILENAME)
    except SyntaxError as error:
        for candidate in (_dedented(text), fenced, _dedented(fenced)):
            if candidate == text:
                continue
            try:
                return ast.parse(candidate, FILENAME)
            except SyntaxError:
                continue
        raise error from None


def _without_fences(text: str) -> str:
    """Blanks the lines outside of Markdown's code fences, so that line numbers stay what they were."""
    inside = False
    lines = []
    for line in text.split("\n"):
        if FENCE.match(line):
            inside = not inside
            lines.append("")
        else:
            lines.append(line if inside else "")
    return "\n".join(lines)


def _dedented(text: str) -> str:
    """Removes the indentation that the first line of code has from all lines that have it."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))


def _return_last_value(statements: list[ast.stmt]) -> None:
    """Makes a last expression the value, also at the end of `if __name__ == "__main__":`."""
    match statements[-1:]:
        case [ast.Expr() as last]:
            statements[-1] = ast.copy_location(ast.Return(last.value), last)
        case [ast.If(test=ast.Compare(left=ast.Name(id="__name__"))) as last]:
            _return_last_value(last.body)


def _entry(tree: ast.Module) -> str | None:
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return next((name for name in ENTRIES if name in functions and name not in read), None)


def _bound_names(statements: list[ast.stmt]) -> Iterator[str]:
    """Yields the names that the top level binds, without those of inner functions, classes and comprehensions."""
    pending: list[ast.AST] = list(statements)
    while pending:
        node = pending.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
                pending += node.decorator_list
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # Its variables are its own, but `:=` inside binds outside.
                walruses = (each for each in ast.walk(node) if isinstance(each, ast.NamedExpr))
                yield from (each.target.id for each in walruses)
                continue
            case ast.Import() | ast.ImportFrom():
                if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                    yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case _:
                pass
        pending += ast.iter_child_nodes(node)

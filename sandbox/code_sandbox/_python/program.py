"""From an agent's text to code: fences, syntax, policy, and the function that the whole program becomes."""

import ast
import sys
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

from code_sandbox._python.check import Surroundings, check
from code_sandbox._python.hints import hint_for
from code_sandbox._python.policy import Policy, TooManyNodesError
from code_sandbox._worker.fences import starts_fenced, without_fences
from code_sandbox._worker.problems import Problem, ProblemsError
from code_sandbox._worker.stop import LimitReached

FILENAME = "<program>"
BODY = "_program_"
ENTRIES = ("run", "main")
Entry = ast.FunctionDef | ast.AsyncFunctionDef

MAX_DEPTH = 1_200
"""Levels of the syntax tree. A sum has one for each of its terms. The compiler, which is written in C, takes twice as
many in less than 1 MiB of its stack."""
FRAMES = 10_000
"""Of Python, while the tree is walked: they take no stack of C."""
LONG_LINE_CHARACTERS = 1_000


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


def compile_program(text: str, *, surroundings: Surroundings, max_nodes: int) -> Program:
    """Returns the program's code.

    Args:
        text: The program as it was sent.
        surroundings: What the program finds.
        max_nodes: Bound of the syntax tree.

    Raises:
        ProblemsError: It is not Python, the language policy refuses something, or something is certain to fail.
        LimitReached: It has too many nodes.
    """
    limit = sys.getrecursionlimit()
    # The passes over the tree go as deep as trees are.
    sys.setrecursionlimit(FRAMES)
    try:
        return _compiled(text, surroundings, max_nodes)
    except RecursionError:
        raise _too_deep(_longest_line(text)) from None
    finally:
        sys.setrecursionlimit(limit)


def _too_deep(line: int | None) -> ProblemsError:
    message = "the program is nested too deeply, or has an expression of too many parts"
    hint = "Split it. A list and sum() or ''.join() take any number of parts."
    return ProblemsError([Problem(line, message, hint, kind="SyntaxError")])


def _longest_line(text: str) -> int | None:
    """Returns which line it must be, when the parser does not say so."""
    lines = text.split("\n")
    longest = max(range(len(lines)), key=lambda index: len(lines[index]))
    return longest + 1 if len(lines[longest]) >= LONG_LINE_CHARACTERS else None


def _compiled(text: str, surroundings: Surroundings, max_nodes: int) -> Program:
    tree, source = _parse(text)
    _measure(tree, max_nodes)
    entry = _entry(tree)
    problems = check(tree, entry=entry, surroundings=surroundings)
    bound = frozenset(_bound_names(tree.body))
    _return_last_value(tree.body)
    policy = Policy(roots=frozenset(surroundings.table.roots), max_nodes=max_nodes)
    try:
        policy.visit(tree)
    except TooManyNodesError:
        raise LimitReached("program_nodes") from None
    problems += (Problem(line, message, kind="PolicyError") for line, message in policy.violations)
    if problems:
        # What the policy leaves of a program with violations is no longer what its author wrote.
        _compile(ast.parse(source, FILENAME).body, bound, problems)
        raise ProblemsError(problems)
    code = _compile(tree.body, bound, problems)
    if code is None:
        raise ProblemsError(problems)
    name = entry.name if entry is not None else None
    return Program(code, name, frozenset(policy.imported), frozenset(policy.used_names), bound)


def _measure(tree: ast.Module, max_nodes: int) -> None:
    """Refuses trees that are too large or too deep for what comes after. Needs no stack itself."""
    nodes_left = max_nodes
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        nodes_left -= len(level)
        if nodes_left < 0:
            raise LimitReached("program_nodes")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise _too_deep(next((node.lineno for node in level if isinstance(node, ast.expr | ast.stmt)), None))


def _compile(body: list[ast.stmt], bound: frozenset[str], problems: list[Problem]) -> CodeType | None:
    """Returns the code of the function that the program becomes, or adds what the compiler refuses."""
    wrapped = ast.parse(f"async def {BODY}(): pass")
    function = wrapped.body[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    # As in a module, functions of the program share the names of its top level.
    declared: list[ast.stmt] = [ast.Global(sorted(bound))] if bound else []
    function.body = [*declared, *body] or [ast.Pass()]
    try:
        return compile(ast.fix_missing_locations(wrapped), FILENAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        # The policy may have refused the same thing already, in other words.
        if error.lineno not in {problem.line for problem in problems if problem.kind == "PolicyError"}:
            problems.append(_syntax_problem(error))
        return None


def _syntax_problem(error: SyntaxError) -> Problem:
    return Problem(error.lineno, error.msg, hint_for(error.msg), kind="SyntaxError")


def _parse(text: str) -> tuple[ast.Module, str]:
    """Returns the tree, and the text that it is the tree of."""
    if "\0" in text:
        raise ProblemsError([Problem(1, "the program contains a NUL character", kind="SyntaxError")])
    fenced = without_fences(text)
    if starts_fenced(text):
        text = fenced
    try:
        return _tree(text), text
    except SyntaxError as error:
        for candidate in (_dedented(text), fenced, _dedented(fenced)):
            if candidate == text:
                continue
            try:
                return _tree(candidate), candidate
            except SyntaxError:
                continue
        raise ProblemsError([_syntax_problem(error)]) from None


def _tree(text: str) -> ast.Module:
    try:
        return ast.parse(text, FILENAME)
    except MemoryError:
        # The parser's own stack is full: a text of bounded length does not need much memory.
        raise RecursionError from None


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


def _entry(tree: ast.Module) -> Entry | None:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return next((functions[name] for name in ENTRIES if name in functions and name not in read), None)


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

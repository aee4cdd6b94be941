"""Finds what is certain to fail, or to say nothing, in a program: all of it at once and before anything is called.

It never guesses: a name that the program gives a meaning of its own, an argument that is only known at run time, or an
error that the program catches by name is left to the run.
"""

import ast
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from code_sandbox._python.calls import in_pages, not_awaited, not_in_pages
from code_sandbox._python.hints import NOT_DEFINED, hint_for
from code_sandbox._python.modules import DECODED, OFFERED
from code_sandbox._python.scopes import ANYTHING, Scope, Site, Survey
from code_sandbox._python.statics import Answer, Calling, Member, Module, Path, Statics
from code_sandbox._worker.problems import COUNTED, Problem, problem_of
from code_sandbox._worker.table import Complaint, Method, Table, complaints, parameter, room

ITERATING = frozenset({"len", "list", "tuple", "set", "sorted", "sum", "min", "max", "enumerate", "reversed", "dict"})
"""Builtins that fail on a call that was not awaited."""
WRITING = frozenset({"print", "str", "repr"})
"""Builtins that write of a call that was not awaited only that it was not: nobody asks for that."""
PLAIN_ITERABLES = frozenset({"range", "list", "tuple", "set", "sorted", "enumerate", "zip", "reversed", "dict", "map"})
REFUSED_BY_POLICY = frozenset({"eval", "exec", "breakpoint", "super"})
PROBES = frozenset({"hasattr", "getattr"})
LIKENESS = 0.75
COMPARED_NAMES = 500

LISTS = (ast.List, ast.ListComp)
LITERALS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)


class Surroundings(NamedTuple):
    """What a program finds."""

    table: Table
    names: frozenset[str]
    """All that are there without being bound."""
    modules: Mapping[str, frozenset[str]]
    """Members by module."""
    refusal: Callable[[str, Iterable[str]], Complaint | None]
    """Tells what is wrong with an import."""


def check(tree: ast.Module, *, entry: ast.AST | None, surroundings: Surroundings) -> list[Problem]:
    """Returns what is certain to fail.

    Args:
        tree: The program as it was parsed.
        entry: The function that is called with the injected objects, if any.
        surroundings: What the program finds.
    """
    survey = Survey(tree)
    table, modules = surroundings.table, surroundings.modules
    statics = Statics(survey, table=table, modules=modules, entry=entry)
    return _Checker(survey, statics, surroundings).problems()


class _Checker:
    def __init__(self, survey: Survey, statics: Statics, surroundings: Surroundings) -> None:
        self._survey = survey
        self._statics = statics
        self._around = surroundings
        self._table = surroundings.table
        self._offered = False
        self._probed = frozenset(_probed(survey.sites))
        self._inner_attributes = {id(site.node.value) for site in survey.sites if isinstance(site.node, ast.Attribute)}

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        for site in self._survey.sites:
            if len(found) >= COUNTED:
                break
            try:
                found += self._problems_at(site)
            except RecursionError:
                # A name that stands for a name, and so on for hundreds of them: where it ends is not certain.
                continue
        return found

    def _problems_at(self, site: Site) -> Iterator[Problem]:
        caught = self._survey.caught_at(site)
        for error, node, complaint in self._complaints(site):
            if error not in caught and not (error == "ImportError" and caught & {"ModuleNotFoundError", ANYTHING}):
                yield problem_of(complaint, line=getattr(node, "lineno", None))

    def _complaints(self, site: Site) -> Iterator[tuple[str, ast.AST, Complaint]]:
        """Yields the exception that the run would raise, the node that is to blame, and what is wrong."""
        node, scope = site.node, site.scope
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from (("ImportError", node, each) for each in self._imports(node))
            case ast.Name(id=name, ctx=ast.Load()):
                yield from (("NameError", node, each) for each in self._name(name, node, scope))
            case ast.Attribute(ctx=ast.Load()) if id(node) not in self._inner_attributes:
                yield from (("AttributeError", node, each) for each in self._attributes(node, scope))
            case ast.Call():
                yield from (("TypeError", place, each) for place, each in self._call(node, scope))
            case ast.Subscript(value=value) | ast.Starred(value=value):
                yield from (("TypeError", value, each) for each in self._unawaited(value, scope))
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield from (("TypeError", test, each) for each in self._unawaited(test, scope))
            case ast.For(iter=iterable) | ast.comprehension(iter=iterable, is_async=0):
                yield from (("TypeError", iterable, each) for each in self._iterated(iterable, scope))
            case ast.AsyncFor(iter=iterable) | ast.comprehension(iter=iterable):
                yield from (("TypeError", iterable, each) for each in self._iterated_async(iterable, scope))
            case ast.Await(value=value):
                yield from (("TypeError", node, each) for each in self._awaited(value, scope))

    def _imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[Complaint]:
        if isinstance(node, ast.Import):
            wanted = [(alias.name, ()) for alias in node.names]
            refused = [self._around.refusal(name, members) for name, members in wanted]
        elif node.level or node.module is None or node.module == "__future__":
            return
        else:
            names = [alias.name for alias in node.names if alias.name != "*" and not alias.name.startswith("_")]
            refused = [self._around.refusal(node.module, names)]
        for complaint in refused:
            if complaint is not None:
                yield self._listing_once(complaint)

    def _listing_once(self, complaint: Complaint) -> Complaint:
        """Leaves out which modules there are, once it was said."""
        if complaint.hint is None or OFFERED not in complaint.hint:
            return complaint
        hint = complaint.hint if not self._offered else complaint.hint.replace(OFFERED, "").rstrip()
        self._offered = True
        return complaint._replace(hint=hint)

    def _name(self, name: str, node: ast.Name, scope: Scope) -> Iterator[Complaint]:
        known = name in self._around.names or name in REFUSED_BY_POLICY or name.startswith("_")
        if known or scope.find(name) is not None:
            return
        message = NOT_DEFINED.format(name)
        if name in self._around.modules:
            yield Complaint(message, f"Write: import {name}")
        else:
            yield Complaint(message, hint_for(message) or self._near(name, scope))

    def _near(self, name: str, scope: Scope) -> str | None:
        names = list(self._around.names)
        inner: Scope | None = scope
        while inner is not None:
            names += list(inner.bindings)[:COMPARED_NAMES]
            inner = inner.parent
        close = difflib.get_close_matches(name[:50], names, n=1, cutoff=LIKENESS)
        return f"Did you mean {close[0]}?" if close else None

    def _attributes(self, node: ast.Attribute, scope: Scope) -> Iterator[Complaint]:
        """Follows a chain of attributes from its beginning until it is wrong or no longer certain."""
        names: list[str] = []
        start: ast.expr = node
        while isinstance(start, ast.Attribute):
            names.insert(0, start.attr)
            start = start.value
        value = self._statics.value(start, scope)
        for index, name in enumerate(names):
            if name.startswith("_"):
                return
            if isinstance(value, Calling):
                yield not_awaited(value.method, name)
                return
            following = self._statics.attribute(value, name)
            if isinstance(value, Path) and following is None:
                if name not in self._probed:
                    yield self._table.unknown(value.path, name, names[index + 1 :])
                return
            if isinstance(value, Module) and isinstance(following, Member):
                yield from self._member(value.name, name)
            value = following

    def _member(self, module: str, name: str) -> Iterator[Complaint]:
        members = self._around.modules[module]
        if name not in members and name not in self._probed:
            yield Complaint(f"module {module!r} has no {name!r} here", f"It has: {', '.join(sorted(members))}.")

    def _call(self, node: ast.Call, scope: Scope) -> Iterator[tuple[ast.AST, Complaint]]:
        called = self._statics.value(node.func, scope)
        if isinstance(called, Path):
            method = self._table.method(called.path)
            if method is None:
                yield node, self._table.not_callable(called.path)
            else:
                yield from self._arguments(node, method)
                for value in (*node.args, *(keyword.value for keyword in node.keywords)):
                    yield from ((value, each) for each in self._unawaited(value, scope))
            return
        first = node.args[0] if node.args else None
        if first is None or isinstance(first, ast.Starred):
            return
        if called == Member("json", "loads"):
            yield from ((node, each) for each in self._loaded(first, scope))
        elif (
            called == Member("asyncio", "gather") and len(node.args) == 1 and isinstance(first, ast.List | ast.ListComp)
        ):
            message = "gather takes the awaitables one by one, not a list"
            yield node, Complaint(message, "Write: await asyncio.gather(*calls).")
        elif called == Member("json", "dumps") or self._statics.is_builtin(node.func, ITERATING, scope):
            yield from ((first, each) for each in self._unawaited(first, scope))
        elif self._statics.is_builtin(node.func, WRITING, scope):
            # A call by its name may be printed to see how it stands; one that is made right there is not.
            for value in (value for value in node.args if isinstance(value, ast.Call)):
                yield from ((value, each) for each in self._unawaited(value, scope))

    def _loaded(self, node: ast.expr, scope: Scope) -> Iterator[Complaint]:
        value = self._statics.value(node, scope)
        if isinstance(value, Calling | Answer):
            yield Complaint(f"json.loads needs text, and {value.method.path} answers with data", DECODED)
        elif isinstance(node, LITERALS):
            yield Complaint("json.loads needs text, and this is data", DECODED)

    def _arguments(self, node: ast.Call, method: Method) -> Iterator[tuple[ast.AST, Complaint]]:
        """Compares the arguments with the table, as far as they are visible."""
        values = list(node.args)
        places: dict[object, ast.AST] = {each.arg: each for each in node.keywords if each.arg is not None}
        names: list[object] = [each.arg for each in node.keywords if each.arg is not None]
        is_complete = len(names) == len(node.keywords)
        if any(isinstance(each, ast.Starred) for each in values):
            values, is_complete = [], False
        elif values and isinstance(values[-1], ast.Dict):
            keys = [each.value if isinstance(each, ast.Constant) else None for each in values[-1].keys]
            visible = [key for key in keys if type(key) is str]
            all_visible = len(keys) == len(visible)
            if len(values) > room(method) or (all_visible and all(parameter(method, key) for key in keys)):
                places |= {key: value for key, value in zip(keys, values[-1].values, strict=True) if key in visible}
                names = [*visible, *names]
                is_complete = is_complete and all_visible
                values = values[:-1]
            elif not all_visible:
                values, is_complete = values[:-1], False
        elif values and not isinstance(values[-1], ast.Constant | ast.JoinedStr):
            # It may be a dict of arguments, or the value of a parameter.
            values, is_complete = values[:-1], False
        found = complaints(method, positional=len(values), names=names, is_complete=is_complete)
        yield from ((places.get(each.argument, node), each) for each in found)

    def _unawaited(self, node: ast.expr, scope: Scope) -> Iterator[Complaint]:
        value = self._statics.value(node, scope)
        if isinstance(value, Calling):
            yield not_awaited(value.method)

    def _iterated(self, node: ast.expr, scope: Scope) -> Iterator[Complaint]:
        value = self._statics.value(node, scope)
        if isinstance(value, Calling):
            yield in_pages(value.method) if value.method.paged else not_awaited(value.method)
        elif isinstance(value, Path):
            yield self._uncalled(value, "for")

    def _iterated_async(self, node: ast.expr, scope: Scope) -> Iterator[Complaint]:
        value = self._statics.value(node, scope)
        if isinstance(value, Calling | Answer) and not value.method.paged:
            yield not_in_pages(value.method)
        elif isinstance(value, Path):
            yield self._uncalled(value, "async for")
        elif isinstance(node, LITERALS):
            yield Complaint("`async for` does not work on data that is already there", "Use a plain `for`.")
        elif isinstance(node, ast.Call) and self._statics.is_builtin(node.func, PLAIN_ITERABLES, scope):
            assert isinstance(node.func, ast.Name)
            yield Complaint(f"`async for` does not work on {node.func.id}(...)", "Use a plain `for`.")

    def _awaited(self, node: ast.expr, scope: Scope) -> Iterator[Complaint]:
        value = self._statics.value(node, scope)
        if isinstance(value, Path):
            yield self._uncalled(value, "await")
        elif isinstance(value, Answer):
            yield Complaint(f"the answer of {value.method.path} was already awaited", "Remove one `await`.")

    def _uncalled(self, value: Path, word: str) -> Complaint:
        method = self._table.method(value.path)
        if method is None:
            return self._table.not_callable(value.path)._replace(message=f"`{word}` does not work on {value.path}")
        signature = method.signature or None
        return Complaint(f"{value.path} is not called", f"Write: {word} {value.path}(...)", signature)


def _probed(sites: Iterable[Site]) -> Iterator[str]:
    """Yields names that the program asks for before it uses them."""
    for site in sites:
        match site.node:
            case ast.Call(func=ast.Name(id=name), args=[_, ast.Constant(value=str(asked)), *_]) if name in PROBES:
                yield asked
            case ast.Compare(left=ast.Constant(value=str(asked)), ops=[ast.In() | ast.NotIn(), *_]):
                yield asked

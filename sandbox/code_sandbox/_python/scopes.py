"""Who binds which name where: the scopes of a program, by the rules of the compiler."""

import ast
from collections.abc import Iterable
from typing import Literal, NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
ANYTHING = "Exception"
"""Stands for all exceptions among the names that are caught."""


class Binding(NamedTuple):
    """One place that gives a name its meaning."""

    how: Literal["value", "import", "function", "parameter", "other"]
    node: ast.AST
    """The value, the import statement, or the function."""
    scope: "Scope"
    """In which the value is evaluated."""


class Scope:
    """The names of a program's top level, of a function, a class or a comprehension."""

    def __init__(self, node: ast.AST | None, parent: "Scope | None") -> None:
        self.node = node
        self.parent = parent
        self.top: Scope = parent.top if parent is not None else self
        self.bindings: dict[str, list[Binding]] = {}
        self.elsewhere: dict[str, Literal["global", "nonlocal"]] = {}
        """Names that were declared to be bound further out."""

    def bind(self, name: str, binding: Binding) -> None:
        """Notes a binding, where the scope's declarations say it belongs."""
        match self.elsewhere.get(name):
            case "global":
                self.top.bindings.setdefault(name, []).append(binding)
            case "nonlocal":
                # Whose it is may be known only further down: the name is taken as bound in all of them.
                scope = self.parent
                while scope is not None:
                    scope.bindings.setdefault(name, []).append(binding)
                    scope = scope.parent
            case _:
                self.bindings.setdefault(name, []).append(binding)

    def find(self, name: str) -> list[Binding] | None:
        """Returns the bindings of a name as it is read here; None if the program has none."""
        if name in self.bindings:
            return self.bindings[name]
        if self.elsewhere.get(name) == "global":
            return self.top.bindings.get(name)
        owner = self._enclosing(name)
        return owner.bindings[name] if owner is not None else None

    def _enclosing(self, name: str) -> "Scope | None":
        scope = self.parent
        while scope is not None:
            # A class is no scope for what is defined in it.
            if name in scope.bindings and not isinstance(scope.node, ast.ClassDef):
                return scope
            if scope.elsewhere.get(name) == "global":
                return scope.top if name in scope.top.bindings else None
            scope = scope.parent
        return None


class Site(NamedTuple):
    """One node where it stands."""

    node: ast.AST
    scope: Scope
    caught: frozenset[str]
    """Exceptions that are caught around it by name; `Exception` also for those that are caught without one."""


class Survey:
    """All nodes of a program in the order of the text, each with its scope."""

    def __init__(self, tree: ast.Module) -> None:
        self.top = Scope(None, None)
        self.sites: list[Site] = []
        self._caught: frozenset[str] = frozenset()
        self._all_caught: set[str] = set()
        # Declarations hold for their whole scope, also for what stands before them, so they are read first.
        self._open(self.top, tree.body)
        self._walk_all(tree.body, self.top)

    def caught_at(self, site: Site) -> frozenset[str]:
        """Returns what is caught around a site; in a function, also around calls of it that may be anywhere."""
        scope: Scope | None = site.scope
        while scope is not None:
            if isinstance(scope.node, FUNCTIONS):
                return site.caught | (self._all_caught - {ANYTHING})
            scope = scope.parent
        return site.caught

    def _open(self, scope: Scope, body: Iterable[ast.AST]) -> None:
        """Reads a scope's `global` and `nonlocal`."""
        pending = list(body)
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Global | ast.Nonlocal):
                kind: Literal["global", "nonlocal"] = "global" if isinstance(node, ast.Global) else "nonlocal"
                scope.elsewhere.update(dict.fromkeys(node.names, kind))
            elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case) and not isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                pending += ast.iter_child_nodes(node)

    def _walk_all(self, nodes: Iterable[ast.AST | None], scope: Scope) -> None:
        for node in nodes:
            if node is not None:
                self._walk(node, scope)

    def _walk(self, node: ast.AST, scope: Scope) -> None:
        self.sites.append(Site(node, scope, self._caught))
        for each in getattr(node, "type_params", ()):
            # The policy refuses it, which is all that is wrong with its name.
            scope.bind(each.name, Binding("other", each, scope))
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._function(node, scope)
            case ast.ClassDef():
                scope.bind(node.name, Binding("other", node, scope))
                self._walk_all([*node.decorator_list, *node.bases, *node.keywords], scope)
                inner = Scope(node, scope)
                self._open(inner, node.body)
                self._walk_all(node.body, inner)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scope)
            case ast.Try() | ast.TryStar():
                self._try(node, scope)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                scope.bind(name, Binding("value", value, scope))
                self._walk(value, scope)
            case ast.AnnAssign():
                self._annotated(node, scope)
            case ast.NamedExpr():
                outside = scope
                while isinstance(outside.node, COMPREHENSIONS) and outside.parent is not None:
                    outside = outside.parent
                outside.bind(node.target.id, Binding("value", node.value, scope))
                self._walk(node.value, scope)
            case ast.ExceptHandler():
                # The classes are looked at only if something is raised.
                self._bind_others(node, scope)
                self._walk_all(node.body, scope)
            case _:
                self._bind_others(node, scope)
                self._walk_all(ast.iter_child_nodes(node), scope)

    def _bind_others(self, node: ast.AST, scope: Scope) -> None:
        other = Binding("other", node, scope)
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                scope.bind(name, other)
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    scope.bind((alias.asname or alias.name).split(".")[0], Binding("import", node, scope))
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                scope.bind(name, other)
            case ast.MatchMapping(rest=str(name)):
                scope.bind(name, other)
            case _:
                pass

    def _function(self, node: Function, scope: Scope) -> None:
        arguments = node.args
        inner = Scope(node, scope)
        if not isinstance(node, ast.Lambda):
            scope.bind(node.name, Binding("function", node, scope))
            self._walk_all(node.decorator_list, scope)
            self._open(inner, node.body)
        self._walk_all([*arguments.defaults, *arguments.kw_defaults], scope)
        extra = [arguments.vararg, arguments.kwarg]
        for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            inner.bind(each.arg, Binding("parameter", node, scope))
        for each in [each for each in extra if each is not None]:
            inner.bind(each.arg, Binding("other", node, scope))
        self._walk_all([node.body] if isinstance(node, ast.Lambda) else node.body, inner)

    def _comprehension(self, node: Comprehension, scope: Scope) -> None:
        inner = Scope(node, scope)
        for index, generator in enumerate(node.generators):
            # The first iterable is evaluated outside.
            where = inner if index else scope
            self.sites.append(Site(generator, where, self._caught))
            self._walk(generator.iter, where)
            self._walk(generator.target, inner)
            self._walk_all(generator.ifs, inner)
        self._walk_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt], inner)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        """The annotation is not evaluated, and without a value nothing is bound."""
        if isinstance(node.target, ast.Name):
            how = Binding("value", node.value, scope) if node.value is not None else Binding("other", node, scope)
            scope.bind(node.target.id, how)
        else:
            self._walk(node.target, scope)
        self._walk_all([node.value], scope)

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope) -> None:
        caught = frozenset(name for handler in node.handlers for name in _caught_by(handler))
        outer, self._caught = self._caught, self._caught | caught
        self._all_caught |= caught
        self._walk_all(node.body, scope)
        self._caught = outer
        self._walk_all([*node.handlers, *node.orelse, *node.finalbody], scope)


def _caught_by(handler: ast.ExceptHandler) -> Iterable[str]:
    if handler.type is None:
        return [ANYTHING]
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    # What is caught by a name that is no plain one may be anything.
    return [kind.id if isinstance(kind, ast.Name) else ANYTHING for kind in kinds]

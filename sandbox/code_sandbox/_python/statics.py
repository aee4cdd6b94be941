"""What an expression is for certain, before the program runs: a path, a call, its answer, or a module."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from code_sandbox._python.scopes import FUNCTIONS, Binding, Function, Scope, Survey
from code_sandbox._worker.table import Method, Table


class Path(NamedTuple):
    """An injected object, a part of it, or a method that is not called."""

    path: str


class Calling(NamedTuple):
    """A call that is not awaited."""

    method: Method


class Answer(NamedTuple):
    """What a call gave."""

    method: Method


class Module(NamedTuple):
    """A module."""

    name: str


class Member(NamedTuple):
    """What a module has under a name."""

    module: str
    name: str


Known = Path | Calling | Answer | Module | Member


class Statics:
    """Evaluates the expressions of one program as far as that is certain."""

    def __init__(
        self, survey: Survey, *, table: Table, modules: Mapping[str, frozenset[str]], entry: ast.AST | None
    ) -> None:
        """Takes the program and what it finds.

        Args:
            survey: The program.
            table: The methods.
            modules: Members by module, of those that are there without an import.
            entry: The function that is called with the injected objects.
        """
        self._table = table
        self._modules = modules
        self._entry = entry
        self._values: dict[tuple[int, int], Known | None] = {}
        self._calls = _calls_of_functions(survey)
        self._parameters: dict[tuple[int, str], Known | None] = {}

    def value(self, node: ast.AST | None, scope: Scope) -> Known | None:
        """Returns what an expression is; None if that is not certain."""
        key = (id(node), id(scope))
        if key not in self._values:
            # What depends on itself is not certain.
            self._values[key] = None
            self._values[key] = self._evaluate(node, scope)
        return self._values[key]

    def _evaluate(self, node: ast.AST | None, scope: Scope) -> Known | None:
        match node:
            case ast.Name(id=name):
                return self._named(name, scope)
            case ast.Attribute(value=owner, attr=name):
                return self.attribute(self.value(owner, scope), name)
            case ast.Call(func=function):
                called = self.value(function, scope)
                method = self._table.method(called.path) if isinstance(called, Path) else None
                return Calling(method) if method is not None else None
            case ast.Await(value=awaited):
                call = self.value(awaited, scope)
                return Answer(call.method) if isinstance(call, Calling) else None
            case ast.NamedExpr(value=inner):
                return self.value(inner, scope)
        return None

    def attribute(self, owner: Known | None, name: str) -> Known | None:
        """Returns what an attribute leads to."""
        if isinstance(owner, Path):
            path = self._table.step(owner.path, name)
            return Path(path) if path is not None else None
        if isinstance(owner, Module):
            inner = f"{owner.name}.{name}"
            return Module(inner) if inner in self._modules else Member(owner.name, name)
        return None

    def is_builtin(self, node: ast.AST, names: frozenset[str], scope: Scope) -> bool:
        """Tells whether an expression is one of these names and the program gives it no meaning of its own."""
        return isinstance(node, ast.Name) and node.id in names and scope.find(node.id) is None

    def _named(self, name: str, scope: Scope) -> Known | None:
        bindings = scope.find(name)
        if bindings is None:
            if name in self._table.roots:
                return Path(name)
            return Module(name) if name in self._modules else None
        if len(bindings) != 1:
            return None
        binding = bindings[0]
        match binding.node:
            case ast.Import() | ast.ImportFrom():
                return self._imported(name, binding.node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() if binding.how == "parameter":
                key = (id(binding.node), name)
                if key not in self._parameters:
                    self._parameters[key] = None
                    self._parameters[key] = self._parameter(name, binding.node)
                return self._parameters[key]
        return self.value(binding.node, binding.scope) if binding.how == "value" else None

    def _imported(self, name: str, node: ast.Import | ast.ImportFrom) -> Known | None:
        """An injected object that is imported is complained about there, and means what it would mean without."""
        module = node.module if isinstance(node, ast.ImportFrom) else None
        for alias in node.names:
            if (alias.asname or alias.name.split(".")[0]) != name:
                continue
            if alias.name in self._table.roots:
                return Path(alias.name)
            if module is not None:
                inner = f"{module}.{alias.name}"
                return Module(inner) if inner in self._modules else Member(module, alias.name)
            plain = alias.name if alias.asname else name
            return Module(plain) if plain in self._modules else None
        return None

    def _parameter(self, name: str, function: Function) -> Known | None:
        arguments = function.args
        places = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        if function is self._entry:
            required = places[: len(places) - len(arguments.defaults)]
            root = name if name in self._table.roots else self._table.main_root
            return Path(root) if name in required and root is not None else None
        place = places.index(name) if name in places else None
        values = {self._argument(call, place, name, scope) for call, scope in self._calls.get(id(function), [])}
        return next(iter(values)) if len(values) == 1 else None

    def _argument(self, call: ast.Call, place: int | None, name: str, scope: Scope) -> Known | None:
        if any(keyword.arg is None for keyword in call.keywords):
            return None
        named = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
        unnamed = call.args[place : place + 1] if place is not None else []
        if any(isinstance(value, ast.Starred) for value in call.args) or not (named or unnamed):
            return None
        value = self.value(named or unnamed[0], scope)
        # A call that is handed on may be awaited anywhere.
        return value if isinstance(value, Path) else None


def _calls_of_functions(survey: Survey) -> dict[int, list[tuple[ast.Call, Scope]]]:
    """Returns all calls of each function that is only ever called, by the identity of its node."""
    calls: dict[int, list[tuple[ast.Call, Scope]]] = {}
    reads: dict[int, int] = {}
    for site in survey.sites:
        match site.node:
            case ast.Call(func=ast.Name(id=name)) as call:
                function = _function(site.scope.find(name))
                if function is not None:
                    calls.setdefault(id(function), []).append((call, site.scope))
            case ast.Name(id=name, ctx=ast.Load()):
                function = _function(site.scope.find(name))
                if function is not None:
                    reads[id(function)] = reads.get(id(function), 0) + 1
    return {key: found for key, found in calls.items() if len(found) == reads.get(key)}


def _function(bindings: list[Binding] | None) -> Function | None:
    """Returns the function if it is the only meaning of a name, nothing wraps it, and it belongs to no class."""
    if bindings is None or len(bindings) != 1 or bindings[0].how not in ("function", "value"):
        return None
    node, scope = bindings[0].node, bindings[0].scope
    if not isinstance(node, FUNCTIONS) or isinstance(scope.node, ast.ClassDef):
        return None
    return node if isinstance(node, ast.Lambda) or not node.decorator_list else None

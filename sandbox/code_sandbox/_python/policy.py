"""The language policy: rewrites a program's syntax tree so that every access goes through a guard.

Runs in the worker. It is one layer; what a program that slips through can do is for the operating system to bound.
"""

import ast
import re
from collections.abc import Iterable
from typing import cast

from RestrictedPython.transformer import (
    INSPECT_ATTRIBUTES,
    IOPERATOR_TO_STR,
    RestrictingNodeTransformer,
    copy_locations,
)

from code_sandbox._python.allowed import (
    METHOD_DUNDERS,
    NODES,
    PATTERN_CLASSES,
    READABLE_DUNDERS,
    WORDS,
)

OWN_NAME = re.compile(r"_|_[A-Za-z0-9](?:\w*[A-Za-z0-9])?")
"""Names with one leading underscore that a program may use: those of the guards end with an underscore."""

RESERVED_NAME = re.compile(r"_tmp[0-9]+|_print")

Positioned = ast.stmt | ast.expr | ast.excepthandler | ast.arg | ast.keyword | ast.alias | ast.pattern
Visited = ast.AST | Iterable[ast.AST] | None


class TooManyNodesError(Exception):
    """The tree is larger than allowed."""


class Policy(RestrictingNodeTransformer):
    """Allows what agents write, asynchronous code included, and collects every violation with its line."""

    def __init__(self, *, roots: frozenset[str], max_nodes: int) -> None:
        """Takes what differs between programs.

        Args:
            roots: Names of the injected objects.
            max_nodes: Nodes above this raise `TooManyNodesError`.
        """
        super().__init__()
        self.violations: list[tuple[int, str]] = []
        self.imported: set[str] = set()
        self._roots = roots
        self._nodes_left = max_nodes
        self._scopes: list[ast.AST] = []

    def visit(self, node: ast.AST) -> Visited:
        self._nodes_left -= 1
        if self._nodes_left < 0:
            raise TooManyNodesError
        kind = type(node).__name__
        if kind not in NODES:
            self.error(node, f"{WORDS.get(kind, kind)} is not allowed")
            return node
        visited: Visited = cast(Visited, super().visit(node))
        return visited

    def error(self, node: ast.AST, info: str) -> None:
        """Records a violation."""
        self.errors.append(info)
        self.violations.append((getattr(node, "lineno", 1), info))

    def check_name(self, node: Positioned, name: str | None, allow_magic_methods: bool = False) -> None:
        """Refuses names that could shadow a guard or give a class a meaning of its own."""
        if name is None or name in ("print", "printed"):
            return
        if allow_magic_methods and name in METHOD_DUNDERS and self._scopes and _is_class(self._scopes[-1]):
            return
        if OWN_NAME.fullmatch(name) and not RESERVED_NAME.fullmatch(name):
            return
        if name.startswith("_"):
            self.error(node, f"{name!r} is not allowed as a name: use one without leading or trailing underscores")
            return
        super().check_name(node, name)

    def visit_Name(self, node: ast.Name) -> Visited:  # noqa: N802
        if node.id == "__name__" and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Constant("__main__"), node)
        if isinstance(node.ctx, ast.Load):
            self.used_names[node.id] = True
        self.check_name(node, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> Visited:  # noqa: N802
        self._check_attribute(node)
        if not isinstance(node.ctx, ast.Load):
            node = self.node_contents_visit(node)
            node.value = _call("_write_", [node.value], node.value)
            return node
        if _is_super(node.value):
            return self._super_attribute(node)
        path = self._path_from_root(node)
        if path is not None:
            root, names = path
            self.used_names[root.id] = True
            return _call("_getpath_", [root, *(ast.Constant(name) for name in names)], node)
        node = self.node_contents_visit(node)
        return _call("_getattr_", [node.value, ast.Constant(node.attr)], node)

    def _check_attribute(self, node: ast.Attribute) -> None:
        name = node.attr
        readable = isinstance(node.ctx, ast.Load) and name in READABLE_DUNDERS
        of_super = _is_super(node.value) and name in METHOD_DUNDERS
        if name.startswith("__") and not readable and not of_super:
            self.error(node, f"the attribute {name!r} is not allowed: names with two leading underscores are closed")
        elif name in INSPECT_ATTRIBUTES or name.endswith("__roles__"):
            self.error(node, f"the attribute {name!r} is not allowed: it belongs to the interpreter")

    def _path_from_root(self, node: ast.Attribute) -> tuple[ast.Name, list[str]] | None:
        """Returns the injected root and the names after it, if the attribute is such a chain.

        Resolving the chain as a whole lets the error of a wrong first name suggest the whole method.
        """
        value: ast.expr = node
        while isinstance(value, ast.Attribute):
            value = value.value
        if not isinstance(value, ast.Name) or value.id not in self._roots:
            return None
        names: list[str] = []
        part: ast.expr = node
        while isinstance(part, ast.Attribute):
            if part is not node:
                self._check_attribute(part)
            names.append(part.attr)
            part = part.value
        return value, names[::-1]

    def _super_attribute(self, node: ast.Attribute) -> ast.AST:
        """`super().x` becomes `_super_(__class__, self, "x")`: the compiler fills the cell `__class__`."""
        functions = [scope for scope in self._scopes if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)]
        arguments = functions[-1].args if functions else None
        first = (arguments.posonlyargs + arguments.args)[:1] if arguments else []
        if not first or not any(_is_class(scope) for scope in self._scopes):
            self.error(node, "super() works only inside a method")
            return node
        owner, instance = ast.Name("__class__", ast.Load()), ast.Name(first[0].arg, ast.Load())
        return _call("_super_", [owner, instance, ast.Constant(node.attr)], node)

    def visit_Subscript(self, node: ast.Subscript) -> Visited:  # noqa: N802
        node = self.node_contents_visit(node)
        if isinstance(node.ctx, ast.Load):
            return _call("_getitem_", [node.value, node.slice], node)
        node.value = _call("_write_", [node.value], node)
        return node

    def visit_keyword(self, node: ast.keyword) -> Visited:
        self.check_name(node, node.arg)
        return self.node_contents_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Visited:  # noqa: N802
        return self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Visited:  # noqa: N802
        return self._visit_function(node)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Visited:
        self.check_name(node, node.name, allow_magic_methods=True)
        self.check_function_argument_names(node)
        node.returns = None
        self._scopes.append(node)
        try:
            return self.node_contents_visit(node)
        finally:
            self._scopes.pop()

    def visit_Lambda(self, node: ast.Lambda) -> Visited:  # noqa: N802
        self.check_function_argument_names(node)
        self._scopes.append(node)
        try:
            return self.node_contents_visit(node)
        finally:
            self._scopes.pop()

    def visit_arg(self, node: ast.arg) -> Visited:
        node.annotation = None
        return self.node_contents_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Visited:  # noqa: N802
        """Keeps the assignment and drops the annotation, which would be evaluated."""
        if node.value is None:
            self.check_name(node, node.target.id if isinstance(node.target, ast.Name) else None)
            return ast.copy_location(ast.Pass(), node)
        plain = ast.Assign(targets=[node.target], value=node.value)
        visited: Visited = self.visit(ast.copy_location(plain, node))
        return visited

    def visit_ClassDef(self, node: ast.ClassDef) -> Visited:  # noqa: N802
        fields = _annotated_names(node)
        line = node
        self._scopes.append(node)
        try:
            if node.keywords:
                self.error(node, "class keywords such as metaclass= are not allowed")
                node.keywords = []
            visited = super().visit_ClassDef(node)
        finally:
            self._scopes.pop()
        assert isinstance(visited, ast.ClassDef)
        copy_locations(visited, line)
        if fields:
            # What was annotated is gone from the body; a dataclass needs it.
            names = ast.Tuple([ast.Constant(name) for name in fields], ast.Load())
            visited.decorator_list.append(_call("_fields_", [names], visited))
        return visited

    def visit_Assign(self, node: ast.Assign) -> Visited:  # noqa: N802
        """Evaluates the value once: the stock rewriting repeats it for every target of `a, b = c = f()`."""
        if len(node.targets) == 1 or not any(isinstance(target, ast.Tuple) for target in node.targets):
            return super().visit_Assign(node)
        name = self.gen_tmp_name()
        value = self.visit(node.value)
        assert isinstance(value, ast.expr)
        statements: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store())], value)]
        for target in node.targets:
            aimed = self.visit(target)
            assert isinstance(aimed, ast.expr)
            source: ast.expr = ast.Name(name, ast.Load())
            if isinstance(aimed, ast.Tuple):
                source = self.protect_unpack_sequence(aimed, source)
            statements.append(ast.Assign([aimed], source))
        statements.append(self.gen_del_stmt(name))
        for statement in statements:
            copy_locations(statement, node)
        return statements

    def visit_AugAssign(self, node: ast.AugAssign) -> Visited:  # noqa: N802
        """`o[k] += v` and `o.a += v` become calls that read and write through the guards."""
        target = node.target
        if isinstance(target, ast.Name):
            return super().visit_AugAssign(node)
        key: ast.expr | None
        if isinstance(target, ast.Attribute):
            self._check_attribute(target)
            name, key = "_augattr_", ast.Constant(target.attr)
        else:
            name, key = "_augitem_", self._visit_expression(target.slice)
        operator = ast.Constant(IOPERATOR_TO_STR[type(node.op)])
        owner, value = self._visit_expression(target.value), self._visit_expression(node.value)
        statement = ast.Expr(_call(name, [operator, owner, key, value], node))
        copy_locations(statement, node)
        return statement

    def _visit_expression(self, node: ast.expr) -> ast.expr:
        visited = self.visit(node)
        assert isinstance(visited, ast.expr)
        return visited

    def visit_Await(self, node: ast.Await) -> Visited:  # noqa: N802
        """Awaiting uses the slots of types, and programs cannot define `__await__`."""
        return self.node_contents_visit(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> Visited:  # noqa: N802
        node = self.node_contents_visit(node)
        node.iter = _call("_agetiter_", [node.iter], node.iter)
        if isinstance(node.target, ast.Tuple):
            node.target, unpack = self.gen_unpack_wrapper(node, node.target)
            node.body.insert(0, unpack)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> Visited:
        if not node.is_async:
            return self.guard_iter(node)
        if isinstance(node.target, ast.Tuple):
            self.error(node.target, "unpacking in an async comprehension is not allowed: use an `async for` loop")
        node = self.node_contents_visit(node)
        node.iter = _call("_agetiter_", [node.iter], node.iter)
        return node

    def visit_AsyncWith(self, node: ast.AsyncWith) -> Visited:  # noqa: N802
        # The two have the same fields, and the stock code only looks at those.
        return super().visit_With(cast(ast.With, node))

    def visit_Yield(self, node: ast.Yield) -> Visited:  # noqa: N802
        return self._visit_yield(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> Visited:  # noqa: N802
        return self._visit_yield(node)

    def _visit_yield(self, node: ast.Yield | ast.YieldFrom) -> Visited:
        # The program is wrapped in a function afterwards, where the compiler would not mind.
        if not self._scopes:
            self.error(node, "'yield' outside function")
        return self.node_contents_visit(node)

    def visit_Global(self, node: ast.Global) -> Visited:  # noqa: N802
        for name in node.names:
            self.check_name(node, name)
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> Visited:  # noqa: N802
        for name in node.names:
            self.check_name(node, name)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Visited:  # noqa: N802
        """A bare `except:` must not catch what ends the program at a limit."""
        visited = super().visit_ExceptHandler(node)
        assert isinstance(visited, ast.ExceptHandler)
        if visited.type is None:
            visited.type = ast.copy_location(ast.Name("_Exception_", ast.Load()), visited)
        return visited

    def visit_Import(self, node: ast.Import) -> Visited:  # noqa: N802
        self.imported.update(alias.name for alias in node.names)
        return super().visit_Import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Visited:  # noqa: N802
        if node.module == "__future__":
            return ast.copy_location(ast.Pass(), node)
        if node.level or node.module is None:
            self.error(node, "relative imports are not allowed: there is no package here")
            return node
        self.imported.add(node.module)
        self.imported.update(f"{node.module}.{alias.name}" for alias in node.names)
        return super().visit_ImportFrom(node)

    def visit_Match(self, node: ast.Match) -> Visited:  # noqa: N802
        return self.node_contents_visit(node)

    def visit_match_case(self, node: ast.match_case) -> Visited:
        return self.node_contents_visit(node)

    def visit_MatchValue(self, node: ast.MatchValue) -> Visited:  # noqa: N802
        """A dotted name would be read without the guard."""
        if any(isinstance(part, ast.Attribute) for part in ast.walk(node.value)):
            self.error(node, "dotted names in patterns are not allowed: compare with `case x if x == ...`")
            return node
        return self.node_contents_visit(node)

    def visit_MatchSingleton(self, node: ast.MatchSingleton) -> Visited:  # noqa: N802
        return node

    def visit_MatchSequence(self, node: ast.MatchSequence) -> Visited:  # noqa: N802
        return self.node_contents_visit(node)

    def visit_MatchOr(self, node: ast.MatchOr) -> Visited:  # noqa: N802
        return self.node_contents_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> Visited:  # noqa: N802
        self.check_name(node, node.name)
        return node

    def visit_MatchAs(self, node: ast.MatchAs) -> Visited:  # noqa: N802
        self.check_name(node, node.name)
        return self.node_contents_visit(node)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> Visited:  # noqa: N802
        self.check_name(node, node.rest)
        if any(isinstance(part, ast.Attribute) for key in node.keys for part in ast.walk(key)):
            self.error(node, "dotted names in patterns are not allowed: compare with `case x if x == ...`")
            return node
        return self.node_contents_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> Visited:  # noqa: N802
        """A keyword pattern reads any attribute, a class of the program's own chooses which."""
        name = node.cls.id if isinstance(node.cls, ast.Name) else None
        if name not in PATTERN_CLASSES or node.kwd_attrs:
            allowed = ", ".join(sorted(PATTERN_CLASSES))
            self.error(node, f"class patterns work with {allowed} and without keywords: use isinstance() otherwise")
            return node
        return self.node_contents_visit(node)


def _is_class(scope: ast.AST) -> bool:
    return isinstance(scope, ast.ClassDef)


def _is_super(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "super"
        and not value.args
        and not value.keywords
    )


def _annotated_names(node: ast.ClassDef) -> list[str]:
    targets = [statement.target for statement in node.body if isinstance(statement, ast.AnnAssign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _call(name: str, arguments: list[ast.expr], place: Positioned) -> ast.Call:
    """Returns a call of a guard, at the place of the node that it replaces.

    Arguments without a place get one when all is done: to look for them at each call would take the square of the time.
    """
    function = ast.copy_location(ast.Name(name, ast.Load()), place)
    return ast.copy_location(ast.Call(func=function, args=arguments, keywords=[]), place)

"""The attribute guard: what a program may read from a value, decided by the value's exact type.

A type that is not in a table gives nothing, so that frames, code, coroutines, modules and whatever later versions of
Python add stay closed without being known here.
"""

import collections
import re
import string
from collections.abc import Callable, Iterable, Mapping
from types import BuiltinFunctionType, CoroutineType, FunctionType, MethodType
from typing import Any

from code_sandbox._classes import ProgramType
from code_sandbox._loop import Task
from code_sandbox._records import DICT_METHODS, Record, folded, listed

Resolver = Callable[[Any, str], Any]


def public(kind: type) -> frozenset[str]:
    """Returns the names without underscore that a type of plain data has."""
    return frozenset(name for name in dir(kind) if not name.startswith("_"))


class Facade:
    """What a program sees of a module: the listed members, and no module behind them."""

    __slots__ = ("_members", "_name")

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        self._name = name
        self._members = dict(members)

    def __repr__(self) -> str:
        return f"<module {self._name!r}>"

    def __getattr__(self, name: str) -> Any:
        # `from json import loads` reads the member without asking the guard.
        return self.attribute(name)

    @property
    def public_names(self) -> list[str]:
        return sorted(self._members)

    def attribute(self, name: str) -> Any:
        """Returns a member."""
        try:
            return self._members[name]
        except KeyError:
            error = AttributeError(f"module {self._name!r} has no {name!r} here")
            error.add_note(f"It has: {', '.join(self.public_names)}.")
            raise error from None


class OpaqueType:
    """What `type(x)` gives for values whose class is closed: a name to print and compare."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<class {self.name!r}>"


class SafeFormatter(string.Formatter):
    """`str.format` whose fields go through the guard."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """Returns the value of a field such as `0.name[key]`."""
        first, rest = FIELD_PARTS(field_name)
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = read(value, key) if is_attribute else value[key]
        return value, first


FIELD_PARTS: Callable[[str], tuple[Any, Iterable[tuple[bool, Any]]]] = string._string.formatter_field_name_split  # type: ignore[attr-defined] # not in the stubs
FORMATTER = SafeFormatter()
STR_NAMES = public(str) - {"format", "format_map"}
PLAIN_TYPES: tuple[type, ...] = (
    *(bool, int, float, complex, bytes, bytearray, list, tuple, dict, set, frozenset, range, slice),
    *(type({}.keys()), type({}.values()), type({}.items())),
    *(collections.deque, collections.Counter, collections.OrderedDict, collections.defaultdict),
    *(collections.ChainMap, re.Pattern, re.Match),
)
INSTANCE_NAMES: dict[type, frozenset[str]] = {str: STR_NAMES, **{kind: public(kind) for kind in PLAIN_TYPES}}
"""Names readable on instances, and, unbound, on the class itself."""
INSTANCE_NAMES[property] = frozenset({"getter", "setter", "deleter"})

OWN_RESOLVERS: dict[type, Resolver] = {
    Record: Record.attribute,
    Facade: Facade.attribute,
}
"""Types of the runtime that answer for themselves."""

EXCEPTION_NAMES: dict[type, frozenset[str]] = {StopIteration: frozenset({"value"})}
TYPES_SHOWN_AS: dict[type, type] = {Record: dict}
"""What `type(x)` says of types that stand for another."""

_opaque: dict[type, OpaqueType] = {}


def open_type(kind: type, names: Iterable[str] | None = None) -> None:
    """Lets programs read names of a type's instances: those given, or all without underscore."""
    INSTANCE_NAMES[kind] = public(kind) if names is None else frozenset(names)


def read(value: Any, name: str) -> Any:
    """Returns an attribute if the value's exact type allows it.

    Raises:
        AttributeError: It has no such attribute, or none that programs may read.
    """
    if type(name) is not str:
        raise TypeError("an attribute's name must be a string")
    kind = type(value)
    names = INSTANCE_NAMES.get(kind)
    if names is not None:
        if name in names:
            return getattr(value, name)
        if kind is str and name in ("format", "format_map"):
            return _formatter(value, name)
    elif kind in OWN_RESOLVERS and not name.startswith("__"):
        return OWN_RESOLVERS[kind](value, name)
    if name == "__class__":
        return type_of(value)
    if type(kind) is ProgramType and _is_programs(value, kind, name):
        return getattr(value, name)
    if isinstance(value, BaseException):
        return _read_exception(value, name)
    if isinstance(value, type):
        return _read_class(value, name)
    if name == "__dict__" and type(kind) is ProgramType:
        return dict(vars(value))
    if name == "__name__" and kind in (FunctionType, BuiltinFunctionType, MethodType, OpaqueType):
        return value.name if kind is OpaqueType else value.__name__
    if name == "__doc__":
        return None
    raise missing(value, name)


def write_guard(value: Any) -> Any:
    """Returns the value if programs may set and delete items and attributes of it."""
    kind = type(value)
    if kind in WRITABLE or type(kind) is ProgramType or kind is ProgramType:
        return value
    raise TypeError(f"{described(value)} cannot be changed")


WRITABLE: set[type] = {
    list,
    dict,
    bytearray,
    Record,
    collections.deque,
    collections.Counter,
    collections.OrderedDict,
    collections.defaultdict,
    collections.ChainMap,
}


def type_of(value: Any) -> Any:
    """Returns a value's class if programs may hold it, else something that only has its name."""
    kind = type(value)
    if kind in TYPES_SHOWN_AS:
        return TYPES_SHOWN_AS[kind]
    if kind in INSTANCE_NAMES or type(kind) is ProgramType or issubclass(kind, BaseException) or value is None:
        return kind
    if kind not in _opaque:
        _opaque[kind] = OpaqueType(kind.__name__ if kind is not ProgramType else "type")
    return _opaque[kind]


def readable_names(value: Any) -> list[str]:
    """Returns what `dir()` lists."""
    kind = type(value)
    if kind in INSTANCE_NAMES:
        return sorted(INSTANCE_NAMES[kind])
    if kind is Record:
        return sorted({*DICT_METHODS, *(key for key in value if type(key) is str)})
    if type(kind) is ProgramType:
        classes = [vars(each) for each in kind.__mro__ if type(each) is ProgramType]
        own = vars(value) if hasattr(value, "__dict__") else {}
        return sorted({name for names in (*classes, own) for name in names if not name.startswith("__")})
    return sorted(getattr(value, "public_names", ()))


def missing(value: Any, name: str) -> AttributeError:
    """Returns the error for an attribute that is not there, with what may help."""
    kind = type(value)
    error = AttributeError(f"{described(value)} has no attribute {name!r}")
    if kind is CoroutineType or kind is Task:
        error.add_note("It is not finished: write `await` before it.")
    elif value is None:
        error.add_note("The value is None: look at what returned it.")
    elif kind is dict and name in value:
        error.add_note(f"A dict's values are read with brackets: [{name!r}].")
    else:
        names = readable_names(value)
        close = [each for each in names if folded(each) == folded(name)]
        if close:
            error.add_note(f"Did you mean {close[0]!r}?")
        elif names:
            error.add_note(f"It has: {listed(names)}.")
    return error


def described(value: Any) -> str:
    """Returns words for a value: `'list' object`, `function f`, `class K`."""
    kind = type(value)
    if isinstance(value, type):
        return f"class {value.__name__!r}"
    if kind is FunctionType:
        return f"function {value.__name__!r}"
    return f"{getattr(type_of(value), '__name__', None) or type_of(value).name!r} object"


def _formatter(template: str, name: str) -> Callable[..., str]:
    def format_(*values: Any, **named: Any) -> str:
        return FORMATTER.vformat(template, values, named)

    def format_map(mapping: Mapping[str, Any]) -> str:
        return FORMATTER.vformat(template, (), mapping)

    return format_ if name == "format" else format_map


def _is_programs(value: Any, kind: type, name: str) -> bool:
    """Tells whether the program itself put the name into an instance of its own class, or into the class."""
    if name.startswith("__"):
        return False
    own = getattr(value, "__dict__", {})
    return name in own or _in_program_classes(kind, name)


def _in_program_classes(kind: type, name: str) -> bool:
    return any(type(each) is ProgramType and name in vars(each) for each in kind.__mro__)


def _read_exception(error: BaseException, name: str) -> Any:
    kind = type(error)
    for each in kind.__mro__:
        resolver = OWN_RESOLVERS.get(each)
        if resolver is not None:
            return resolver(error, name)
        if name in EXCEPTION_NAMES.get(each, ()):
            return getattr(error, name)
    if name == "args":
        return error.args
    if name == "message":
        return str(error)
    raise missing(error, name)


def _read_class(kind: type, name: str) -> Any:
    if name == "__name__":
        return kind.__name__
    if type(kind) is ProgramType and not name.startswith("__") and _in_program_classes(kind, name):
        return getattr(kind, name)
    if kind is str and name in ("format", "format_map"):
        return lambda template, *values, **named: _formatter(template, name)(*values, **named)
    if name in INSTANCE_NAMES.get(kind, ()):
        return getattr(kind, name)
    raise missing(kind, name)

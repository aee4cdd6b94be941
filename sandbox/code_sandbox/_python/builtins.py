"""The names that are there without an import."""

import builtins
import operator
from collections.abc import Callable, Iterator
from typing import Any

from RestrictedPython.Guards import guarded_iter_unpack_sequence, guarded_unpack_sequence

from code_sandbox._python.allowed import BUILTINS, EXCEPTION_CLASSES, METHOD_DUNDERS
from code_sandbox._python.attributes import Attributes, write_guard
from code_sandbox._python.classes import ANNOTATED, ProgramType
from code_sandbox._python.objects import Node
from code_sandbox._python.own import described
from code_sandbox._python.records import Record

IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "//=": operator.ifloordiv,
    "%=": operator.imod,
    "**=": operator.ipow,
    "@=": operator.imatmul,
    "<<=": operator.ilshift,
    ">>=": operator.irshift,
    "|=": operator.ior,
    "^=": operator.ixor,
    "&=": operator.iand,
}


def guarded_setattr(value: Any, name: str, new: Any) -> None:
    """`setattr` through the guard."""
    setattr(write_guard(value), _settable(name), new)


def guarded_delattr(value: Any, name: str) -> None:
    """`delattr` through the guard."""
    delattr(write_guard(value), _settable(name))


def _settable(name: str) -> str:
    if type(name) is not str:
        raise TypeError("an attribute's name must be a string")
    if name.startswith("__"):
        raise AttributeError(f"{name!r} cannot be set")
    return name


def own_vars(value: Any) -> dict[str, Any]:
    """`vars` as a copy, of instances of the program's classes and of records."""
    if type(type(value)) is ProgramType or type(value) is Record:
        return dict(value if type(value) is Record else vars(value))
    raise TypeError(f"vars() does not work for {described(value)}")


def _augment_item(operation: str, value: Any, key: Any, other: Any) -> None:
    target = write_guard(value)
    target[key] = IN_PLACE[operation](value[key], other)


def _augment_name(operation: str, value: Any, other: Any) -> Any:
    return IN_PLACE[operation](value, other)


def _apply(function: Callable[..., Any], /, *values: Any, **named: Any) -> Any:
    return function(*values, **named)


def _iterate(values: Any) -> Any:
    return values


def _iterate_async(values: Any) -> Any:
    if not hasattr(type(values), "__aiter__"):
        error = TypeError(f"`async for` does not work on {described(values)}")
        error.add_note("Use a plain `for`.")
        raise error
    return values


def _super(owner: type, first: Any, name: str) -> Any:
    """`super().name` inside a method of a program's class, whose first argument is an instance or a class."""
    if type(owner) is ProgramType and type(first) is ProgramType and owner in first.__mro__:
        return _super_of_class(owner, first, name)
    if type(owner) is not ProgramType or not isinstance(first, owner):
        raise TypeError("super() works only inside a method of your own class")
    for kind in _above(owner, type(first)):
        if name not in vars(kind):
            continue
        if name.startswith("__") and name not in METHOD_DUNDERS:
            break
        if type(kind) is not ProgramType and name not in ("__init__", "__str__", "__repr__"):
            break
        # Bound by hand: an error that comes up in a `super` object would carry it along.
        return _bound(vars(kind)[name], first, type(first))
    raise _nothing_above(owner, name)


def _super_of_class(owner: type, first: type, name: str) -> Any:
    """Gives what a program's own classes have: read from a class, the methods of others take any object as `self`."""
    for kind in _above(owner, first):
        if name not in vars(kind):
            continue
        if name.startswith("__") or type(kind) is not ProgramType:
            break
        return _bound(vars(kind)[name], None, first)
    raise _nothing_above(owner, name)


def _above(owner: type, kind: type) -> tuple[type, ...]:
    return kind.__mro__[kind.__mro__.index(owner) + 1 :]


def _bound(member: Any, instance: Any, kind: type) -> Any:
    bind = getattr(type(member), "__get__", None)
    return member if bind is None else bind(member, instance, kind)


def _nothing_above(owner: type, name: str) -> AttributeError:
    return AttributeError(f"no class above {owner.__name__!r} has {name!r}")


def _fields(names: tuple[str, ...]) -> Callable[[type], type]:
    def note(kind: type) -> type:
        setattr(kind, ANNOTATED, names)
        return kind

    return note


def guards(attributes: Attributes) -> dict[str, Any]:
    """Returns what the policy's rewriting calls. Programs cannot write these names."""

    def get_path(value: Any, *names: str) -> Any:
        for index, name in enumerate(names):
            at_node = type(value) is Node
            value = value.child(name, names[index + 1 :]) if at_node else attributes.read(value, name)
        return value

    def augment_attribute(operation: str, value: Any, name: str, other: Any) -> None:
        setattr(write_guard(value), name, IN_PLACE[operation](attributes.read(value, name), other))

    return {
        "_getattr_": attributes.read,
        "_getpath_": get_path,
        "_getitem_": operator.getitem,
        "_getiter_": _iterate,
        "_agetiter_": _iterate_async,
        "_iter_unpack_sequence_": guarded_iter_unpack_sequence,
        "_unpack_sequence_": guarded_unpack_sequence,
        "_inplacevar_": _augment_name,
        "_augitem_": _augment_item,
        "_augattr_": augment_attribute,
        "_apply_": _apply,
        "_write_": write_guard,
        "_super_": _super,
        "_fields_": _fields,
        "_Exception_": Exception,
        "__metaclass__": ProgramType,
        "__name__": "program",
    }


def plain_builtins(attributes: Attributes) -> dict[str, Any]:
    """Returns the builtins of a program, without `print` and `__import__`."""
    names: dict[str, Any] = {name: getattr(builtins, name) for name in BUILTINS | EXCEPTION_CLASSES}
    return names | {
        "__build_class__": builtins.__build_class__,
        "getattr": attributes.read_or,
        "hasattr": attributes.has,
        "setattr": guarded_setattr,
        "delattr": guarded_delattr,
        "type": attributes.type_of,
        "vars": own_vars,
        "dir": attributes.names_of,
    }


class Printer:
    """`print`, up to a bound."""

    def __init__(self, *, write: Callable[[str], None]) -> None:
        self._write = write

    def print(
        self,
        *values: Any,
        sep: str | None = " ",
        end: str | None = "\n",
        file: Any = None,
        flush: bool = False,
    ) -> None:
        """Prints; there is one stream, so `file` and `flush` change nothing."""
        separator, ending = _word("sep", sep, " "), _word("end", end, "\n")
        self._write(separator.join(_texts(values)) + ending)


def _word(name: str, value: object, default: str) -> str:
    if value is None:
        return default
    if type(value) is not str:
        raise TypeError(f"{name} must be None or a string, not {described(value)}")
    return value


def _texts(values: tuple[Any, ...]) -> Iterator[str]:
    return (str(value) for value in values)

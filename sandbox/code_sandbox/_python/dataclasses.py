"""A small `dataclass` for programs: the standard one builds source text, and reads annotations that are stripped."""

from collections.abc import Callable
from typing import Any

from code_sandbox._python.classes import ANNOTATED, DATA_FIELDS, ProgramType, data_fields, is_programs
from code_sandbox._python.own import missing

_MISSING = object()


class Field:
    """What `field()` says about a default."""

    __slots__ = ("default", "factory")

    def __init__(self, *, default: Any, factory: Callable[[], Any] | None) -> None:
        self.default = default
        self.factory = factory

    def value(self) -> Any:
        return self.factory() if self.factory is not None else self.default


def field(*, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, **_: Any) -> Field:
    """Describes a field's default."""
    return Field(default=default, factory=default_factory)


def dataclass(kind: Any = None, **options: Any) -> Any:
    """Gives a class with annotated names the methods `__init__`, `__repr__` and `__eq__`.

    `order=True` and `frozen=True` are accepted; frozen instances can still be changed.
    """
    if kind is None:
        return lambda kind: _equip(kind, options)
    return _equip(kind, options)


def asdict(instance: Any) -> dict[str, Any]:
    """Returns the fields of an instance, nested ones too."""
    return {name: _plain(_value(instance, name)) for name in fields_of(type(instance))}


def replace(instance: Any, **changes: Any) -> Any:
    """Returns a copy with other values."""
    return type(instance)(**{name: _value(instance, name) for name in fields_of(type(instance))} | changes)


def fields_of(kind: type) -> list[str]:
    """Returns the names of a dataclass's fields, inherited ones first.

    Raises:
        TypeError: It is none.
    """
    fields = data_fields(kind)
    if fields is None:
        raise TypeError(f"{kind.__name__!r} is not a dataclass")
    return list(fields)


def _plain(value: Any) -> Any:
    if data_fields(type(value)) is not None:
        return asdict(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _equip(kind: type, options: dict[str, Any]) -> type:
    if type(kind) is not ProgramType:
        raise TypeError("dataclass works on your own classes")
    defaults: dict[str, Any] = {}
    for base in reversed(kind.__mro__[1:]):
        defaults |= data_fields(base) or {}
    for name in vars(kind).get(ANNOTATED, ()):
        defaults[name] = vars(kind).get(name, _MISSING)
    setattr(kind, DATA_FIELDS, defaults)
    for name, method in _methods(kind, defaults).items():
        if name not in vars(kind):
            setattr(kind, name, method)
    if options.get("order") and "__lt__" not in vars(kind):
        kind.__lt__ = lambda self, other: _values(self) < _values(other)  # type: ignore[operator] # a class in the making
    return kind


def _value(instance: Any, name: str) -> Any:
    """Returns a field's value. One that is not there is not what exceptions have under its name."""
    if not is_programs(instance, name):
        raise missing(instance, name)
    return getattr(instance, name)


def _values(instance: Any) -> tuple[Any, ...]:
    return tuple(_value(instance, name) for name in fields_of(type(instance)))


def _methods(kind: type, defaults: dict[str, Any]) -> dict[str, Callable[..., Any]]:
    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        for name, value in _arguments(kind, defaults, values, named).items():
            setattr(self, name, value)
        prepare = vars(type(self)).get("__post_init__")
        if prepare is not None:
            prepare(self)

    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{kind.__name__}({', '.join(f'{name}={_value(self, name)!r}' for name in defaults)})"

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return type(other) is type(self) and _values(self) == _values(other)

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(_values(self))

    return {"__init__": __init__, "__repr__": __repr__, "__eq__": __eq__, "__hash__": __hash__}


def _arguments(kind: type, defaults: dict[str, Any], values: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    names = list(defaults)
    if len(values) > len(names):
        raise TypeError(f"{kind.__name__} takes {len(names)} values, {len(values)} were given")
    given = dict(zip(names, values, strict=False))
    for name, value in named.items():
        if name not in defaults or name in given:
            raise TypeError(f"{kind.__name__} got {name!r} {'twice' if name in given else 'which it does not have'}")
        given[name] = value
    for name, default in defaults.items():
        if name not in given:
            given[name] = default.value() if isinstance(default, Field) else default
        if given[name] is _MISSING:
            raise TypeError(f"{kind.__name__} needs {name!r}")
    return given


MEMBERS: dict[str, Any] = {
    "dataclass": dataclass,
    "field": field,
    "asdict": asdict,
    "replace": replace,
    "is_dataclass": lambda value: data_fields(value if isinstance(value, type) else type(value)) is not None,
}

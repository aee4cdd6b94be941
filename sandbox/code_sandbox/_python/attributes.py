"""The attribute guard: what a program may read from a value, decided by the value's exact type.

A type that is not in the table gives nothing, so that frames, code, coroutines, modules and whatever later versions of
Python add stay closed without being known here.
"""

import collections
import datetime
import functools
import hashlib
import itertools
import json
import random
import re
import statistics
import string
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any
from urllib import parse

from code_sandbox._python.allowed import ATTRIBUTES, CHANGEABLE, MODULES, ON_ERRORS, ON_SOME_ERRORS
from code_sandbox._python.classes import ProgramType, is_programs, owner_of
from code_sandbox._python.facade import OpaqueType
from code_sandbox._python.own import Own, described, missing
from code_sandbox._python.records import Record
from code_sandbox._worker.names import find, folded

FORMATTERS = frozenset({"format", "format_map"})
"""Methods of strings that read attributes on their own: programs get others of the same name."""

_DAY = datetime.date(2000, 1, 1)
_HASHES = {type(getattr(hashlib, name)()) for name in MODULES["hashlib"]}
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))

TYPES: dict[type, str] = {
    **{kind: kind.__name__ for kind in (str, bytes, bytearray, bool, int, float, complex, range, slice, property)},
    **{kind: kind.__name__ for kind in (list, tuple, dict, set, frozenset)},
    **{kind: kind.__name__ for kind in _VIEWS},
    **{kind: kind.__name__ for kind in (collections.deque, collections.Counter, collections.OrderedDict)},
    **{kind: kind.__name__ for kind in (collections.defaultdict, collections.ChainMap, re.Pattern, re.Match)},
    **{kind: kind.__name__ for kind in (datetime.date, datetime.datetime, datetime.time, datetime.timedelta)},
    **{kind: kind.__name__ for kind in (datetime.timezone, time.struct_time, random.Random, statistics.NormalDist)},
    **{kind: kind.__name__ for kind in (itertools.chain, functools.partial, uuid.UUID)},
    **{kind: kind.__name__ for kind in (parse.ParseResult, parse.SplitResult, parse.DefragResult)},
    type(_DAY.isocalendar()): "IsoCalendarDate",
    type(statistics.linear_regression([0, 1], [0, 1])): "LinearRegression",
    type(functools.lru_cache(abs)): "lru_cache",
    type(functools.lru_cache(abs).cache_info()): "CacheInfo",
    **dict.fromkeys(_HASHES, "hash"),
}
"""The types behind the names of `ATTRIBUTES`."""

READABLE = {kind: ATTRIBUTES[name] for kind, name in TYPES.items()}
WRITABLE = frozenset({Record, *(kind for kind, name in TYPES.items() if name in CHANGEABLE)})
EXCEPTIONS: dict[type, frozenset[str]] = {
    kind: ON_SOME_ERRORS[kind.__name__] for kind in (StopIteration, ExceptionGroup, json.JSONDecodeError)
}

_MISSING = object()


class Attributes:
    """Reads attributes for one program.

    Args:
        optional_keys: Keys that read as None on a record that lacks them.
    """

    def __init__(self, *, optional_keys: Iterable[str] = ()) -> None:
        self._optional_keys = {folded(key) for key in optional_keys}
        self._readable = dict(READABLE)
        self._opaque: dict[type, OpaqueType] = {}
        self._formatter = _Formatter(read=self.read)

    def open(self, kind: type, names: frozenset[str]) -> None:
        """Lets programs read names of the instances of a type that came up in the run."""
        self._readable[kind] = names

    def read(self, value: Any, name: str) -> Any:
        """Returns an attribute if the value's exact type allows it.

        Raises:
            AttributeError: It has no such attribute, or none that programs may read.
        """
        if type(name) is not str:
            raise TypeError("an attribute's name must be a string")
        kind = type(value)
        names = self._readable.get(kind)
        if names is not None and name in names:
            return getattr(value, name)
        if kind is str and name in FORMATTERS:
            return self._formatter.method(value, name)
        if name == "__class__":
            return self.type_of(value)
        if type(kind) is ProgramType and is_programs(value, name):
            return getattr(value, name)
        if kind is Record and folded(name) in self._optional_keys and find(name, (*ATTRIBUTES["dict"], *value)) is None:
            return None
        if isinstance(value, Own):
            return value.attribute(name)
        if isinstance(value, BaseException):
            return _read_exception(value, name)
        if isinstance(value, type):
            return self._read_class(value, name)
        if name == "__dict__" and type(kind) is ProgramType:
            return dict(vars(value))
        if name == "__name__" and kind in (FunctionType, BuiltinFunctionType, MethodType):
            return value.__name__
        raise missing(value, name, self.names_of(value))

    def read_or(self, value: Any, name: str, default: Any = _MISSING) -> Any:
        """`getattr` of programs."""
        try:
            return self.read(value, name)
        except AttributeError:
            if default is _MISSING:
                raise
            return default

    def has(self, value: Any, name: str) -> bool:
        """`hasattr` of programs."""
        try:
            self.read(value, name)
        except AttributeError:
            return False
        return True

    def type_of(self, value: Any) -> Any:
        """Returns a value's class if programs may hold it, else something that only has its name."""
        kind = type(value)
        if kind is Record:
            return dict
        if kind in self._readable or type(kind) is ProgramType or isinstance(value, BaseException) or value is None:
            return kind
        if kind not in self._opaque:
            self._opaque[kind] = OpaqueType("type" if kind is ProgramType else kind.__name__)
        return self._opaque[kind]

    def names_of(self, value: Any) -> list[str]:
        """`dir` of programs."""
        kind = type(value)
        if kind in self._readable:
            return sorted(self._readable[kind])
        if kind is Record:
            return sorted({*ATTRIBUTES["dict"], *(key for key in value if type(key) is str)})
        if type(kind) is ProgramType:
            classes = [vars(each) for each in kind.__mro__ if type(each) is ProgramType]
            return sorted({name for names in (*classes, vars(value)) for name in names if not name.startswith("__")})
        return sorted(value.public_names) if isinstance(value, Own) else []

    def _read_class(self, kind: type, name: str) -> Any:
        if name == "__name__":
            return kind.__name__
        if type(kind) is ProgramType and not name.startswith("__") and type(owner_of(kind, name)) is ProgramType:
            return getattr(kind, name)
        if kind is str and name in FORMATTERS:
            return lambda template, *values, **named: self._formatter.method(template, name)(*values, **named)
        if name in self._readable.get(kind, ()):
            member = getattr(kind, name)
            # Python code of a class takes any `self` and reads from it past the guard: `ChainMap.copy` calls its class.
            if not isinstance(member, FunctionType | property):
                return member
        raise missing(kind, name)


def write_guard(value: Any) -> Any:
    """Returns the value if programs may set and delete items and attributes of it."""
    kind = type(value)
    if kind in WRITABLE or type(kind) is ProgramType or kind is ProgramType:
        return value
    raise TypeError(f"{described(value)} cannot be changed")


class _Formatter(string.Formatter):
    """`str.format` whose fields go through the guard."""

    def __init__(self, *, read: Callable[[Any, str], Any]) -> None:
        self._read = read

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """Returns the value of a field such as `0.name[key]`."""
        first, rest = string._string.formatter_field_name_split(field_name)  # type: ignore[attr-defined] # not in stubs
        value = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = self._read(value, key) if is_attribute else value[key]
        return value, first

    def method(self, template: str, name: str) -> Callable[..., str]:
        """Returns `template.format` or `template.format_map`."""

        def format_(*values: Any, **named: Any) -> str:
            return self.vformat(template, values, named)

        def format_map(mapping: Mapping[str, Any]) -> str:
            return self.vformat(template, (), mapping)

        return format_ if name == "format" else format_map


def _read_exception(error: BaseException, name: str) -> Any:
    if name in ON_ERRORS:
        return error.args if name == "args" else str(error)
    for kind in type(error).__mro__:
        if name in EXCEPTIONS.get(kind, ()):
            return getattr(error, name)
    raise missing(error, name, sorted(ON_ERRORS))

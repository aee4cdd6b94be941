"""The modules a program can import: read-only façades with listed members, loaded when a program wants them."""

import collections
import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType
from typing import Any

from code_sandbox._python.allowed import MODULES, NAMED_TUPLE
from code_sandbox._python.asyncio import asyncio_members
from code_sandbox._python.attributes import Attributes
from code_sandbox._python.dataclasses import MEMBERS as DATACLASS_MEMBERS
from code_sandbox._python.facade import Facade
from code_sandbox._python.loop import Loop
from code_sandbox._python.render import Renderer
from code_sandbox._worker.names import listed
from code_sandbox._worker.table import Complaint

ASKED_BY_C = frozenset({"_pylong", "_strptime", "warnings"})
"""Modules that C code such as `datetime.strptime`, or the division of long numbers, imports through the program's own
`__import__`. It ignores what it gets and takes the real one, so an empty façade will do."""

IMPORTED_LATE = (
    "_strptime",
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.latin_1",
    "encodings.utf_16",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "encodings.utf_32",
    "encodings.utf_8_sig",
    "unicodedata",
    *(("_pylong", "_sha2") if sys.version_info >= (3, 12) else ()),
)
"""What the interpreter itself imports when a program first needs it: too late, for then no file can be opened."""

AVAILABLE = tuple(sorted(MODULES.keys() - {"urllib"}))

OFFERED = f"Modules: {', '.join(AVAILABLE)}."

NETWORK = "requests httpx aiohttp urllib3 urllib.request http socket ssl websockets fastapi flask"
SYSTEM = "os sys subprocess pathlib shutil io tempfile glob platform ctypes threading multiprocessing"

DECODED = "It is already decoded: remove json.loads."


class Modules:
    """Answers imports."""

    def __init__(self, *, injected: Iterable[str], loop: Loop, attributes: Attributes) -> None:
        self._attributes = attributes
        self._injected = frozenset(injected)
        self._loop = loop
        self._loaded: dict[str, Facade] = {}

    def preload(self) -> None:
        """Loads all: when the program is there, no file can be opened any more."""
        for name in IMPORTED_LATE:
            importlib.import_module(name)
        for name in AVAILABLE:
            self.load(name)

    def load(self, name: str) -> Facade:
        """Returns a module's façade."""
        if name not in self._loaded:
            self._loaded[name] = self._make(name)
        return self._loaded[name]

    def _make(self, name: str) -> Facade:
        own = self._own_members(name)
        if own.keys() == MODULES[name]:
            return Facade(name, own)
        module = importlib.import_module(name)
        return Facade(name, {each: own[each] if each in own else getattr(module, each) for each in MODULES[name]})

    def _own_members(self, name: str) -> dict[str, Any]:
        """Returns the members that are not those of the real module."""
        match name:
            case "asyncio":
                return asyncio_members(self._loop)
            case "dataclasses":
                return DATACLASS_MEMBERS
            case "json":
                return {"dumps": _dumps, "loads": _loads, "JSONDecodeError": json.JSONDecodeError}
            case "urllib":
                return {"parse": self.load("urllib.parse")}
            case "collections":
                return {"namedtuple": self._namedtuple}
            case "functools":
                return {"wraps": _wraps}
            case "itertools":
                return {"batched": _batched}
        return {}

    def _namedtuple(self, typename: str, field_names: str | Iterable[str], *, defaults: Any = None) -> type:
        kind = collections.namedtuple(typename, field_names, defaults=defaults)  # type: ignore[misc]
        self._attributes.open(kind, NAMED_TUPLE | set(kind._fields))
        return kind

    def import_(
        self,
        name: str,
        namespace: object = None,
        locals_: object = None,
        fromlist: Iterable[str] | None = (),
        level: int = 0,
    ) -> Facade:
        """`__import__` of programs.

        Raises:
            ImportError: The module is not available; says what is.
        """
        wanted = tuple(fromlist or ())
        if name in ASKED_BY_C:
            return Facade(name, {})
        refused = self.refusal(name, wanted)
        if refused is not None:
            kind = ImportError if name in AVAILABLE else ModuleNotFoundError
            error = kind(refused.message)
            error.add_note(refused.hint or "")
            raise error
        facade = self.load(name)
        return facade if wanted or "." not in name else self.load(name.split(".")[0])

    def refusal(self, name: str, wanted: Iterable[str]) -> Complaint | None:
        """Returns what is wrong with an import, None if it works.

        Args:
            name: The module.
            wanted: Its members that are imported.
        """
        for each in (name.split(".")[0], *wanted):
            if each in self._injected:
                return Complaint(f"{each!r} is not imported", f"{each} is already there: remove the import.")
        if name not in MODULES:
            return Complaint(f"there is no module {name!r} here", f"{self._advice(name)} {OFFERED}")
        names = self.members(name)
        for each in wanted:
            if each not in names:
                return Complaint(f"cannot import {each!r} from {name!r} here", f"{name} has: {', '.join(names)}.")
        return None

    def members(self, name: str) -> tuple[str, ...]:
        """Returns what programs see of a module."""
        return self.load(name).public_names

    def _advice(self, name: str) -> str:
        top = name.split(".")[0]
        if name in NETWORK.split() or top in NETWORK.split():
            return f"There is no network here: use what is injected ({listed(sorted(self._injected))})."
        if top in SYSTEM.split():
            return "There are no files, processes or environment here."
        if top in sys.stdlib_module_names:
            return "Only a part of the standard library is here."
        return "Third-party packages are not here."


def _loads(text: str | bytes | bytearray) -> Any:
    if isinstance(text, dict | list):
        error = TypeError(f"json.loads needs text, and this is a {'dict' if isinstance(text, dict) else 'list'}")
        error.add_note(DECODED)
        raise error
    return json.loads(text)


def _dumps(
    value: Any,
    *,
    indent: int | str | None = None,
    sort_keys: bool = False,
    ensure_ascii: bool = True,
    separators: tuple[str, str] | None = None,
    default: Callable[[Any], Any] | None = None,
    allow_nan: bool = True,
    skipkeys: bool = False,
) -> str:
    return json.dumps(
        value,
        indent=indent,
        sort_keys=sort_keys,
        ensure_ascii=ensure_ascii,
        separators=separators,
        default=default if default is not None else _default,
        allow_nan=allow_nan,
        skipkeys=skipkeys,
    )


def _default(value: Any) -> Any:
    return Renderer(max_bytes=1024 * 1024).render(value)


def _wraps(wrapped: Callable[..., Any]) -> Callable[[Any], Any]:
    """`functools.wraps` for functions: the standard one reads and sets whatever attributes it is told to."""

    def wrap(wrapper: Any) -> Any:
        # Functions of the runtime are not the program's to rename.
        own = isinstance(wrapper, FunctionType) and wrapper.__module__ == "program"
        if own and isinstance(wrapped, FunctionType):
            wrapper.__name__ = wrapped.__name__
        return wrapper

    return wrap


def _batched(values: Iterable[Any], n: int) -> Iterator[tuple[Any, ...]]:
    """`itertools.batched`, which came with Python 3.12."""
    if n < 1:
        raise ValueError("n must be at least one")
    rest = iter(values)
    while batch := tuple(itertools.islice(rest, n)):
        yield batch

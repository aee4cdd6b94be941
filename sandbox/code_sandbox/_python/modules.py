"""The modules a program can import: read-only façades with listed members, loaded when a program wants them."""

import importlib
import json
import sys
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from code_sandbox._python.attributes import Attributes
from code_sandbox._python.dataclasses import MEMBERS as DATACLASS_MEMBERS
from code_sandbox._python.facade import Facade
from code_sandbox._python.render import Renderer
from code_sandbox._worker.names import listed
from code_sandbox._worker.table import Complaint

MEMBERS = {
    "math": "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2 "
    "expm1 fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp "
    "lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt tan tanh tau "
    "trunc ulp",
    "re": "A ASCII DOTALL I IGNORECASE M MULTILINE Match Pattern S U UNICODE VERBOSE X compile error escape findall "
    "finditer fullmatch match search split sub subn",
    "datetime": "MAXYEAR MINYEAR UTC date datetime time timedelta timezone",
    "time": "gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns sleep strftime strptime time "
    "time_ns",
    "random": "Random betavariate choice choices expovariate gauss getrandbits lognormvariate normalvariate randbytes "
    "randint random randrange sample seed shuffle triangular uniform",
    "statistics": "StatisticsError correlation covariance fmean geometric_mean harmonic_mean mean median "
    "median_grouped median_high median_low mode multimode pstdev pvariance quantiles stdev variance",
    "itertools": "accumulate chain combinations combinations_with_replacement compress count cycle dropwhile "
    "filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest",
    "collections": "ChainMap Counter OrderedDict defaultdict deque",
    "functools": "cache cmp_to_key lru_cache partial reduce",
    "operator": "add and_ concat contains eq floordiv ge getitem gt itemgetter le lt mod mul ne neg not_ or_ pow sub "
    "truediv xor",
    "string": "ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable "
    "punctuation whitespace",
    "textwrap": "dedent fill indent shorten wrap",
    "base64": "b16decode b16encode b32decode b32encode b64decode b64encode standard_b64decode standard_b64encode "
    "urlsafe_b64decode urlsafe_b64encode",
    "hashlib": "blake2b blake2s md5 sha1 sha224 sha256 sha384 sha3_256 sha3_512 sha512",
    "urllib.parse": "parse_qs parse_qsl quote quote_plus unquote unquote_plus urlencode urljoin urlparse urlsplit "
    "urlunparse urlunsplit",
    "uuid": "NAMESPACE_DNS NAMESPACE_URL UUID uuid3 uuid4 uuid5",
    "typing": "Any Awaitable Callable Dict FrozenSet Generator Iterable Iterator List Literal Mapping Optional "
    "Sequence Set Tuple Union cast",
}
"""Module to the members that programs see."""

ASKED_BY_C = frozenset({"_strptime", "warnings"})
"""Modules that C code such as `datetime.strptime` imports through the program's own `__import__`. It ignores what it
gets and takes the real one, so an empty façade will do."""

IMPORTED_LATE = (
    "_strptime",
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.latin_1",
    "encodings.utf_16",
    "unicodedata",
)
"""What the interpreter itself imports when a program first needs it: too late, for then no file can be opened."""

OTHERS = ("asyncio", "dataclasses", "json", "urllib")
AVAILABLE = tuple(sorted({*MEMBERS, *OTHERS} - {"urllib"}))

OFFERED = f"Modules: {', '.join(AVAILABLE)}."

NETWORK = "requests httpx aiohttp urllib3 urllib.request http socket ssl websockets fastapi flask"
SYSTEM = "os sys subprocess pathlib shutil io tempfile glob platform ctypes threading multiprocessing"

CONSTRUCTED_NAMES = frozenset({"from_iterable"})


DECODED = "It is already decoded: remove json.loads."


class Modules:
    """Answers imports."""

    def __init__(
        self, *, injected: Iterable[str], asyncio_facade: Callable[[], Facade], attributes: Attributes
    ) -> None:
        self._attributes = attributes
        self._injected = frozenset(injected)
        self._asyncio_facade = asyncio_facade
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
        if name == "asyncio":
            return self._asyncio_facade()
        if name == "json":
            return Facade("json", JSON_MEMBERS)
        if name == "dataclasses":
            return Facade("dataclasses", DATACLASS_MEMBERS)
        if name == "urllib":
            return Facade("urllib", {"parse": self.load("urllib.parse")})
        module = importlib.import_module(name)
        members = {each: getattr(module, each) for each in MEMBERS[name].split() if hasattr(module, each)}
        if name in PREPARE:
            PREPARE[name](module, members, self._attributes)
        return Facade(name, members)

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
        if name not in MEMBERS and name not in OTHERS:
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


JSON_MEMBERS = {"dumps": _dumps, "loads": _loads, "JSONDecodeError": json.JSONDecodeError}


def _wraps(wrapped: Callable[..., Any]) -> Callable[[Any], Any]:
    """`functools.wraps` for functions: the standard one reads and sets whatever attributes it is told to."""

    def wrap(wrapper: Any) -> Any:
        if isinstance(wrapper, FunctionType) and isinstance(wrapped, FunctionType):
            wrapper.__name__ = wrapped.__name__
        return wrapper

    return wrap


def _prepare_collections(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    def namedtuple(typename: str, field_names: Any, *, defaults: Any = None) -> type:
        kind = module.namedtuple(typename, field_names, defaults=defaults)
        attributes.open(kind, {*kind._fields, "_asdict", "_fields", "_make", "_replace", "count", "index"})
        return kind  # type: ignore[no-any-return] # of a module that was imported by name

    members["namedtuple"] = namedtuple


def _prepare_datetime(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    for name in ("date", "datetime", "time", "timedelta", "timezone"):
        attributes.open(getattr(module, name))


def _prepare_time(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    attributes.open(module.struct_time)


def _prepare_random(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    attributes.open(module.Random, (name for name in MEMBERS["random"].split() if name != "Random"))


def _prepare_itertools(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    attributes.open(module.chain, CONSTRUCTED_NAMES)


def _prepare_functools(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    members["wraps"] = _wraps
    attributes.open(module.partial, ("func", "args", "keywords"))
    attributes.open(type(module.lru_cache(abs)), ("cache_clear", "cache_info"))


def _prepare_hashlib(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    for constructor in list(members.values()):
        attributes.open(
            type(constructor()), ("block_size", "copy", "digest", "digest_size", "hexdigest", "name", "update")
        )


def _prepare_urllib(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    for kind in (module.ParseResult, module.SplitResult):
        names = {"geturl", "hostname", "port", "username", "password", "_replace", "_asdict"}
        attributes.open(kind, names | set(kind._fields))


def _prepare_uuid(module: Any, members: dict[str, Any], attributes: Attributes) -> None:
    attributes.open(module.UUID, ("bytes", "fields", "hex", "int", "urn", "version"))


PREPARE: dict[str, Callable[[Any, dict[str, Any], Attributes], None]] = {
    "collections": _prepare_collections,
    "datetime": _prepare_datetime,
    "functools": _prepare_functools,
    "hashlib": _prepare_hashlib,
    "itertools": _prepare_itertools,
    "random": _prepare_random,
    "time": _prepare_time,
    "urllib.parse": _prepare_urllib,
    "uuid": _prepare_uuid,
}
"""What a module needs besides its members: types whose instances programs read."""

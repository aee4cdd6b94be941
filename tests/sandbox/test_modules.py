"""Every member of every module and every attribute that is listed works in a real worker, which loads nothing late."""

# ruff: noqa: E501 - tables of expressions read best with one to a line

import ast

import pytest

from code_sandbox._python import allowed

ASYNCIO = {
    "ALL_COMPLETED": "asyncio.ALL_COMPLETED", "FIRST_COMPLETED": "asyncio.FIRST_COMPLETED", "FIRST_EXCEPTION": "asyncio.FIRST_EXCEPTION",
    "BoundedSemaphore": "await asyncio.BoundedSemaphore(1).acquire()", "Semaphore": "await asyncio.Semaphore(1).acquire()", "Lock": "await asyncio.Lock().acquire()",
    "CancelledError": "asyncio.CancelledError.__name__", "InvalidStateError": "asyncio.InvalidStateError('x').args", "TimeoutError": "asyncio.TimeoutError is TimeoutError",
    "Event": "not asyncio.Event().is_set()", "TaskGroup": "asyncio.TaskGroup()", "as_completed": "[await x for x in asyncio.as_completed([asyncio.sleep(0, 3)])] == [3]",
    "create_task": "await asyncio.create_task(asyncio.sleep(0, 3))", "ensure_future": "await asyncio.ensure_future(asyncio.sleep(0, 3))", "current_task": "asyncio.current_task().get_name()",
    "gather": "await asyncio.gather(asyncio.sleep(0, 3)) == [3]", "run": "asyncio.run(asyncio.sleep(0, 3))", "sleep": "await asyncio.sleep(0, 3)", "timeout": "not asyncio.timeout(1).expired()",
    "wait": "len((await asyncio.wait([asyncio.sleep(0)]))[0])", "wait_for": "await asyncio.wait_for(asyncio.sleep(0, 3), 9)",
}  # fmt: skip
BASE64 = {
    name: f"base64.{name[:-6]}decode(base64.{name[:-6]}encode(b'a b')) == b'a b'" for name in allowed.MODULES["base64"]
}
COLLECTIONS = {
    "ChainMap": "collections.ChainMap({'a': 1}, {'b': 2}).new_child({'c': 3})['b']", "Counter": "collections.Counter('aab') + collections.Counter('b')",
    "OrderedDict": "collections.OrderedDict(a=1).popitem()", "defaultdict": "collections.defaultdict(list)['a'] == []", "deque": "collections.deque([1, 2], maxlen=1).maxlen",
    "namedtuple": "collections.namedtuple('P', 'x y', defaults=[2])(1)._replace(x=3)._asdict() == {'x': 3, 'y': 2}",
}  # fmt: skip
DATACLASSES = dict.fromkeys(
    allowed.MODULES["dataclasses"],
    "dataclasses.asdict(dataclasses.replace(P(1), x=2)) == {'x': 2, 'y': []} and dataclasses.is_dataclass(P)",
)
DATETIME = {
    "MAXYEAR": "datetime.MAXYEAR", "MINYEAR": "datetime.MINYEAR", "UTC": "datetime.datetime.now(datetime.UTC).tzname() == 'UTC'",
    "date": "datetime.date.fromisoformat('2026-01-02').isocalendar().week", "datetime": "datetime.datetime.strptime('2 Jan 2026 +0100', '%d %b %Y %z').strftime('%A %j %U %x %X %c')",
    "time": "datetime.time(3).isoformat()", "timedelta": "datetime.timedelta(days=1).total_seconds()", "timezone": "datetime.timezone(datetime.timedelta(hours=1), 'X').tzname(None)",
}  # fmt: skip
FUNCTOOLS = {
    "cache": "functools.cache(abs)(-1)", "cmp_to_key": "sorted([2, 1], key=functools.cmp_to_key(lambda a, b: a - b)) == [1, 2]", "lru_cache": "functools.lru_cache(maxsize=2)(abs)(-1)",
    "partial": "functools.partial(max, 3)(1)", "reduce": "functools.reduce(lambda a, b: a + b, [1, 2])", "wraps": "functools.wraps(abs)(lambda x: 5)(1)",
}  # fmt: skip
HASHLIB = {name: f"len(hashlib.{name}(b'a').hexdigest()) > 30" for name in allowed.MODULES["hashlib"]}
ITERTOOLS = {
    "accumulate": "accumulate([1, 2])", "batched": "batched([1, 2, 3], 2)", "chain": "chain([1], [2])", "combinations": "combinations('ab', 2)", "combinations_with_replacement": "combinations_with_replacement('ab', 2)",
    "compress": "compress('ab', [1, 0])", "count": "islice(itertools.count(), 2)", "cycle": "islice(itertools.cycle('a'), 2)", "dropwhile": "dropwhile(lambda x: x < 1, [0, 1])",
    "filterfalse": "filterfalse(lambda x: x, [0])", "groupby": "groupby('aab')", "islice": "islice('abc', 2)", "pairwise": "pairwise('abc')", "permutations": "permutations('ab')",
    "product": "product('ab', repeat=2)", "repeat": "repeat(1, 2)", "starmap": "starmap(pow, [(2, 3)])", "takewhile": "takewhile(lambda x: x < 2, [1, 2])", "tee": "tee('ab')", "zip_longest": "zip_longest('a', 'bc')",
}  # fmt: skip
JSON = {
    "JSONDecodeError": "json.JSONDecodeError('no', '{', 0).msg", "dumps": "json.dumps({'é': (1, datetime.date(2026, 1, 2), {3})}, indent=1, sort_keys=True)",
    "loads": "json.loads(b'[1.5, 1e3, \"\\\\u00e9\", null]')",
}  # fmt: skip
MATH = {
    **{name: f"math.{name}(0.5) is not None" for name in allowed.MODULES["math"]},
    **{name: f"math.{name}" for name in ("e", "inf", "nan", "pi", "tau")},
    **{name: f"math.{name}(2, 1) is not None" for name in ("atan2", "comb", "copysign", "fmod", "gcd", "hypot", "isclose", "lcm", "ldexp", "nextafter", "perm", "pow", "remainder")},
    **{name: f"math.{name}([1, 2])" for name in ("fsum", "prod")},
    "acosh": "math.acosh(2)", "dist": "math.dist([1], [2])", "factorial": "math.factorial(5)", "isqrt": "math.isqrt(9)",
}  # fmt: skip
TWO = "add and_ concat contains countOf eq floordiv ge getitem gt indexOf is_ is_not itemgetter le lshift lt mod mul ne or_ pow rshift sub truediv xor"
OPERATOR = {
    **{name: f"operator.{name}(1, 2) is not None" for name in TWO.split()},
    **{name: f"operator.{name}(1) is not None" for name in ("abs", "inv", "invert", "neg", "not_", "pos", "truth")},
    "concat": "operator.concat('a', 'b')", "contains": "operator.contains('ab', 'b')", "countOf": "operator.countOf('ab', 'b')", "getitem": "operator.getitem('ab', 1)",
    "indexOf": "operator.indexOf('ab', 'b')", "itemgetter": "operator.itemgetter(1)('ab')",
}  # fmt: skip
RANDOM = {
    **{name: f"random.{name}(1, 2) is not None" for name in ("betavariate", "gammavariate", "gauss", "lognormvariate", "normalvariate", "randint", "randrange", "triangular", "uniform", "vonmisesvariate", "weibullvariate")},
    **{name: f"random.{name}(9)" for name in ("expovariate", "paretovariate", "randbytes")},
    "Random": "random.Random('seed').random() == random.Random('seed').random()", "choice": "random.choice([3])", "choices": "random.choices([3], weights=[1], k=2)", "getrandbits": "random.getrandbits(99)",
    "random": "random.random()", "sample": "random.sample(range(9), 2)", "seed": "random.seed() is None and random.seed(b'x') is None", "shuffle": "random.shuffle([1, 2]) is None",
}  # fmt: skip
FLAGS = "A ASCII DOTALL I IGNORECASE M MULTILINE S U UNICODE VERBOSE X"
RE = {
    **{name: f"re.search('A', 'A', re.{name})" for name in FLAGS.split()},
    **{name: f"re.search(b'A', b'A', re.{name})" for name in ("L", "LOCALE")},
    **{name: f"re.{name}('(?i)a(?P<x>.)', 'AB') is not None" for name in ("findall", "finditer", "fullmatch", "match", "search", "split")},
    "Match": "re.Match", "Pattern": "re.Pattern", "NOFLAG": "re.NOFLAG == 0", "compile": "re.compile(r'\\w(?=ß)', re.I | re.X).pattern", "error": "re.error('x').args", "escape": "re.escape('.')",
    "sub": "re.sub('a', '\\\\g<0>b', 'a')", "subn": "re.subn('a', 'b', 'a')",
}  # fmt: skip
STATISTICS = {
    **{name: f"statistics.{name}([1, 2, 4, 4]) is not None" for name in allowed.MODULES["statistics"]},
    **{name: f"statistics.{name}([1, 2, 4], [1, 2, 5])" for name in ("correlation", "covariance")},
    "NormalDist": "statistics.NormalDist.from_samples([1, 2, 3]).cdf(2) + (statistics.NormalDist(1, 2) + 3).mean", "StatisticsError": "statistics.StatisticsError('x').args",
    "linear_regression": "statistics.linear_regression([1, 2], [2, 4]).slope", "quantiles": "statistics.quantiles([1, 2, 3], n=4)",
}  # fmt: skip
STRING = {
    **{name: f"string.{name}" for name in allowed.MODULES["string"]},
    "capwords": "string.capwords('a b') == 'A B'",
}
TEXTWRAP = {
    "dedent": "textwrap.dedent(' a')", "fill": "textwrap.fill('a b ' * 30, width=20)", "indent": "textwrap.indent('a', ' ')", "shorten": "textwrap.shorten('a b c d', 5, placeholder='…')", "wrap": "textwrap.wrap('well-known — ' * 30)",
}  # fmt: skip
TIME = {
    **{name: f"time.{name}() is not None" for name in ("asctime", "ctime", "gmtime", "localtime", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "time", "time_ns")},
    "mktime": "time.mktime(time.gmtime()) > 0", "sleep": "time.sleep(0) is None", "strftime": "time.strftime('%c %Z')", "strptime": "time.strptime('2026', '%Y').tm_year",
}  # fmt: skip
TYPING = {
    **{name: f"typing.{name}" for name in ("Any", "Callable", "Literal")},
    **{name: f"typing.{name}[int]" for name in ("Awaitable", "FrozenSet", "Iterable", "Iterator", "List", "Optional", "Sequence", "Set", "Tuple", "Union")},
    **{name: f"typing.{name}[int, str]" for name in ("Dict", "Mapping")},
    "Generator": "typing.Generator[int, None, None]", "cast": "typing.cast(int, 5)",
}  # fmt: skip
PARSE = {
    **{name: f"urllib.parse.{name}('http://u:p@h:1/a%20b?c=ä&d#e')" for name in ("parse_qs", "parse_qsl", "quote", "quote_plus", "unquote", "unquote_plus", "unquote_to_bytes", "urldefrag", "urlparse", "urlsplit")},
    "quote_from_bytes": "urllib.parse.quote_from_bytes(b' ')", "urlencode": "urllib.parse.urlencode({'a': ['ä']}, doseq=True)", "urljoin": "urllib.parse.urljoin('http://h/a', 'b')",
    "urlunparse": "urllib.parse.urlunparse(urllib.parse.urlparse('http://h/a;b?c#d'))", "urlunsplit": "urllib.parse.urlunsplit(urllib.parse.urlsplit('http://[::1]:2/a'))",
}  # fmt: skip
UUID = {
    "NAMESPACE_DNS": "uuid.NAMESPACE_DNS.hex", "NAMESPACE_URL": "uuid.NAMESPACE_URL.urn", "UUID": "uuid.UUID(int=5).int", "uuid3": "uuid.uuid3(uuid.NAMESPACE_URL, 'x')", "uuid4": "uuid.uuid4() != uuid.uuid4()", "uuid5": "str(uuid.uuid5(uuid.NAMESPACE_URL, 'x'))",
}  # fmt: skip

MEMBERS = {
    "asyncio": ASYNCIO, "base64": BASE64, "collections": COLLECTIONS, "dataclasses": DATACLASSES, "datetime": DATETIME, "functools": FUNCTOOLS, "hashlib": HASHLIB,
    "itertools": {name: f"list(itertools.{text})" for name, text in ITERTOOLS.items()},
    "json": JSON, "math": MATH, "operator": OPERATOR, "random": RANDOM, "re": RE, "statistics": STATISTICS, "string": STRING, "textwrap": TEXTWRAP, "time": TIME, "typing": TYPING,
    "urllib": {"parse": "urllib.parse.quote('a')"}, "urllib.parse": PARSE, "uuid": UUID,
}  # fmt: skip

PREPARED = """
import dataclasses
@dataclasses.dataclass
class P:
    x: int
    y: list = dataclasses.field(default_factory=list)
"""


def test_every_listed_member_has_an_expression() -> None:
    assert {module: set(members) for module, members in MEMBERS.items()} == {
        module: set(members) for module, members in allowed.MODULES.items()
    }


@pytest.mark.parametrize("module", MEMBERS.keys())
async def test_every_member_of_a_module_works(run, module):
    tests = "\n".join(
        f"try:\n    if not ({text}): wrong[{name!r}] = 'nothing'\nexcept Exception as e:\n    wrong[{name!r}] = repr(e)"
        for name, text in MEMBERS[module].items()
    )
    outcome = await run(f"import {module}{PREPARED}wrong = {{}}\n{tests}\nreturn wrong")
    assert outcome.failure is None
    assert outcome.value == {}


VALUES = {
    "str": "'a'", "bytes": "b'a'", "bytearray": "bytearray(b'a')", "bool": "True", "int": "1", "float": "1.5", "complex": "1j", "list": "[1]", "tuple": "(1,)", "dict": "{1: 2}", "set": "{1}", "frozenset": "frozenset()",
    "range": "range(2)", "slice": "slice(2)", "dict_keys": "{}.keys()", "dict_values": "{}.values()", "dict_items": "{}.items()", "property": "property(abs)",
    "deque": "collections.deque()", "Counter": "collections.Counter()", "OrderedDict": "collections.OrderedDict()", "defaultdict": "collections.defaultdict(int)", "ChainMap": "collections.ChainMap()",
    "Pattern": "re.compile('a')", "Match": "re.match('a', 'a')", "date": "datetime.date(2026, 1, 2)", "datetime": "datetime.datetime(2026, 1, 2)", "time": "datetime.time(1)", "timedelta": "datetime.timedelta(1)",
    "timezone": "datetime.timezone.utc", "IsoCalendarDate": "datetime.date(2026, 1, 2).isocalendar()", "struct_time": "time.gmtime(0)", "Random": "random.Random(1)",
    "LinearRegression": "statistics.linear_regression([1, 2], [1, 2])", "NormalDist": "statistics.NormalDist(1, 2)", "chain": "itertools.chain", "partial": "functools.partial(abs)",
    "lru_cache": "functools.cache(abs)", "CacheInfo": "functools.cache(abs).cache_info()", "hash": "hashlib.sha3_224()", "ParseResult": "urllib.parse.urlparse('http://h')",
    "SplitResult": "urllib.parse.urlsplit('http://h')", "DefragResult": "urllib.parse.urldefrag('http://h#a')", "UUID": "uuid.UUID(int=1)",
}  # fmt: skip


def test_every_listed_type_has_a_value() -> None:
    assert VALUES.keys() == allowed.ATTRIBUTES.keys()


async def test_every_listed_attribute_can_be_read(run):
    names = {kind: sorted(names) for kind, names in allowed.ATTRIBUTES.items()}
    values = ", ".join(f"{kind!r}: {text}" for kind, text in VALUES.items())
    outcome = await run(
        f"import hashlib, urllib.parse, uuid\nnames = {names}\nvalues = {{{values}}}\n"
        "return [[kind, name] for kind, value in values.items() for name in names[kind] if not hasattr(value, name)]"
    )
    assert outcome.value == []


CODECS = ("ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp1252")


@pytest.mark.parametrize("codec", CODECS)
async def test_a_codec_works_and_so_do_its_error_handlers(run, codec):
    outcome = await run(
        f"back = 'a'.encode('{codec}').decode('{codec}')\n"
        f"[back, *('a\\ud800'.encode('{codec}', errors=e) != b'' for e in ('ignore', 'replace', 'backslashreplace', 'xmlcharrefreplace'))]"
    )
    assert outcome.failure is None
    assert outcome.value == ["a", True, True, True, True]


LATE = {
    "names of characters": ("'\\N{BULLET}'", "•"),
    "a name in capitals": ("'ǆß'.title() + 'İ'.lower()", "ǅßi̇"),
    "a date with the name of a day": ("datetime.datetime.strptime('Fri 02 Jan 2026', '%a %d %b %Y').day", 2),
    "time in words": ("time.strptime('12:30 PM', '%I:%M %p').tm_hour", 12),
    "format specifications": ("f'{1234.5:,.2f} {5:08b} {255:#x} {0.5:%} {1e9:n} {datetime.date(2026, 1, 2):%d/%m}'", "1,234.50 00000101 0xff 50.000000% 1e+09 02/01"),
    "a warning of the library": ("datetime.datetime.utcfromtimestamp(0).year", 1970),
    "a warning of the compiler": ("x = '\\d' if 1 is 1 else 0\nx", "\\d"),
    "exact fractions": ("statistics.mean([0.1, 0.2, 0.3, 10**30]) > 0", True),
    "hashes of text": ("len({hash(x) for x in ('a', 1.5, None, (1, 'b'), frozenset([1]))})", 5),
    "sorting by locale rules": ("sorted(['ä', 'z', 'a'], key=str.casefold)", ["a", "z", "ä"]),
    "an error inside an error": ("try:\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        raise ValueError('x') from e\nexcept ValueError as e:\n    r = repr(e)\nr", "ValueError('x')"),
    "base85": ("base64.b85encode(b'abcd').decode()", "VPa!s"),
    "a large number as text": ("len(str(10**4000))", 4001),
    "unicode in regular expressions": ("re.findall(r'\\w+', 'naïve Straße 東京', re.I)", ["naïve", "Straße", "東京"]),
    "an url with other letters": ("from urllib.parse import urlsplit\nurlsplit('http://bücher.example/ä').hostname", "bücher.example"),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE.keys())
async def test_what_the_interpreter_would_load_late_is_there(run, name):
    program, value = LATE[name]
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == value


async def test_chance_is_another_in_each_program(run):
    program = "import uuid\n[random.random(), str(uuid.uuid4()), random.Random().random()]"
    first, second = (await run(program)).value, (await run(program)).value
    assert [a == b for a, b in zip(first, second, strict=True)] == [False, False, False]


def test_every_allowed_node_is_one_of_the_language() -> None:
    assert {name for name in allowed.NODES if not hasattr(ast, name)} == set()

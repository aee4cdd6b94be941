"""What a Python program may use: the whole language policy as data. What is not listed here is closed.

Nothing is computed from what the interpreter has, so a later version of Python opens nothing by itself.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NODES = _words("""
    Module Expr Assign AugAssign AnnAssign Delete Pass Assert Raise Return Global Nonlocal Import ImportFrom alias
    If For While Break Continue Try ExceptHandler With withitem AsyncFor AsyncWith
    FunctionDef AsyncFunctionDef ClassDef Lambda arguments arg keyword Yield YieldFrom Await
    Match match_case MatchValue MatchSingleton MatchSequence MatchMapping MatchClass MatchStar MatchAs MatchOr
    Constant JoinedStr FormattedValue Name Attribute Subscript Slice Starred Call IfExp NamedExpr
    List Tuple Set Dict ListComp SetComp DictComp GeneratorExp comprehension
    BoolOp BinOp UnaryOp Compare Load Store Del
    And Or Add Sub Mult MatMult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv Invert Not UAdd USub
    Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn
""")
"""Kinds of nodes of the syntax tree. The policy's own rules come on top."""

WORDS = {
    "TryStar": "`except*`",
    "TypeAlias": "a `type` statement",
    "TemplateStr": "a t-string",
    **dict.fromkeys(("TypeVar", "ParamSpec", "TypeVarTuple"), "a type parameter in brackets"),
}
"""What programs call the kinds that are refused."""

METHOD_DUNDERS = _words("""
    __init__ __post_init__ __repr__ __str__ __len__ __bool__ __hash__ __format__ __call__ __contains__
    __getitem__ __setitem__ __delitem__ __reversed__ __iter__ __next__ __aiter__ __anext__
    __enter__ __exit__ __aenter__ __aexit__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__
    __add__ __radd__ __iadd__ __sub__ __rsub__ __isub__ __mul__ __rmul__ __imul__
    __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__ __pow__ __neg__ __pos__ __abs__ __invert__
    __and__ __rand__ __or__ __ror__ __xor__ __rxor__ __int__ __float__ __index__ __round__
""")
"""What a program's class may define. Left out are those that change what a name or an attribute means."""

READABLE_DUNDERS = _words("__name__ __class__ __dict__")
"""Attributes whose reading the guard answers for some types: with a text, a name to print, and a copy."""

PATTERN_CLASSES = _words("str int float bool bytes list tuple dict set frozenset")
"""What a class pattern of `match` may name."""

BUILTINS = _words("""
    abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate
    filter float format frozenset hash hex id int isinstance issubclass iter len list map max min next
    object oct ord pow property range repr reversed round set slice sorted staticmethod str sum tuple
    zip aiter anext NotImplemented Ellipsis
""")
"""Names taken as they are. `getattr`, `setattr`, `type`, `print` and the like are our own."""

EXCEPTION_CLASSES = _words("""
    ArithmeticError AssertionError AttributeError BufferError ConnectionError EOFError Exception
    ExceptionGroup FileNotFoundError FloatingPointError ImportError IndexError IOError KeyError
    LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError
    PermissionError RecursionError RuntimeError StopAsyncIteration StopIteration SyntaxError
    TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
    ValueError Warning UserWarning DeprecationWarning RuntimeWarning ZeroDivisionError
""")
"""None is above `Exception`: what ends a program at a limit cannot be caught."""

_NUMBER = "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes"
_DICT = "clear copy fromkeys get items keys pop popitem setdefault update values"
_BYTES = """
    capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha isascii isdigit islower
    isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex
    rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill
"""
_LIST = "append clear copy count extend index insert pop remove reverse"
_DATE = "ctime day fromisocalendar fromisoformat fromordinal fromtimestamp isocalendar isoformat isoweekday max min "
_DATE += "month replace resolution strftime timetuple today toordinal weekday year"
_TIME = "dst fold hour isoformat max microsecond min minute replace resolution second strftime tzinfo tzname utcoffset"
_NETLOC = "_asdict _replace fragment geturl hostname netloc password path port query scheme username"

ATTRIBUTES: dict[str, frozenset[str]] = {
    "str": _words("""
        capitalize casefold center count encode endswith expandtabs find index isalnum isalpha isascii isdecimal
        isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans
        partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines
        startswith strip swapcase title translate upper zfill
    """),
    "bytes": _words(_BYTES),
    "bytearray": _words(f"{_BYTES} {_LIST}"),
    "bool": _words(_NUMBER),
    "int": _words(_NUMBER),
    "float": _words("as_integer_ratio conjugate fromhex hex imag is_integer real"),
    "complex": _words("conjugate imag real"),
    "list": _words(f"{_LIST} sort"),
    "tuple": _words("count index"),
    "dict": _words(_DICT),
    "set": _words("""
        add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset
        issuperset pop remove symmetric_difference symmetric_difference_update union update
    """),
    "frozenset": _words("copy difference intersection isdisjoint issubset issuperset symmetric_difference union"),
    "range": _words("count index start step stop"),
    "slice": _words("indices start step stop"),
    "dict_keys": _words("isdisjoint"),
    "dict_values": frozenset(),
    "dict_items": _words("isdisjoint"),
    "property": _words("deleter getter setter"),
    "deque": _words(f"{_LIST} appendleft extendleft maxlen popleft rotate"),
    "Counter": _words(f"{_DICT} elements most_common subtract total"),
    "OrderedDict": _words(f"{_DICT} move_to_end"),
    "defaultdict": _words(f"{_DICT} default_factory"),
    "ChainMap": _words(f"{_DICT} new_child parents"),
    "Pattern": _words("findall finditer flags fullmatch groupindex groups match pattern search split sub subn"),
    "Match": _words("end endpos expand group groupdict groups lastgroup lastindex pos re regs span start string"),
    "date": _words(_DATE),
    "datetime": _words(f"""
        {_DATE} {_TIME} astimezone combine date now strptime time timestamp timetz utcfromtimestamp utcnow utctimetuple
    """),
    "time": _words(f"{_TIME} fromisoformat"),
    "timedelta": _words("days max microseconds min resolution seconds total_seconds"),
    "timezone": _words("dst fromutc max min tzname utc utcoffset"),
    "IsoCalendarDate": _words("count index week weekday year"),
    "struct_time": _words("""
        count index tm_gmtoff tm_hour tm_isdst tm_mday tm_min tm_mon tm_sec tm_wday tm_yday tm_year tm_zone
    """),
    "Random": _words("""
        betavariate choice choices expovariate gammavariate gauss getrandbits lognormvariate normalvariate paretovariate
        randbytes randint random randrange sample seed shuffle triangular uniform vonmisesvariate weibullvariate
    """),
    "LinearRegression": _words("_asdict count index intercept slope"),
    "NormalDist": _words("""
        cdf from_samples inv_cdf mean median mode overlap pdf quantiles samples stdev variance zscore
    """),
    "chain": _words("from_iterable"),
    "partial": _words("args func keywords"),
    "lru_cache": _words("cache_clear cache_info"),
    "CacheInfo": _words("_asdict count currsize hits index maxsize misses"),
    "hash": _words("block_size copy digest digest_size hexdigest name update"),
    "ParseResult": _words(f"{_NETLOC} count index params"),
    "SplitResult": _words(f"{_NETLOC} count index"),
    "DefragResult": _words("_asdict count fragment geturl index url"),
    "UUID": _words("bytes fields hex int urn version"),
}
"""Type to the names readable on its instances, and, unbound, on the class. The exact type counts, no subclass.

Strings also have `format` and `format_map`, in a form of our own whose fields go through the guard.
"""

NAMED_TUPLE = _words("_asdict _fields _make _replace count index")
"""Readable on what a program's own named tuples make, besides their fields."""

CHANGEABLE = _words("list dict bytearray deque Counter OrderedDict defaultdict ChainMap Record")
"""Types whose items and attributes programs may set and delete. Their own classes come on top."""

ON_ERRORS = _words("args message")
"""Readable on every exception. What else the interpreter keeps there may be objects: `AttributeError` has `obj`."""

ON_SOME_ERRORS = {
    "StopIteration": _words("value"),
    "ExceptionGroup": _words("exceptions"),
    "JSONDecodeError": _words("msg doc pos lineno colno"),
}

MODULES: dict[str, frozenset[str]] = {
    "asyncio": _words("""
        ALL_COMPLETED BoundedSemaphore CancelledError Event FIRST_COMPLETED FIRST_EXCEPTION InvalidStateError Lock
        Semaphore TaskGroup TimeoutError as_completed create_task current_task ensure_future gather run sleep timeout
        wait wait_for
    """),
    "base64": _words("""
        a85decode a85encode b16decode b16encode b32decode b32encode b64decode b64encode b85decode b85encode
        standard_b64decode standard_b64encode urlsafe_b64decode urlsafe_b64encode
    """),
    "collections": _words("ChainMap Counter OrderedDict defaultdict deque namedtuple"),
    "dataclasses": _words("asdict dataclass field is_dataclass replace"),
    "datetime": _words("MAXYEAR MINYEAR UTC date datetime time timedelta timezone"),
    "functools": _words("cache cmp_to_key lru_cache partial reduce wraps"),
    "hashlib": _words("""
        blake2b blake2s md5 sha1 sha224 sha256 sha384 sha3_224 sha3_256 sha3_384 sha3_512 sha512
    """),
    "itertools": _words("""
        accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse
        groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest
    """),
    "json": _words("JSONDecodeError dumps loads"),
    "math": _words("""
        acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2 expm1
        fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma
        log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt tan tanh tau trunc ulp
    """),
    "operator": _words("""
        abs add and_ concat contains countOf eq floordiv ge getitem gt indexOf inv invert is_ is_not itemgetter le
        lshift lt mod mul ne neg not_ or_ pos pow rshift sub truediv truth xor
    """),
    "random": _words("""
        Random betavariate choice choices expovariate gammavariate gauss getrandbits lognormvariate normalvariate
        paretovariate randbytes randint random randrange sample seed shuffle triangular uniform vonmisesvariate
        weibullvariate
    """),
    "re": _words("""
        A ASCII DOTALL I IGNORECASE L LOCALE M MULTILINE Match NOFLAG Pattern S U UNICODE VERBOSE X compile error
        escape findall finditer fullmatch match search split sub subn
    """),
    "statistics": _words("""
        NormalDist StatisticsError correlation covariance fmean geometric_mean harmonic_mean linear_regression mean
        median median_grouped median_high median_low mode multimode pstdev pvariance quantiles stdev variance
    """),
    "string": _words("""
        ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation
        whitespace
    """),
    "textwrap": _words("dedent fill indent shorten wrap"),
    "time": _words("""
        asctime ctime gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns process_time sleep
        strftime strptime time time_ns
    """),
    "typing": _words("""
        Any Awaitable Callable Dict FrozenSet Generator Iterable Iterator List Literal Mapping Optional Sequence Set
        Tuple Union cast
    """),
    "urllib": _words("parse"),
    "urllib.parse": _words("""
        parse_qs parse_qsl quote quote_from_bytes quote_plus unquote unquote_plus unquote_to_bytes urldefrag urlencode
        urljoin urlparse urlsplit urlunparse urlunsplit
    """),
    "uuid": _words("NAMESPACE_DNS NAMESPACE_URL UUID uuid3 uuid4 uuid5"),
}
"""Module to the members that programs see. Where a member of the real module reads attributes on its own, ours does
not."""

WITHOUT_IMPORT = _words("""
    asyncio base64 collections datetime functools itertools json math random re statistics textwrap time
""")
"""Modules that are there without an import too: forgetting it is a frequent mistake."""

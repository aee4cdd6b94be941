"""What agents write, and what it gives."""

# ruff: noqa: E501 - tables of programs read best with one to a line

import pytest

PROGRAMS = {
    # How a program says what its value is.
    "last expression": ("1 + 1", 2),
    "top-level return": ("return 1 + 1", 2),
    "return from a block": ("for n in range(9):\n    if n == 3:\n        return n", 3),
    "return inside try": ("try:\n    return 1\nfinally:\n    x = 2", 1),
    "nothing": ("x = 1", None),
    "empty": ("", None),
    "only a comment": ("# nothing", None),
    "run(client)": ("async def run(client):\n    return (await client.books.create(title='a')).number", 1),
    "run without parameters": ("def run():\n    return 5", 5),
    "run with another name": ("async def run(api):\n    return (await api.books.create(title='a')).number", 1),
    "run with a default": ("def run(client, n=4):\n    return n", 4),
    "main()": ("async def main():\n    return 6", 6),
    "await main()": ("async def main():\n    return 6\nawait main()", 6),
    "main() without await": ("async def main():\n    return 6\nmain()", 6),
    "asyncio.run(main())": ("import asyncio\nasync def main():\n    return 6\nasyncio.run(main())", 6),
    "if __name__": ("async def main():\n    return 6\nif __name__ == '__main__':\n    asyncio.run(main())", 6),
    "main is called once": ("calls = []\ndef main():\n    calls.append(1)\nmain()\nreturn calls", [1]),
    # Markdown and indentation.
    "fence": ("```python\n1 + 1\n```", 2),
    "fence without a language": ("```\n1 + 1\n```", 2),
    "words around a fence": ("Here it is:\n\n```py\nx = 4\nx\n```\nDone.", 4),
    "tildes": ("~~~python\n3\n~~~", 3),
    "two fences": ("```\nx = 1\n```\nand\n```\nx + 1\n```", 2),
    "indented": ("    x = 1\n    if x:\n        x = 2\n    x", 2),
    "a fence inside a string": ("x = '''\n```\n'''\nlen(x)", 5),
    "future import": ("from __future__ import annotations\n7", 7),
    "windows line ends": ("x = 1\r\nx + 1\r\n", 2),
    # Asynchronous code.
    "await": ("async def f():\n    return 3\nawait f()", 3),
    "async for": ("async def f():\n    yield 1\n    yield 2\nr = []\nasync for n in f():\n    r.append(n)\nr", [1, 2]),
    "async for with a tuple": (
        "async def f():\n    yield 1, (2, 3)\nasync for a, (b, c) in f():\n    pass\n[a, b, c]",
        [1, 2, 3],
    ),
    "async for with else": ("async def f():\n    yield 1\nasync for n in f():\n    pass\nelse:\n    n = 9\nn", 9),
    "async comprehension": ("async def f():\n    yield 1\n    yield 2\n[n * 2 async for n in f() if n]", [2, 4]),
    "await in a comprehension": ("async def f(n):\n    return n\n[await f(n) for n in range(3)]", [0, 1, 2]),
    "async generator expression": ("async def f():\n    yield 1\n[n async for n in (m async for m in f())]", [1]),
    "async with": (
        "class K:\n    async def __aenter__(self): return 1, 2\n    async def __aexit__(self, *e): pass\n"
        "async with K() as (a, b):\n    r = a + b\nr",
        3,
    ),
    "gather": ("async def f(n):\n    await asyncio.sleep(0)\n    return n\nawait asyncio.gather(f(1), f(2))", [1, 2]),
    "gather with exceptions": (
        "async def f():\n    raise ValueError('no')\n"
        "r = await asyncio.gather(f(), asyncio.sleep(0, 5), return_exceptions=True)\n[str(r[0]), r[1]]",
        ["no", 5],
    ),
    "gather raises the first failure": (
        "async def f():\n    raise ValueError('no')\n"
        "try:\n    await asyncio.gather(f(), asyncio.sleep(60))\nexcept ValueError as e:\n    r = str(e)\nr",
        "no",
    ),
    "create_task": ("async def f():\n    return 4\nt = asyncio.create_task(f())\n[t.done(), await t, t.result()]", [False, 4, 4]),
    "cancel a task": (
        "t = asyncio.create_task(asyncio.sleep(60))\nawait asyncio.sleep(0)\nt.cancel()\n"
        "try:\n    await t\nexcept asyncio.CancelledError:\n    r = t.cancelled()\nr",
        True,
    ),
    "exception of a task": (
        "async def f():\n    return 1 / 0\nt = asyncio.create_task(f())\nawait asyncio.wait([t])\n"
        "type(t.exception()).__name__",
        "ZeroDivisionError",
    ),
    "wait_for": ("try:\n    await asyncio.wait_for(asyncio.sleep(60), 0.01)\nexcept TimeoutError:\n    r = 'late'\nr", "late"),
    "wait_for in time": ("await asyncio.wait_for(asyncio.sleep(0, 8), timeout=60)", 8),
    "timeout": (
        "try:\n    async with asyncio.timeout(0.01):\n        await asyncio.sleep(60)\n"
        "except asyncio.TimeoutError:\n    r = 'late'\nr",
        "late",
    ),
    "as_completed": (
        "async def f(n):\n    await asyncio.sleep(n)\n    return n\n"
        "[await t for t in asyncio.as_completed([f(0.02), f(0)])]",
        [0, 0.02],
    ),
    "wait": (
        "ts = [asyncio.create_task(asyncio.sleep(n)) for n in (0, 60)]\n"
        "done, pending = await asyncio.wait(ts, return_when=asyncio.FIRST_COMPLETED)\n"
        "[len(done), len(pending)]",
        [1, 1],
    ),
    "semaphore": (
        "s = asyncio.Semaphore(2)\nn = most = 0\nasync def f():\n    global n, most\n    async with s:\n"
        "        n += 1\n        most = max(n, most)\n        await asyncio.sleep(0)\n        n -= 1\n"
        "await asyncio.gather(*(f() for _ in range(6)))\nmost",
        2,
    ),
    "lock and event": (
        "e, l, r = asyncio.Event(), asyncio.Lock(), []\nasync def f():\n    await e.wait()\n    async with l:\n"
        "        r.append(e.is_set())\nt = asyncio.create_task(f())\nawait asyncio.sleep(0)\ne.set()\nawait t\nr",
        [True],
    ),
    "task group": (
        "async with asyncio.TaskGroup() as g:\n    a = g.create_task(asyncio.sleep(0, 1))\n"
        "    b = g.create_task(asyncio.sleep(0, 2))\n[a.result(), b.result()]",
        [1, 2],
    ),
    "task group that fails": (
        "async def f():\n    raise ValueError('no')\ntry:\n    async with asyncio.TaskGroup() as g:\n"
        "        g.create_task(f())\n        t = g.create_task(asyncio.sleep(60))\n"
        "except ValueError as e:\n    r = [str(e), t.cancelled()]\nr",
        ["no", True],
    ),
    "order of sleeps": (
        "r = []\nasync def f(n):\n    await asyncio.sleep(n / 100)\n    r.append(n)\n"
        "await asyncio.gather(f(2), f(0), f(1))\nr",
        [0, 1, 2],
    ),
    # Statements.
    "match": (
        "r = []\nfor v in (1, 'a', [1, 2, 3], {'k': 5, 'l': 6}, None, -1, (1,)):\n    match v:\n"
        "        case 1 | 2: r.append('one')\n        case str() as s if s == 'a': r.append(s)\n"
        "        case [a, b, *rest]: r.append(rest)\n        case {'k': int(k), **more}: r.append([k, more])\n"
        "        case None: r.append('none')\n        case -1: r.append('minus')\n        case _: r.append('other')\nr",
        ["one", "a", [3], [5, {"l": 6}], "none", "minus", "other"],
    ),
    "nonlocal": ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n\nf()", 2),
    "global": ("n = 0\ndef f():\n    global n\n    n += 1\nf()\nf()\nn", 2),
    "functions share the top level": ("def f():\n    return g() + n\ndef g():\n    return 1\nn = 2\nf()", 3),
    "augmented item": ("d = {'a': 1}\nd['a'] += 2\nd['a'] *= 3\nd", {"a": 9}),
    "augmented slice": ("x = [1, 2, 3]\nx[1:] += [4]\nx", [1, 2, 3, 4]),
    "augmented attribute": ("class K:\n    n = 1\nk = K()\nk.n += 4\nk.n", 5),
    "augmented name": ("n = 7\nn //= 2\nn **= 2\nn |= 6\nn", 15),
    "augmented list in place": ("a = b = [1]\na += [2]\nb", [1, 2]),
    "try else finally": ("r = []\ntry:\n    r.append(1)\nexcept ValueError:\n    pass\nelse:\n    r.append(2)\nfinally:\n    r.append(3)\nr", [1, 2, 3]),
    "bare except": ("try:\n    1 / 0\nexcept:\n    r = 'caught'\nr", "caught"),
    "raise from": ("try:\n    raise ValueError('x') from KeyError('y')\nexcept ValueError as e:\n    r = e.args[0]\nr", "x"),
    "with": ("class K:\n    def __enter__(self): return 1, [2]\n    def __exit__(self, *e): return True\nwith K() as (a, [b]):\n    1 / 0\n[a, b]", [1, 2]),
    "decorators": ("def twice(f):\n    return lambda *a, **k: [f(*a, **k)] * 2\n@twice\ndef f(x, *, y=1):\n    return x + y\nf(1, y=2)", [3, 3]),
    "generators": ("def f():\n    yield 1\n    yield from (2, 3)\nlist(f())", [1, 2, 3]),
    "lambda and walrus": ("f = lambda x, y=2: x * y\n[(n := f(3)), n]", [6, 6]),
    "walrus in a comprehension": ("r = [last := n for n in range(3)]\n[r, last]", [[0, 1, 2], 2]),
    "unpacking": ("(a, (b, *c)), d = (1, (2, 3, 4)), 5\n[*c, a, b, d]", [3, 4, 1, 2, 5]),
    "chained assignment": ("calls = []\ndef f():\n    calls.append(1)\n    return 1, 2\na, b = c = f()\n[a, b, c, len(calls)]", [1, 2, [1, 2], 1]),
    "comprehensions": ("[{n: m for n, m in [(1, 2)]}[1], {n for n in 'a'}, [a + b for a, b in [(1, 2)] if a]]", [2, ["a"], [3]]),
    "nested functions in loops": ("fs = [lambda n=n: n for n in range(3)]\n[f() for f in fs]", [0, 1, 2]),
    "star arguments": ("def f(a, /, b, *c, d, **e):\n    return [a, b, c, d, e]\nf(1, *[2, 3], d=4, **{'e': 5})", [1, 2, [3], 4, {"e": 5}]),
    "annotations": ("x: int = 1\ny: list[str]\ndef f(a: int, *b: str) -> 'K': return a\nf(x)", 1),
    "underscores": ("_total = 0\nfor _ in range(3):\n    _total += 1\ndef _half(_n): return _n / 2\n_half(_total)", 1.5),
    "assert": ("try:\n    assert 1 == 2, 'no'\nexcept AssertionError as e:\n    r = str(e)\nr", "no"),
    "del": ("d = {'a': 1, 'b': 2}\ndel d['a']\nx = [1, 2]\ndel x[0]\n[d, x]", [{"b": 2}, [2]]),
    "a name that shadows a builtin": ("list = 1\nlist + 1", 2),
    "printed as a name": ("printed = [1]\nprinted", [1]),
    # Expressions.
    "f-strings": ("n, s = 3.14159, 'x'\nf'{n:.2f} {s!r:>5} {n = :.1f} {{}} {[1, 2][0]}'", "3.14   'x' n = 3.1 {} 1"),
    "str.format": ("'{} {1[k]} {x.real}'.replace('{}', '{0}').format(1, {'k': 2}, x=3)", "1 2 3"),
    "automatic fields": ("'{}-{:>3}'.format('a', 1)", "a-  1"),
    "format_map": ("'{a}'.format_map({'a': 1})", "1"),
    "percent": ("'%s %05.1f %(a)s'.replace('%(a)s', '') % ('x', 2)", "x 002.0 "),
    "slices": ("x = [0, 1, 2, 3]\n[x[1:], x[::-1][0], x[-1]]", [[1, 2, 3], 3, 3]),
    "sorted by a method": ("sorted(['B', 'a'], key=str.lower)", ["a", "B"]),
    "chained comparison": ("1 < 2 <= 2 != 3", True),
    "conditional": ("'a' if [] else 'b'", "b"),
    "getattr with a default": ("[getattr('a', 'nope', 1), hasattr('a', 'upper'), hasattr('a', '__class__')]", [1, True, True]),
    "name of a type": ("try:\n    1 / 0\nexcept Exception as e:\n    r = [type(e).__name__, e.__class__.__name__]\nr", ["ZeroDivisionError"] * 2),
    "name of a function": ("def f(): pass\nf.__name__", "f"),
    "json error": ("import json\ntry:\n    json.loads('{')\nexcept json.JSONDecodeError as e:\n    r = [e.lineno, e.msg]\nr", [1, "Expecting property name enclosed in double quotes"]),
    # Classes.
    "class": (
        "class Box:\n    kind = 'box'\n    def __init__(self, *items): self._items = list(items)\n"
        "    def __len__(self): return len(self._items)\n    def __iter__(self): return iter(self._items)\n"
        "    def __getitem__(self, key): return self._items[key]\n    def __contains__(self, x): return x in self._items\n"
        "    def __eq__(self, other): return self._items == other._items\n    def __repr__(self): return f'Box{self._items}'\n"
        "    def __add__(self, other): return Box(*self, *other)\n    def __call__(self, n): return n\n"
        "    @property\n    def first(self): return self._items[0]\n    @first.setter\n    def first(self, v): self._items[0] = v\n"
        "    @staticmethod\n    def make(): return Box(9)\n    @classmethod\n    def name(cls): return cls.kind\n"
        "b = Box(1, 2)\nb.first = 5\n[len(b), list(b), b[1], 2 in b, b == Box(5, 2), str(b + Box(3)), b(4), b.first, Box.make()[0], Box.name(), b.kind]",
        [2, [5, 2], 2, True, True, "Box[5, 2, 3]", 4, 5, 9, "box", "box"],
    ),
    "super in a class method": (
        "class A:\n    size = 2\n    @classmethod\n    def make(cls, n): return [cls.__name__, cls.size, n]\n    @staticmethod\n    def two(): return 2\n"
        "class B(A):\n    size = 3\n    @classmethod\n    def make(cls, n): return super().make(n + 1) + [super().size, super().two()]\n"
        "class C(B): pass\n[A.make(0), B.make(0), C().make(0)]",
        [["A", 2, 0], ["B", 3, 1, 2, 2], ["C", 3, 1, 2, 2]],
    ),
    "super in a class method of an error": (
        "class A(Exception):\n    @classmethod\n    def of(cls, text): return cls(text.upper())\n"
        "class B(A):\n    @classmethod\n    def of(cls, text): return super().of(text + '!')\nrepr(B.of('a'))",
        "B('A!')",
    ),
    "inheritance and super": (
        "class A:\n    def __init__(self, n): self.n = n\n    def f(self): return [self.n]\n"
        "class B(A):\n    def __init__(self, n):\n        super().__init__(n + 1)\n    def f(self): return super().f() + ['b']\nB(1).f()",
        [2, "b"],
    ),
    "own exception": (
        "class Failed(ValueError):\n    def __init__(self, message, code):\n        super().__init__(message)\n        self.code = code\n"
        "try:\n    raise Failed('no', 7)\nexcept ValueError as e:\n    r = [str(e), e.code, e.args]\nr",
        ["no", 7, ["no"]],
    ),
    "subclass of a host exception": (
        "class Mine(APIError): pass\ntry:\n    raise Mine('x')\nexcept APIError as e:\n    r = [e.message, e.status]\nr",
        ["x", None],
    ),
    "iterator class": (
        "class Count:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n"
        "    def __next__(self):\n        self.n += 1\n        if self.n > 3: raise StopIteration\n        return self.n\nlist(Count())",
        [1, 2, 3],
    ),
    "dataclass": (
        "from dataclasses import dataclass, field, asdict\n@dataclass\nclass P:\n    a: int\n    b: str = 'x'\n"
        "    c: list = field(default_factory=list)\np, q = P(1), P(a=1, b='y')\np.c.append(2)\n"
        "[asdict(p), q.b, p == q, repr(q), P(1) == P(1)]",
        [{"a": 1, "b": "x", "c": [2]}, "y", False, "P(a=1, b='y', c=[])", True],
    ),
    "dataclass with __post_init__ and a base": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    a: int = 1\n@dataclass(order=True)\nclass B(A):\n    b: int = 2\n"
        "    def __post_init__(self): self.sum = self.a + self.b\n[B(3).sum, B(1) < B(2)]",
        [5, True],
    ),
    "instance as the value": ("class K:\n    def __init__(self): self.a, self._b = 1, 2\nK()", {"a": 1}),
    "vars": ("class K:\n    def __init__(self): self.a = 1\n[vars(K()), K().__dict__]", [{"a": 1}, {"a": 1}]),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS.keys())
async def test_a_program_gives_its_value(run, name):
    program, value = PROGRAMS[name]
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == value


MODULES = {
    "json": ("json.dumps(json.loads('{\"a\": [1, null]}'), indent=None, sort_keys=True)", '{"a": [1, null]}'),
    "math": ("[math.ceil(1.2), math.pi > 3, math.gcd(4, 6)]", [2, True, 2]),
    "re": ("[re.sub(r'\\d', lambda m: m.group(0) * 2, 'a1'), re.compile('a(.)').sub(r'\\1', 'ab'), re.search('b(?P<x>.)', 'abc')['x'], re.compile('A', re.I).findall('aA')]", ["a11", "b", "c", ["a", "A"]]),
    "datetime": ("""when = datetime.datetime.strptime('2026', '%Y') + datetime.timedelta(days=1)
[str(when.replace(tzinfo=datetime.timezone.utc)), when.strftime('%d'), datetime.date.today() > when.date()]""",
        ["2026-01-02 00:00:00+00:00", "02", True]),
    "time": ("[time.time() > 0, time.strftime('%Y', time.gmtime(0)), time.gmtime(0).tm_year]", [True, "1970", 1970]),
    "random": ("r = random.Random(1)\n[r.randint(1, 1), random.choice([2]), len(random.sample(range(9), 3))]", [1, 2, 3]),
    "statistics": ("[statistics.mean([1, 2, 3]), statistics.median([1, 5])]", [2, 3.0]),
    "itertools": ("[list(itertools.chain.from_iterable([[1], [2]])), list(itertools.islice(itertools.count(), 2))]", [[1, 2], [0, 1]]),
    "collections": ("d = collections.defaultdict(list)\nd['a'].append(1)\n[d, collections.Counter('aab').most_common(1), collections.deque([1], maxlen=1)]", [{"a": [1]}, [["a", 2]], [1]]),
    "functools": ("@functools.lru_cache\ndef f(n): return n\n[functools.reduce(lambda a, b: a + b, [1, 2]), functools.partial(max, 1)(0), f(1), f.cache_info()[0]]", [3, 1, 1, 0]),
    "operator": ("sorted([{'a': 2}, {'a': 1}], key=operator.itemgetter('a'))", [{"a": 1}, {"a": 2}]),
    "string": ("string.ascii_lowercase[:3]", "abc"),
    "textwrap": ("textwrap.dedent('  a').strip()", "a"),
    "base64": ("base64.b64encode(b'a').decode()", "YQ=="),
    "hashlib": ("hashlib.sha256(b'').hexdigest()[:6]", "e3b0c4"),
    "urllib.parse": ("[urllib.parse.quote('a b'), urllib.parse.urlparse('http://h:1/p?q').port]", ["a%20b", 1]),
    "uuid": ("[len(str(uuid.uuid4())), uuid.uuid5(uuid.NAMESPACE_URL, 'x').version]", [36, 5]),
    "typing": ("def f(x: typing.Optional[int]) -> typing.Any: return x\nf(typing.cast(int, 1))", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES.keys())
async def test_a_module_can_be_imported(run, name):
    program, value = MODULES[name]
    outcome = await run(f"import {name}\n{program}")
    assert outcome.failure is None
    assert outcome.value == value


async def test_members_are_imported_from_modules_also_under_other_names(run):
    outcome = await run(
        """
from datetime import datetime, timedelta as delta
from collections import namedtuple
import urllib.parse as parse, json as j
from urllib.parse import urlencode
from math import *  if False else None
""".replace(
            "from math import *  if False else None\n",
            """
P = namedtuple('P', 'x y')
p = P(1, y=2)
when = datetime.strptime('2026-01-02', '%Y-%m-%d') + delta(hours=1)
[p.x, p._replace(x=3).x, p._asdict(), parse.quote('/'), j.dumps(1), urlencode({'a': 1}), when.hour, when]
""",
        )
    )
    assert outcome.failure is None
    assert outcome.value == [1, 3, {"x": 1, "y": 2}, "/", "1", "a=1", 1, "2026-01-02T01:00:00"]


async def test_common_modules_are_there_without_an_import(run):
    outcome = await run("[json.dumps(1), math.floor(1.5), re.escape('.'), datetime.date(2026, 1, 2)]")
    assert outcome.value == ["1", 1, "\\.", "2026-01-02"]


VALUES = {
    "sets are sorted lists": ("{3, 1}", [1, 3]),
    "tuples": ("(1, (2,))", [1, [2]]),
    "bytes": ("b'a'", "b'a'"),
    "dates": ("import datetime\n[datetime.date(2026, 1, 2), datetime.time(3), datetime.timedelta(seconds=4)]", ["2026-01-02", "03:00:00", "0:00:04"]),
    "numbers JSON lacks": ("[float('nan'), float('inf'), 10**40, 10**39, 1j]", ["nan", "inf", str(10**40), 10**39, "1j"]),
    "keys of other types": ("{1: 'a', None: 'b', (1, 2): 'c'}", {"1": "a", "None": "b", "(1, 2)": "c"}),
    "exceptions": ("ValueError('x')", "ValueError('x')"),
    "iterators": ("[map(str, [1]), zip('a', 'b'), {}.keys(), (n for n in [2]), range(2)]", [["1"], [["a", "b"]], [], [2], [0, 1]]),
    "half characters": ("'a\\ud800'", "a?"),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES.keys())
async def test_a_value_that_is_not_json_is_rendered(run, name):
    program, value = VALUES[name]
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == value


async def test_a_value_that_contains_itself_ends(run):
    outcome = await run("x = []\nx.append(x)\nx")
    assert outcome.status == "completed"
    assert "nested too deeply" in repr(outcome.value)


async def test_prints_arrive_as_they_happen(run):
    texts = []
    outcome = await run(
        "print('a', 1, sep='-')\nprint('b', end='')\nprint(file=None, flush=True)", on_print=texts.append
    )
    assert texts == ["a-1\n", "b", "\n"]
    assert outcome.printed == "a-1\nb\n"


async def test_a_codec_that_is_not_loaded_fails_without_a_path(run):
    outcome = await run("'a'.encode('cp037')")
    assert (outcome.failure.type_name, outcome.failure.message) == ("LookupError", "unknown encoding: cp037")

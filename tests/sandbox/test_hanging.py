"""One operation that would take for ever ends at a limit with its right name, or with an error: prints are kept."""

# ruff: noqa: E501 - tables of programs read best with one to a line

import pytest

CPU = "cpu_seconds"
MEMORY = "memory_bytes"

# Inside one C call no Python signal handler can run: the kernel or the host has to end it.
HANGING = {
    # Integers.
    "power": ("10 ** 10 ** 8", CPU),
    "power by pow": ("pow(7, 10 ** 9)", CPU),
    "power with a modulus": ("pow(3, (1 << 100_000) - 1, (1 << 100_000) - 1)", CPU),
    "power in place": ("x = 7\nx **= 10 ** 9", CPU),
    "product": ("x = 1 << 60_000_000\nfor _ in range(99): x * x", (CPU, MEMORY)),
    "shift": ("1 << 10 ** 10", MEMORY),
    "shift far": ("1 << 10 ** 30", "OverflowError"),
    "digits of a text": ("int('9' * 10 ** 6)", "ValueError"),
    "digits in another base": ("int('7' * 10 ** 8, 32)", (MEMORY, CPU)),
    "digits of a number": ("str(1 << 10 ** 6)", "ValueError"),
    "digits by format": ("f'{1 << 10 ** 6}'", "ValueError"),
    "digits by percent": ("'%d' % (1 << 10 ** 6)", "ValueError"),
    "hexadecimal digits": ("x = 1 << 10 ** 8\nwhile True: hex(x)", CPU),
    "factorial": ("math.factorial(10 ** 7)", CPU),
    "combinations of numbers": ("math.comb(10 ** 8, 5 * 10 ** 7)", CPU),
    "permutations of numbers": ("math.perm(10 ** 8, 10 ** 7)", CPU),
    "greatest divisor": ("x = 3 ** 2_000_000\nwhile True: math.gcd(x, (x >> 3) + 1)", CPU),
    "square root": ("math.isqrt((1 << 50_000_000) - 1)", CPU),
    "product of numbers": ("math.prod(range(1, 10 ** 8))", CPU),
    "division": ("x = 3 ** 3_000_000\ny = 3 ** 1_500_000 + 1\nx // y", CPU),
    "sum of a range": ("sum(range(10 ** 12))", CPU),
    "length of a range": ("len(range(10 ** 30))", "OverflowError"),
    "membership in a range": ("1.5 in range(10 ** 12)", CPU),
    "list of a range": ("list(range(10 ** 11))", MEMORY),
    "random bits": ("random.getrandbits(2 ** 31 - 1)", (MEMORY, CPU)),
    "fraction": ("statistics.mean([1e300, 1e-300] * 10 ** 6)", CPU),
    "bytes of a number": ("(1).to_bytes(10 ** 11, 'big')", MEMORY),
    # Text.
    "repeated text": ("'a' * 10 ** 10", MEMORY),
    "repeated list": ("[0] * 10 ** 10", MEMORY),
    "repeated bytes": ("bytes(10 ** 11)", MEMORY),
    "replace": ("('a' * 10 ** 5).replace('a', 'b' * 10 ** 5)", MEMORY),
    "join": ("('b' * 10 ** 5).join('a' * 10 ** 5)", MEMORY),
    "translate": ("('a' * 10 ** 5).translate({97: 'b' * 10 ** 5})", MEMORY),
    "expandtabs": ("('\\t' * 10 ** 5).expandtabs(10 ** 5)", MEMORY),
    "padding": ("'a'.ljust(10 ** 11)", MEMORY),
    "zeros": ("'1'.zfill(10 ** 11)", MEMORY),
    "width in an f-string": ("f'{1:>10000000000}'", MEMORY),
    "precision in an f-string": ("f'{1.5:.1000000000f}'", MEMORY),
    "precision too large": ("f'{1.5:.99999999999999999999f}'", "ValueError"),
    "width in str.format": ("'{:>{}}'.format(1, 10 ** 10)", MEMORY),
    "width by percent": ("'%10000000000d' % 1", (MEMORY, "ValueError", "OverflowError")),
    "width by percent and star": ("'%*d' % (10 ** 10, 1)", (MEMORY, "OverflowError")),
    "width in format": ("format(1, '10000000000')", MEMORY),
    "date format": ("datetime.datetime(2026, 1, 2).strftime('%c' * 10 ** 7)", (CPU, MEMORY)),
    "search of a text": ("x = 'a' * 10 ** 7\nwhile True: x.count('aaaaab'), x.find('aaab')", CPU),
    "slow search": ("x = ('a' * 999 + 'b') * 10 ** 4\nwhile True: (x * 2).find(x + 'c')", CPU),
    "split": ("while True: ('a ' * 10 ** 6).split()", (CPU, MEMORY)),
    # Regular expressions.
    "nested repetition": ("re.match('(a+)+$', 'a' * 40)\nre.match('(a+)+$', 'a' * 40 + 'b')", CPU),
    "alternatives": ("re.fullmatch('(a|a)*b', 'a' * 40)", CPU),
    "back references": ("re.search(r'(.*)(.*)(.*)(.*)(.*)\\1\\2\\3\\4\\5x', 'a' * 200)", CPU),
    "substitution": ("re.sub('', 'b' * 10 ** 5, 'a' * 10 ** 5)", MEMORY),
    "many groups": ("re.compile('(a)' * 10 ** 6)", (CPU, MEMORY)),
    "large repetition": ("re.fullmatch('((a{1,10000}){1,10000}){1,10000}b', 'a' * 10 ** 5)", CPU),
    "deeply nested pattern": ("re.compile('(' * 10 ** 5 + ')' * 10 ** 5)", "RecursionError"),
    # Iteration.
    "sorting with a slow key": ("sorted(range(10 ** 6), key=lambda x: sum(range(x)))", (CPU, MEMORY)),
    "sorting with a slow comparison": ("class K:\n    def __lt__(self, other): return sum(range(10 ** 5)) < 0\nsorted([K() for _ in range(10 ** 4)])", CPU),
    "sorting in C": ("while True: sorted(range(10 ** 6, 0, -1), key=str)", (CPU, MEMORY)),
    "product as a list": ("list(itertools.product(range(100), repeat=9))", MEMORY),
    "permutations without end": ("sum(1 for _ in itertools.permutations(range(20)))", CPU),
    "permutations in C": ("collections.deque(itertools.permutations(range(20)), maxlen=0)", CPU),
    "cycle": ("collections.deque(itertools.cycle('a'), maxlen=0)", CPU),
    "repeat": ("max(itertools.repeat(1))", CPU),
    "zip": ("for _ in zip(itertools.count(), itertools.count()): pass", CPU),
    "any": ("any(itertools.repeat(0))", CPU),
    "iter with a sentinel": ("list(iter(int, 1))", (MEMORY, CPU)),
    "a list that grows while it is walked": ("x = [1]\nfor y in x: x.append(y)", (CPU, MEMORY)),
    "a list that grows from itself": ("x = [1]\nx.extend(x for x in itertools.count())", (CPU, MEMORY)),
    "a set of slow equals": ("class K:\n    def __hash__(self): return 1\n    def __eq__(self, other): return False\n{K() for _ in range(10 ** 5)}", CPU),
    "hashes that collide": ("{n * (2 ** 61 - 1): 0 for n in range(10 ** 5)}", CPU),
    "slices": ("x = [0] * 10 ** 6\nwhile True: x[::2] = x[1::2]", CPU),
    "insertion": ("x = []\nwhile True: x.insert(0, 0)", (CPU, MEMORY)),
    "semaphore": ("asyncio.Semaphore(10 ** 30)\nwhile True: await asyncio.sleep(0)", CPU),
    "tasks without end": ("async def f():\n    while True: await asyncio.sleep(0)\nawait asyncio.gather(*(f() for _ in range(9)))", CPU),
    "tasks that beget tasks": ("async def f(): asyncio.create_task(f())\nawait f()\nwhile True: await asyncio.sleep(0)", (CPU, MEMORY)),
    # Data and its ways out.
    "dumps": ("x = [1]\nfor _ in range(40): x = [x, x]\njson.dumps(x)", (CPU, MEMORY)),
    "deep dumps": ("x = []\nfor _ in range(10 ** 5): x = [x]\njson.dumps(x)", "RecursionError"),
    "deep loads": ("json.loads('[' * 10 ** 6)", "RecursionError"),
    "circular dumps": ("x = []\nx.append(x)\njson.dumps(x)", "ValueError"),
    "repr of a tree": ("x = [1]\nfor _ in range(40): x = [x, x]\nrepr(x)", (CPU, MEMORY)),
    "equality of trees": ("x, y = [1], [1]\nfor _ in range(40): x, y = [x, x], [y, y]\nx == y", CPU),
    "deep equality": ("x, y = [], []\nfor _ in range(10 ** 5): x, y = [x], [y]\nx == y", "RecursionError"),
    "hash of a tree": ("x = (1,)\nfor _ in range(40): x = (x, x)\nhash(x)", CPU),
    "deep dataclasses": ("from dataclasses import dataclass, asdict\n@dataclass\nclass P:\n    x: int\np = None\nfor _ in range(10 ** 4): p = P(p)\nasdict(p)", "RecursionError"),
    "print of a tree": ("x = [1]\nfor _ in range(40): x = [x, x]\nprint(x)", (CPU, MEMORY)),
    "recursion": ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
    "recursion of coroutines": ("async def f(n): return await f(n + 1)\nawait f(0)", "RecursionError"),
    "recursion of generators": ("def f(): yield from f()\nlist(f())", "RecursionError"),
    "recursion in repr": ("class K:\n    def __repr__(self): return repr(self)\nrepr(K())", "RecursionError"),
    "recursion in a comparison": ("class K:\n    def __eq__(self, other): return other == self\nK() == K()", "RecursionError"),
    "recursion of a lookup": ("class K:\n    @property\n    def x(self): return self.x\nK().x", "RecursionError"),
    # Modules.
    "wrap": ("import textwrap\ntextwrap.wrap('a ' * 10 ** 7, width=1)", (CPU, MEMORY)),
    "dedent": ("import textwrap\nwhile True: textwrap.dedent('  a\\n' * 10 ** 5)", (CPU, MEMORY)),
    "shorten": ("import textwrap\nwhile True: textwrap.shorten('a ' * 10 ** 5, 10)", CPU),
    "hash of much": ("import hashlib\nx = b'a' * 10 ** 7\nwhile True: hashlib.sha512(x)", CPU),
    "base85": ("import base64\nbase64.b85encode(b'a' * 10 ** 7)", (CPU, MEMORY)),
    "long url": ("import urllib.parse\nwhile True: urllib.parse.parse_qs('a=b&' * 10 ** 5)", (CPU, MEMORY)),
    "quantiles": ("statistics.quantiles([1, 2], n=10 ** 9)", (CPU, MEMORY)),
    "median of much": ("while True: statistics.median(list(range(10 ** 6)))", (CPU, MEMORY)),
    "samples": ("statistics.NormalDist().samples(10 ** 9)", (CPU, MEMORY)),
    "shuffle": ("x = list(range(10 ** 6))\nwhile True: random.shuffle(x)", CPU),
    "random bytes": ("random.randbytes(10 ** 10)", (MEMORY, "OverflowError")),
    "range of random": ("random.randrange(10 ** (10 ** 7))", CPU),
    "cache": ("f = functools.cache(lambda n: 'a' * 10 ** 6 + str(n))\nfor n in itertools.count(): f(n)", MEMORY),
    "accumulate": ("collections.deque(itertools.accumulate(itertools.repeat(7), lambda a, b: a * b), maxlen=1)", CPU),
    "tee": ("a, b = itertools.tee(itertools.count())\nfor _ in a: pass", (MEMORY, CPU)),
    "named tuple": ("collections.namedtuple('P', [f'x{n}' for n in range(10 ** 6)])", (CPU, MEMORY)),
    "counter": ("collections.Counter(a=10 ** 12).elements()\nlist(collections.Counter(a=10 ** 12).elements())", MEMORY),
    "date": ("datetime.timedelta(days=10 ** 100)", "OverflowError"),
    "strptime": ("datetime.datetime.strptime('1' * 10 ** 6, '%Y' * 10 ** 5)", ("error", "ValueError", "RecursionError", CPU, MEMORY)),
    "uuid": ("import uuid\nuuid.UUID('a' * 10 ** 7)", ("ValueError", MEMORY)),
}  # fmt: skip


@pytest.mark.parametrize("name", HANGING.keys())
async def test_it_ends_at_a_limit_or_with_an_error(run, name):
    program, ends = HANGING[name]
    # To fill the memory takes longer.
    cpu_seconds = 0.1 if CPU in ends else 0.3
    outcome = await run(
        f"print('begun')\n{program}\nreturn 'over'",
        cpu_seconds=cpu_seconds,
        memory_bytes=64 * 2**20,
        wall_seconds=30.0,
    )
    assert outcome.printed.startswith("begun\n")
    failure = outcome.failure
    end = None if failure is None else failure.limit or failure.type_name
    assert end in (ends if isinstance(ends, tuple) else (ends,))
    assert outcome.cpu_seconds < 4

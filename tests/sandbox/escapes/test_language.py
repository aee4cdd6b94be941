"""Ways out of the language that somebody thought of. Each program returns "ESCAPED" if its trick works."""

import pytest

POLICY = "PolicyError"
READ = "AttributeError"
TYPE = "TypeError"
NAME = "NameError"
IMPORT = ("ImportError", "ModuleNotFoundError")

TRICKS = {
    # Attributes that lead from any value to everything.
    "subclasses of object": ("().__class__.__base__.__subclasses__()", POLICY),
    "bases in an f-string": ("f'{().__class__.__bases__}'", POLICY),
    "class by getattr": ("getattr((), '__class__').__mro__", POLICY),
    "mro by getattr": ("getattr(int, 'mro')()", READ),
    "subclasses by getattr": ("getattr(object, '__subclasses__')()", READ),
    "subclasses of exceptions": ("getattr(Exception, '__subclasses__')()", READ),
    "getattribute of object": ("getattr(object, '__getattribute__')((), '__class__')", READ),
    "globals of a function": ("def f(): pass\ngetattr(f, '__globals__')", READ),
    "code of a function": ("def f(): pass\ngetattr(f, '__code__').co_consts", READ),
    "closure of a runtime function": ("getattr(asyncio.sleep, '__closure__')", READ),
    "self of a builtin": ("getattr(print, '__self__')", READ),
    "function of a bound method": ("getattr('a'.upper, '__self__')", READ),
    "loader of a module": ("import math\ngetattr(math, '__loader__')", READ),
    "spec of a module": ("import math\ngetattr(math, '__spec__')", READ),
    "dict of a module": ("import math\ngetattr(math, '__dict__')", READ),
    "members of a façade": ("import math\ngetattr(math, '_members')", READ),
    "reading with reduce": ("import functools\nfunctools.reduce(getattr, ['__class__', '__base__'], 1)", READ),
    "reading with map": ("list(map(getattr, [()], ['__len__']))", READ),
    "attribute of a str subclass": ("class S(str): pass", TYPE),
    "a name that is no str": ("getattr((), b'__class__')", TYPE),
    "wide characters": ("()._＿class＿_._＿base＿_", POLICY),
    "private name of a class": ("class K:\n    def f(self): return self.__x\nK().f()", POLICY),
    # Format strings read attributes on their own.
    "format": ("'{0.__class__.__mro__}'.format(1)", READ),
    "format with a name": ("'{x.__class__.__mro__}'.format(x=1)", READ),
    "format_map": ("'{x.__init__}'.format_map({'x': 1})", READ),
    "format of the class": ("str.format('{0.__class__.__mro__}', 1)", READ),
    "format by getattr": ("getattr('{0.real.__class__.__base__}', 'format')(1)", READ),
    "format by map": ("list(map('{0.__init__}'.format, [1]))", READ),
    "string.Formatter": ("import string\nstring.Formatter().format('{0.__class__}', 1)", READ),
    "string.Template": ("from string import Template", IMPORT),
    # Frames, from whatever holds one.
    "frame of a generator": ("(x for x in ()).gi_frame", POLICY),
    "frame of a generator by getattr": ("getattr((x for x in ()), 'gi_frame')", READ),
    "code of a generator": ("getattr((x for x in ()), 'gi_code')", READ),
    "frame of a coroutine": ("async def f(): pass\nc = f()\nawait c\ngetattr(c, 'cr_frame')", READ),
    "frame of a runtime coroutine": ("s = asyncio.sleep(0)\nf = getattr(s, 'cr_frame')", READ),
    "frame of an async generator": ("async def f():\n    yield 1\ngetattr(f(), 'ag_frame')", READ),
    "frame of a traceback": ("try:\n    1 / 0\nexcept Exception as e:\n    e.__traceback__.tb_frame", POLICY),
    "traceback by getattr": ("try:\n    1 / 0\nexcept Exception as e:\n    getattr(e, '__traceback__')", READ),
    "with_traceback": ("try:\n    1 / 0\nexcept Exception as e:\n    e.with_traceback(None)", READ),
    "context of an exception": ("try:\n    1 / 0\nexcept Exception as e:\n    getattr(e, '__context__')", READ),
    "traceback in __exit__": (
        "class K:\n    def __enter__(self): return self\n"
        "    def __exit__(self, kind, error, trace): getattr(trace, 'tb_frame')\nwith K():\n    1 / 0",
        READ,
    ),
    "frame kept by functools.wraps": (
        "import functools\nclass K: pass\nk = K()\ng = (x for x in ())\n"
        "functools.wraps(g, assigned=('gi_frame',))(k)\nk.gi_frame",
        POLICY,
    ),
    "frame kept by functools.wraps and getattr": (
        "import functools\nclass K: pass\nk = K()\ng = (x for x in ())\n"
        "functools.wraps(g, assigned=('gi_frame',))(k)\ngetattr(k, 'gi_frame')",
        TYPE,
    ),
    "frame of a task": ("async def f(): pass\nasyncio.create_task(f()).get_stack()", READ),
    "coroutine of a task": ("async def f(): pass\nasyncio.create_task(f()).get_coro()", READ),
    "loop of asyncio": ("asyncio.get_event_loop()", READ),
    "frame by operator.attrgetter": ("from operator import attrgetter", IMPORT),
    "frame by inspect": ("import inspect", IMPORT),
    "frame by sys": ("import sys\nsys._getframe()", IMPORT),
    # Exceptions carry objects.
    "obj of an AttributeError": ("try:\n    asyncio.nope\nexcept AttributeError as e:\n    e.obj", READ),
    "object of a UnicodeError": ("try:\n    'ä'.encode('ascii')\nexcept ValueError as e:\n    e.object", READ),
    "exception groups by except*": ("try:\n    1 / 0\nexcept* ZeroDivisionError:\n    pass", POLICY),
    # Modules inside modules.
    "codecs in json": ("import json\njson.codecs.builtins.open('/etc/passwd')", READ),
    "enum in re": ("import re\nre.enum.sys.modules", READ),
    "os in random": ("import random\nrandom._os", READ),
    "base_events in asyncio": ("import asyncio\nasyncio.base_events.os", READ),
    "sys in statistics": ("import statistics\nstatistics.sys", READ),
    "from json import codecs": ("from json import codecs", IMPORT),
    "from collections import abc": ("from collections import abc", IMPORT),
    "from urllib import request": ("from urllib import request", IMPORT),
    "import urllib.request": ("import urllib.request", IMPORT),
    "from random import _os": ("from random import _os", IMPORT),
    "import os": ("import os", IMPORT),
    "import os in a function": ("def f():\n    import os\nf()", IMPORT),
    "import of a module's member": ("import urllib.parse.sys", IMPORT),
    "import *": ("from math import *", POLICY),
    "relative import": ("from . import _worker", POLICY),
    "__import__": ("__import__('os')", POLICY),
    "builtins": ("import builtins", POLICY),
    "__builtins__": ("__builtins__", POLICY),
    "importlib": ("import importlib", IMPORT),
    "ctypes": ("import ctypes", IMPORT),
    # Builtins that are not there.
    "open": ("open('/etc/passwd')", NAME),
    "eval": ("eval('1')", POLICY),
    "eval under another name": ("e = eval", NAME),
    "exec": ("exec('1')", POLICY),
    "compile": ("compile('1', '', 'eval')", NAME),
    "globals": ("globals()", NAME),
    "locals": ("locals()", NAME),
    "input": ("input()", NAME),
    "memoryview": ("memoryview(b'')", NAME),
    "BaseException": ("BaseException", NAME),
    "vars of an injected object": ("vars(client)", TYPE),
    "breakpoint": ("breakpoint()", POLICY),
    # Names of the guards.
    "parameter": ("async def run(c, _getattr_=lambda o, n: 'ESCAPED'):\n    return c.x", POLICY),
    "positional-only parameter": ("def f(_getattr_, /): return (1).real", POLICY),
    "keyword-only parameter": ("def f(*, _getattr_): pass", POLICY),
    "star parameter": ("def f(*_getattr_): pass", POLICY),
    "double star parameter": ("def f(**_getattr_): pass", POLICY),
    "lambda parameter": ("f = lambda _getattr_: 1", POLICY),
    "lambda positional-only parameter": ("f = lambda _write_, /: 1", POLICY),
    "assignment": ("_getattr_ = 1", POLICY),
    "annotated assignment": ("_getattr_: int = 1", POLICY),
    "bare annotation": ("_getattr_: int", POLICY),
    "augmented assignment": ("_getattr_ += 1", POLICY),
    "walrus": ("(_getattr_ := 1)", POLICY),
    "for": ("for _getattr_ in (): pass", POLICY),
    "async for": ("async for _getattr_ in client.books.list(): pass", POLICY),
    "comprehension": ("[1 for _getattr_ in ()]", POLICY),
    "async comprehension": ("[1 async for _getattr_ in client.books.list()]", POLICY),
    "with": ("with x as _getattr_: pass", POLICY),
    "async with": ("async with x as (_getattr_, y): pass", POLICY),
    "except": ("try:\n    1 / 0\nexcept Exception as _getattr_:\n    pass", POLICY),
    "import as": ("import json as _getattr_", POLICY),
    "from import as": ("from json import loads as _getattr_", POLICY),
    "function": ("def _getattr_(o, n): return 'ESCAPED'", POLICY),
    "async function": ("async def _getattr_(o, n): return 'ESCAPED'", POLICY),
    "class": ("class _getattr_: pass", POLICY),
    "global": ("def f():\n    global _getattr_\n    _getattr_ = 1", POLICY),
    "nonlocal": ("def f():\n    def g():\n        nonlocal _getattr_", POLICY),
    "delete": ("del _getattr_", POLICY),
    "match capture": ("match 1:\n    case _getattr_: pass", POLICY),
    "match as": ("match 1:\n    case int() as _getattr_: pass", POLICY),
    "match star": ("match [1]:\n    case [*_getattr_]: pass", POLICY),
    "match rest": ("match {}:\n    case {**_getattr_}: pass", POLICY),
    "temporary of the rewriting": ("_tmp0 = 1", POLICY),
    "wide guard name": ("def f(_getattr＿): pass", POLICY),
    "keyword": ("dict(_getattr_=1)", POLICY),
    "type parameter": ("def f[_getattr_](x): pass", (POLICY, "SyntaxError")),
    # Patterns read attributes on their own.
    "keyword pattern": ("match (x for x in ()):\n    case object(gi_frame=f): pass", POLICY),
    "keyword pattern of an own class": ("class K: pass\nmatch K():\n    case K(f_builtins=b): pass", POLICY),
    "positional pattern of an own class": ("class K: pass\nmatch K():\n    case K(b): pass", POLICY),
    "match args": ("class K:\n    __match_args__ = ('gi_frame',)", POLICY),
    "renamed class in a pattern": ("class K: pass\nstr = K\nmatch K():\n    case str(b): pass", TYPE),
    "dotted value in a pattern": ("match 1:\n    case client.books: pass", POLICY),
    "dotted key in a pattern": ("match {}:\n    case {client.books: x}: pass", POLICY),
    # Classes that change what names mean.
    "metaclass": ("class K(metaclass=int): pass", POLICY),
    "class keyword": ("class K(x=1): pass", POLICY),
    "metaclass by type": ("class K: pass\ntype(K)('X', (Exception,), {'__getattr__': 1})", TYPE),
    "type with three arguments": ("type('X', (), {})", TYPE),
    "function type": ("def f(): pass\ntype(f)(1, {})", TYPE),
    "module type": ("import math\ntype(math)('os')", TYPE),
    "generic alias as a base": ("class K(list[int]): pass", TYPE),
    "subclass of dict": ("class K(dict): pass", TYPE),
    "__getattr__": ("class K:\n    def __getattr__(self, name): pass", POLICY),
    "__getattribute__": ("class K:\n    def __getattribute__(self, name): pass", POLICY),
    "__setattr__": ("class K:\n    def __setattr__(self, name, value): pass", POLICY),
    "__class__": ("class K:\n    __class__ = 1", POLICY),
    "__slots__": ("class K:\n    __slots__ = ()", POLICY),
    "__del__": ("class K:\n    def __del__(self): pass", POLICY),
    "__await__": ("class K:\n    def __await__(self): yield 1", POLICY),
    "__init_subclass__": ("class K:\n    def __init_subclass__(cls): pass", POLICY),
    "__set_name__": ("class K:\n    def __set_name__(self, owner, name): pass", POLICY),
    "__get__": ("class K:\n    def __get__(self, instance, owner): pass", POLICY),
    "__mro_entries__": ("class K:\n    def __mro_entries__(self, bases): pass", POLICY),
    "__class_getitem__": ("class K:\n    def __class_getitem__(cls, item): pass", POLICY),
    "dunder outside of a class": ("def __init__(self): pass", POLICY),
    "dunder in a function in a class": ("class K:\n    def f(self):\n        def __init__(self): pass", POLICY),
    "setattr of a dunder": ("class K: pass\nsetattr(K, '__getattribute__', print)", READ),
    "setattr of the class": ("class K: pass\nsetattr(K(), '__class__', int)", READ),
    "delattr of a dunder": ("class K:\n    def __init__(self): pass\ndelattr(K, '__init__')", READ),
    "__reduce__ by super": ("class K:\n    def f(self): return super().__reduce__()\nK().f()", POLICY),
    "globals by super": ("class K:\n    def f(self): return super().__init__.__globals__\nK().f()", POLICY),
    "getter of a property": ("class K:\n    @property\n    def x(self): pass\ngetattr(property(print), 'fget')", READ),
    "dict of a class": ("class K: pass\ngetattr(K, '__dict__')['x']", READ),
    # What was injected is not the program's to change.
    "overwriting a façade": ("import json\njson.loads = print", TYPE),
    "overwriting a method": ("client.books.create = print", TYPE),
    "deleting a namespace": ("del client.books", TYPE),
    "overwriting an exception's class": ("NotFoundError.status = 1", TYPE),
    "caller of a namespace": ("client._caller", READ),
    "method of a namespace": ("getattr(client.books.create, '_method')", READ),
    "caller of a page": ("getattr(await client.books.list(), '_caller')", READ),
    "class of a record": ("getattr(await client.books.create(title='a'), '__class__').mro()", READ),
    "internals of a call": ("getattr(client.books.create(title='a'), '_callbacks')", READ),
    "internals of a timeout": ("getattr(asyncio.timeout(1), '_loop')", READ),
    "internals of a semaphore": ("getattr(asyncio.Semaphore(), '_waiters')", READ),
    "private method of random": ("import random\nrandom.Random().__reduce__()", POLICY),
    "namedtuple with code in a name": ("import collections\ncollections.namedtuple('X', 'a=1):pass')", "ValueError"),
    "namedtuple with a dunder": ("import collections\ncollections.namedtuple('X', '__class__')", "ValueError"),
    "dataclass with a dunder": ("from dataclasses import dataclass\n@dataclass\nclass K:\n    __class__: int", POLICY),
    "yielding to the scheduler": ("async def f():\n    yield 1\nawait f()", TYPE),
}  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS.keys())
async def test_a_trick_ends_in_an_error(run, trick):
    program, expected = TRICKS[trick]
    outcome = await run(f"{program}\nreturn 'ESCAPED'")
    assert outcome.status == "failed", outcome
    # Some are told before the run already, and some with other mistakes.
    names = ("CheckError", *((expected,) if isinstance(expected, str) else expected))
    assert outcome.failure.type_name in names, outcome.failure


async def test_annotations_are_not_evaluated(run):
    outcome = await run("""
x: print('a') = 1
y: print('b')
def f(a: print('c'), *b: print('d')) -> print('e'): return a
async def g(a: print('f') = 2) -> print('g'): return a
class K:
    z: print('h') = 3
[x, f(1), await g(), K.z]
""")
    assert (outcome.value, outcome.printed) == ([1, 1, 2, 3], "")


async def test_what_is_put_under_a_guards_name_by_unpacking_changes_nothing(run):
    outcome = await run("def f(**names): return sorted(names)\nf(**{'_getattr_': 1, '__builtins__': 2})")
    assert outcome.value == ["__builtins__", "_getattr_"]


async def test_types_are_names_and_no_more(run):
    outcome = await run("""
def f(): pass
kinds = [type(f), type((x for x in ())), type(json), type(client), type(f()), type([]), type(client.books.create)]
return [kind.__name__ for kind in kinds], type(f) == type(lambda: 0), type(1) is int
""")
    names = ["function", "generator", "Facade", "Node", "NoneType", "list", "Node"]
    assert outcome.value == [names, True, True]

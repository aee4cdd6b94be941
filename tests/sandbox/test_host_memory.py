"""What the worst of workers can make the host hold: measured in a host of its own, with a worker that only lies."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

GROWTH_BYTES = 64 * 2**20

HOST = """
import asyncio, json, socket, subprocess, sys
from code_sandbox import Ending, Exposure, Limits, Method, Parameter, Sandbox

METHOD = Method(path="client.books.create", parameters=(Parameter(name="title"),))

def memory(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

class Liar:
    async def open(self, setup):
        pass

    async def start(self):
        ours, theirs = socket.socketpair()
        program = "import os, json\\n" + sys.argv[1]
        self.process = subprocess.Popen([sys.executable, "-I", "-S", "-c", program], stdin=theirs)
        theirs.close()
        self.reader, self.writer = await asyncio.open_connection(sock=ours)
        return self

    def memory_bytes(self):
        return 0

    def kill(self):
        self.process.kill()

    def leave(self):
        return None

    async def reap(self, *, grace_seconds=0.0):
        self.process.kill()
        self.process.wait()
        self.writer.transport.abort()
        return Ending(exit_code=0, signal=None, cpu_seconds=0.0, peak_memory_bytes=0)

    async def close(self):
        pass

async def answer(call):
    if sys.argv[2] == "large":
        for _ in range(call.number):
            await asyncio.sleep(0)
        return "a" * 1_900_000
    await asyncio.Event().wait()

async def take_turns(turns):
    while True:
        await asyncio.sleep(0)
        turns.append(None)

async def main():
    limits = Limits(wall_seconds=float(sys.argv[3]))
    async with Sandbox(exposure=Exposure(methods=(METHOD,)), isolation=Liar(), limits=limits) as sandbox:
        open("/proc/self/clear_refs", "w").write("5")
        before, turns = memory("VmRSS"), []
        watcher = asyncio.create_task(take_turns(turns))
        outcome = await sandbox.run("1", answer=answer)
        watcher.cancel()
        growth = memory("VmHWM") - before
        limit = outcome.failure and outcome.failure.limit
        kind = outcome.failure and outcome.failure.type_name
        print(json.dumps({"growth": growth, "turns": len(turns), "limit": limit, "kind": kind}))

asyncio.run(main())
"""
WORKER = """
def send(body):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    data = memoryview(len(data).to_bytes(4, "big") + data)
    try:
        while data:
            data = data[os.write(0, data):]
    except OSError:
        os._exit(0)

def call(number, title):
    send(b'{"kind":"call","number":%d,"path":"client.books.create","arguments":{"title":%s}}' % (number, title))
"""
LISTS = 'b"[" + b",".join([b"[]        "] * 50_000) + b"]"'
KEYS = 'b"{" + b",".join(b\'"%07d":1\' % number for number in range(90_000)) + b"}"'

FLOODS = {
    "calls with many lists": (f"for n in range(1, 500): call(n, {LISTS})", "LimitReached"),
    "calls with many keys": (f"title = {KEYS}\nfor n in range(1, 500): call(n, title)", "LimitReached"),
    "calls with long texts": ("for n in range(1, 500): call(n, b'\"' + b'a' * 1_000_000 + b'\"')", "LimitReached"),
    "calls whose answers it never reads": (
        "for n in range(1, 33): call(n, b'1')\nwhile True: os.sched_yield()",
        "LimitReached",
    ),
    "calls for ever": ("n = 0\nwhile True:\n    n += 1\n    call(n, b'1')", "LimitReached"),
    "prints without text": (
        "n = 0\nwhile True:\n    n += 1\n    send({'kind': 'print', 'text': '', 'cut': n})",
        "LimitReached",
    ),
    "prints of two letters": ("while True: send({'kind': 'print', 'text': 'ab', 'cut': 0})", "LimitReached"),
    "a count of cut text that runs away": ("send({'kind': 'print', 'text': '', 'cut': 10**30})", "LimitReached"),
    "half a frame": (
        "os.write(0, (1_000_000).to_bytes(4, 'big') + b'a' * 999_999)\nwhile True: os.read(0, 100)",
        "LimitReached",
    ),
    "a letter at a time": (
        "os.write(0, (200_000).to_bytes(4, 'big'))\nwhile True: os.write(0, b' ')",
        "WorkerCrashed",
    ),
    "a frame of four gigabytes": ("os.write(0, b'\\xff' * 4)\nwhile True: os.write(0, b'a' * 65536)", "WorkerCrashed"),
    "a result of many keys": (
        f'send(b\'{{"kind":"done","status":"completed","failure":null,"value":\' + {KEYS} + b\'}}\')',
        None,
    ),
    "very deep lists": ("send(b'[' * 1_000_000)", "WorkerCrashed"),
    "garbage": ("while True: os.write(0, os.urandom(65536))", "WorkerCrashed"),
    "nothing": ("while True: os.read(0, 1 << 20)", "LimitReached"),
}


@pytest.mark.parametrize("name", FLOODS.keys())
def test_a_hostile_worker_neither_fills_nor_stalls_the_host(name):
    script, kind = FLOODS[name]
    answers = "large" if "answers" in name else "never"
    wall_seconds = "1" if name in ("half a frame", "nothing", "calls whose answers it never reads") else "60"
    host = subprocess.run(
        [sys.executable, "-c", HOST, WORKER + script, answers, wall_seconds],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert host.returncode == 0, host.stderr
    report = json.loads(host.stdout)
    assert report["kind"] == kind, report
    assert report["growth"] < GROWTH_BYTES, report
    assert report["turns"] > 1, report

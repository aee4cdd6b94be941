"""What a hostile worker can send, and that the host survives it."""

import asyncio
import contextlib
import json
import socket

import anyio
import pytest
from hypothesis import given
from hypothesis.strategies import binary, floats, lists, none, recursive, text

from code_sandbox import Ending, Limits, Sandbox
from code_sandbox._host.frames import ChannelError, decode


class Peer:
    """A worker that is nothing but a script of bytes."""

    def __init__(self, reader, writer, far_end, task):
        self.reader = reader
        self.writer = writer
        self._far_end = far_end
        self._task = task

    def memory_bytes(self):
        return 0

    def kill(self):
        self._task.cancel()

    def leave(self):
        return None

    async def reap(self, *, grace_seconds=0.0):
        self.kill()
        await asyncio.gather(self._task, return_exceptions=True)
        self._far_end.close()
        self.writer.transport.abort()
        return Ending(exit_code=0, signal=None, cpu_seconds=0.0, peak_memory_bytes=0)


class Hostile:
    """Starts peers that run a script instead of a program."""

    def __init__(self, script):
        self._script = script

    async def open(self, setup):
        pass

    async def start(self):
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        far_reader, far_writer = await asyncio.open_connection(sock=theirs)

        async def act():
            await self._script(far_reader, far_writer)
            await asyncio.Event().wait()

        return Peer(reader, writer, far_writer, asyncio.create_task(act()))

    async def close(self):
        pass


def frame(value):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return len(body).to_bytes(4, "big") + body


def call(number=1, path="client.books.create", **arguments):
    return frame({"kind": "call", "number": number, "path": path, "arguments": arguments})


def done(value=None, **changes):
    return frame({"kind": "done", "status": "completed", "value": value, "failure": None, **changes})


def failure(**changes):
    claim = {"type_name": "E", "message": "m", "line": 1, "hint": None, "limit": None, "attributes": {}, "problems": []}
    return done(status="failed", failure={**claim, **changes})


def printed(text="a", cut=0):
    return frame({"kind": "print", "text": text, "cut": cut})


async def play(data, *, exposure, answer=None, **limits):
    """Lets a worker send bytes, and returns the outcome and the calls that reached the host."""
    calls = []

    async def count(call):
        calls.append(call)
        return await answer(call) if answer is not None else None

    async def script(reader, writer):
        writer.write(data)
        writer.write_eof()

    with anyio.fail_after(10):
        async with Sandbox(exposure=exposure, isolation=Hostile(script), limits=Limits(**limits)) as sandbox:
            return await sandbox.run("1", answer=count), calls


MIB = 2**20
FORGERIES = {
    "an unknown kind": frame({"kind": "exec", "code": "1"}),
    "no kind": frame({}),
    "a kind that is no text": frame({"kind": ["call"]}),
    "an additional key": frame({"kind": "print", "text": "a", "cut": 0, "more": 1}),
    "a missing key": frame({"kind": "print", "text": "a"}),
    "a list": frame([1]),
    "a number": frame(1),
    "no JSON": frame(b"{"),
    "nothing": frame(b""),
    "two values": frame(b"{} {}"),
    "NaN": frame(b'{"kind": "done", "status": "completed", "value": NaN, "failure": null}'),
    "infinity": frame(b'{"kind": "done", "status": "completed", "value": 1e999, "failure": null}'),
    "a key twice": frame(b'{"kind": "print", "kind": "print", "text": "a", "cut": 0}'),
    "a long integer": done(10**41),
    "a very long integer": frame(b'{"kind": "done", "value": ' + b"9" * 100_000 + b"}"),
    "deep lists": frame(b"[" * 65 + b"]" * 65),
    "very deep lists": frame(b"[" * 1_000_000),
    "deep objects": frame(b'{"a":' * 70 + b"1" + b"}" * 70),
    "many empty lists": frame(b"[" + b"[]," * 300_000 + b"[]]"),
    "many keys": frame(b"{" + b",".join(b'"%d":0' % number for number in range(120_000)) + b"}"),
    "quotes without end": frame(b'"' + b'\\"' * 500_000),
    "half a character": frame(b'{"kind": "print", "text": "\\ud800", "cut": 0}'),
    "bytes that are no text": frame(b'{"kind": "print", "text": "\xff", "cut": 0}'),
    "a frame that is too long": (2 * MIB).to_bytes(4, "big") + b"a",
    "the longest frame there is": b"\xff\xff\xff\xff",
    "a pickle": frame(b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00K\x01."),
    "call number 0": call(0),
    "call number 2 first": call(2),
    "a call number twice": call(1) + call(1),
    "a negative call number": call(-1),
    "a call number that is true": call(True),
    "a call number that is a float": call(1.0),
    "a path that is not exposed": call(path="client.books.delete"),
    "a private path": call(path="client._http.get"),
    "a prefix of a path": call(path="client.books"),
    "an alias instead of the path": call(path="client.books.allPages"),
    "a path that is a list": call(path=["client.books.create"]),
    "an argument that does not exist": call(titel="a"),
    "a private argument": call(_title="a"),
    "arguments that are a list": frame({"kind": "call", "number": 1, "path": "client.books.create", "arguments": []}),
    "a print that is no text": printed(text=1),
    "a count that falls": printed(cut=5) + printed(cut=4),
    "a count that is true": printed(cut=True),
    "a negative count": printed(cut=-1),
    "more text than the limit": b"".join(printed("a" * 100_000) for _ in range(4)),
    "an unknown status": done(status="great"),
    "a status that is a list": done(status=["completed"]),
    "a failure without failing": done(failure={}),
    "failing without a failure": done(status="failed"),
    "a failure without keys": done(status="failed", failure={}),
    "a failure that is a list": done(status="failed", failure=[]),
    "a message that is a number": failure(message=1),
    "a line that is text": failure(line="1"),
    "a hint that is a list": failure(hint=[]),
    "attributes that are a list": failure(attributes=[]),
    "problems that are text": failure(problems="p"),
    "a problem that is text": failure(problems=["p"]),
    "a problem without its line": failure(problems=[{"message": "m", "hint": None, "signature": None}]),
    "a problem whose line is text": failure(
        problems=[{"message": "m", "line": "1", "hint": None, "signature": None}]
    ),
    "a problem whose hint is a list": failure(problems=[{"message": "m", "line": 1, "hint": [], "signature": None}]),
    "very many problems": failure(problems=[{"message": "m", "line": 1, "hint": None, "signature": None}] * 51),
    "a limit that does not exist": done(status="limit", failure={"limit": "patience"}),
    "a limit without the status": failure(limit="calls"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES.keys())
async def test_a_forged_frame_ends_the_worker(exposure, name):
    outcome, _ = await play(FORGERIES[name] + done("forged"), exposure=exposure)
    assert (outcome.status, outcome.value) == ("failed", None)
    assert outcome.failure.type_name == "WorkerCrashed"
    assert "broke the rules" in outcome.failure.message


async def test_nothing_counts_after_the_first_end(exposure):
    outcome, calls = await play(done(1) + call(1) + printed("late") + done(2), exposure=exposure)
    assert (outcome.status, outcome.value, outcome.printed, calls) == ("completed", 1, "", [])


async def test_what_came_before_a_forgery_is_kept(exposure):
    outcome, calls = await play(printed("before") + call(1, title="a") + frame({}), exposure=exposure)
    assert (outcome.printed, len(outcome.calls)) == ("before", 1)
    assert len(calls) <= 1


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (b"".join(call(number, title="a") for number in range(1, 12)), "calls_in_flight"),
        (b"".join(printed("") for _ in range(2_000)), "channel_bytes"),
        (printed("", cut=100_000_000), "printed_bytes"),
    ],
)
async def test_the_host_keeps_limits_that_a_worker_ignores(exposure, data, limit):
    outcome, _ = await play(
        data,
        exposure=exposure,
        answer=lambda _: anyio.sleep_forever(),
        calls_in_flight=10,
        channel_bytes=50_000,
    )
    assert (outcome.status, outcome.failure.limit) == ("limit", limit)


async def test_the_host_counts_calls_itself(exposure):
    async def script(reader, writer):
        for number in range(1, 10):
            writer.write(call(number, title="a"))
            length = int.from_bytes(await reader.readexactly(4), "big")
            if number == 1:
                await reader.readexactly(length)
                length = int.from_bytes(await reader.readexactly(4), "big")
            await reader.readexactly(length)

    async def answer(call):
        return None

    with anyio.fail_after(10):
        async with Sandbox(exposure=exposure, isolation=Hostile(script), limits=Limits(calls=5)) as sandbox:
            outcome = await sandbox.run("1", answer=answer)
    assert (outcome.failure.limit, len(outcome.calls)) == ("calls", 5)


async def test_a_worker_that_goes_away_is_told(exposure):
    outcome, _ = await play(printed("a") + b"\x00\x00", exposure=exposure)
    assert (outcome.status, outcome.failure.type_name, outcome.printed) == ("failed", "WorkerCrashed", "a")


async def test_a_worker_that_says_nothing_reaches_the_limit_of_real_time(exposure):
    async def script(reader, writer):
        await reader.read()

    with anyio.fail_after(10):
        async with Sandbox(exposure=exposure, isolation=Hostile(script), limits=Limits(wall_seconds=0.2)) as sandbox:
            outcome = await sandbox.run("1", answer=lambda _: anyio.sleep_forever())
    assert outcome.failure.limit == "wall_seconds"


async def test_a_worker_that_never_reads_does_not_stop_its_end(exposure):
    async def large(call):
        return "a" * 4_000_000

    outcome, _ = await play(
        b"".join(call(number, title="a") for number in range(1, 11)) + done("end"),
        exposure=exposure,
        answer=large,
    )
    assert (outcome.status, outcome.value) == ("completed", "end")
    assert len(outcome.calls) == 10


@given(binary() | text().map(str.encode) | recursive(none() | floats() | text(), lists).map(json.dumps).map(str.encode))
def test_whatever_bytes_are_decoded_only_one_error_comes_up(body):
    with contextlib.suppress(ChannelError):
        assert type(decode(body, max_values=1000)) is dict


async def test_claims_about_a_failure_are_cut_and_placed(exposure):
    outcome, _ = await play(failure(message="m" * 100_000, line=7), exposure=exposure)
    assert len(outcome.failure.message) < 5_000
    assert (outcome.failure.line, outcome.failure.source_line) == (None, None)

"""Conversations that no honest worker holds, by the thousand: the host must come out of each with a clear end.

`python tests/sandbox/test_channel_fuzz.py ROUNDS [SEED]` goes on for longer.
"""

import asyncio
import json
import random
import socket
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from code_sandbox import Ending, Exposure, Limits, Method, Page, Parameter, Sandbox

EXPOSURE = Exposure(
    methods=(
        Method(path="client.books.create", parameters=(Parameter(name="title"), Parameter(name="tags"))),
        Method(path="client.books.list", parameters=(Parameter(name="cursor"),), paged=True),
    )
)
PARAMETERS = {"client.books.create": {"title", "tags"}, "client.books.list": {"cursor"}}
LIMITS = Limits(
    wall_seconds=5.0, calls=6, calls_in_flight=3, printed_bytes=64, result_bytes=2_000, channel_bytes=60_000
)
ROUNDS = 1_500


class Script:
    """An isolation whose only worker sends given bytes and hangs up."""

    def __init__(self, data):
        self._data = data

    async def open(self, setup):
        pass

    async def start(self):
        ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self.reader, self.writer = await asyncio.open_connection(sock=ours)
        self._sending = asyncio.create_task(self._send())
        return self

    async def _send(self):
        await asyncio.get_running_loop().sock_sendall(self._theirs, self._data)
        self._theirs.shutdown(socket.SHUT_WR)

    def memory_bytes(self):
        return 0

    def kill(self):
        self._sending.cancel()

    def leave(self):
        return None

    async def reap(self, *, grace_seconds=0.0):
        self.kill()
        await asyncio.gather(self._sending, return_exceptions=True)
        self._theirs.close()
        self.writer.transport.abort()
        return Ending(exit_code=0, signal=None, cpu_seconds=0.0, peak_memory_bytes=0)

    async def close(self):
        pass


async def converse(data):
    """Lets the host hear some bytes, and checks all that must hold whatever they are."""
    calls = []

    async def answer(call):
        calls.append(call)
        assert call.arguments.keys() <= PARAMETERS[call.path]
        if call.path == "client.books.list":
            return Page(items=[], body={}, next_arguments=None)
        return call.arguments.get("title")

    async with asyncio.timeout(20), Sandbox(exposure=EXPOSURE, limits=LIMITS, isolation=Script(data)) as sandbox:
        outcome = await sandbox.run("1", answer=answer)
    assert [call.number for call in calls] == list(range(1, len(calls) + 1))
    assert len(calls) <= len(outcome.calls) <= LIMITS.calls
    assert (outcome.failure is None) == (outcome.status == "completed")
    kept = outcome.printed.rpartition("\n[")[0] if outcome.printed_cut_bytes else outcome.printed
    assert len(kept.encode()) <= LIMITS.printed_bytes
    json.dumps(outcome.value, allow_nan=False).encode()
    if outcome.failure is not None:
        failure = outcome.failure
        text = [failure.type_name, failure.message, failure.hint or "", *(each.message for each in failure.problems)]
        assert failure.message
        assert all(len(each) <= 4_100 for each in text)
        "".join(text).encode()
    return outcome


def framed(value):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return len(body).to_bytes(4, "big") + body


FAILURE = {
    "type_name": "E",
    "message": "m",
    "line": 1,
    "hint": None,
    "limit": None,
    "attributes": {},
    "problems": [{"message": "m", "line": 1, "hint": "h", "signature": None}],
}
HONEST = (
    {"kind": "print", "text": "hé\n", "cut": 0},
    {
        "kind": "call",
        "number": 1,
        "path": "client.books.create",
        "arguments": {"title": "a", "tags": ["b", {"c": 1.5}]},
    },
    {"kind": "call", "number": 2, "path": "client.books.list", "arguments": {"cursor": None}},
    {"kind": "print", "text": "", "cut": 12},
)
ENDS = (
    {"kind": "done", "status": "completed", "value": [1, "two", None], "failure": None},
    {"kind": "done", "status": "failed", "value": None, "failure": FAILURE},
    {"kind": "done", "status": "limit", "value": None, "failure": {**FAILURE, "limit": "cpu_seconds"}},
)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
keys = st.sampled_from(["kind", "text", "cut", "number", "path", "arguments", "status", "value", "failure", "more"])


@st.composite
def bent_frames(draw):
    """An honest frame with some of its values, or values inside of it, replaced, taken out or added."""
    frame = json.loads(json.dumps(draw(st.sampled_from((*HONEST, *ENDS)))))
    for _ in range(draw(st.integers(0, 3))):
        place = frame
        while inner := [
            each
            for each in (place.values() if isinstance(place, dict) else place)
            if each and isinstance(each, dict | list)
        ]:
            if draw(st.booleans()):
                break
            place = draw(st.sampled_from(inner))
        if isinstance(place, list):
            place.append(draw(values))
        elif place and draw(st.booleans()):
            place[draw(st.sampled_from(sorted(place)))] = draw(values)
        elif place and draw(st.booleans()):
            del place[draw(st.sampled_from(sorted(place)))]
        else:
            place[draw(keys)] = draw(values)
    return framed(frame)


conversations = st.lists(
    bent_frames() | values.map(framed) | st.binary(max_size=20).map(framed) | st.binary(max_size=8)
)


@settings(max_examples=300, deadline=None)
@given(conversations)
def test_any_conversation_has_a_clear_end(frames):
    asyncio.run(converse(b"".join(frames)))


@given(st.lists(st.sampled_from(HONEST[::3]), max_size=3), st.sampled_from(ENDS))
def test_an_honest_conversation_ends_as_it_says(prints, end):
    outcome = asyncio.run(converse(b"".join(map(framed, (*HONEST[1:3], *prints[:1], end)))))
    assert (outcome.status, outcome.value) == (end["status"], end["value"])


def mutated(data, chance):
    """Changes bytes of a conversation: flips, cuts, repeats, swaps, and lengths that lie."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not data:
            break
        begin = chance.randrange(len(data))
        end = min(len(data), begin + chance.choice((1, 1, 2, 4, 30, 200)))
        match chance.randrange(6):
            case 0:
                data[begin] ^= 1 << chance.randrange(8)
            case 1:
                del data[begin:end]
            case 2:
                data[begin:begin] = data[begin:end] * chance.choice((1, 2, 50))
            case 3:
                data[begin:end] = chance.randbytes(end - begin)
            case 4:
                data[begin : begin + 1] = chance.choice(
                    (b'"', b"[", b"]", b"{", b"}", b"\\", b",", b"9" * 50, b"\xed\xa0\x80")
                )
            case 5:
                data[begin : begin + 4] = chance.choice((0, 1, 2_000, 70_000, 2**31, 2**32 - 1)).to_bytes(4, "big")
    return bytes(data)


async def fuzz(rounds, seed):
    chance = random.Random(seed)
    ends = set()
    for number in range(rounds):
        frames = [framed(chance.choice(HONEST)) for _ in range(chance.randint(0, 4))]
        data = mutated(b"".join((framed(HONEST[1]), *frames, framed(chance.choice(ENDS)))), chance)
        try:
            outcome = await converse(data)
        except BaseException as exc:
            exc.add_note(f"seed {seed}, round {number}: {data!r}")
            raise
        ends.add((outcome.status, outcome.failure and outcome.failure.type_name))
    return ends


async def test_a_conversation_with_changed_bytes_has_a_clear_end():
    ends = await fuzz(ROUNDS, seed=20260101)
    assert {("failed", "WorkerCrashed"), ("failed", "E"), ("completed", None)} <= ends


if __name__ == "__main__":
    asyncio.run(fuzz(int(sys.argv[1]), seed=int((sys.argv[2:] or ["1"])[0])))

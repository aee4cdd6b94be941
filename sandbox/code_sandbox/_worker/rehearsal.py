"""Programs of our own that a zygote runs before it forks: what a first program finds new, later ones find warm."""

import os
import signal
import socket
import sys

# The class on top of this takes three functions to make a socket.
from _socket import socket as RawSocket  # noqa: N812
from _socket import socketpair
from collections.abc import Callable, Mapping
from typing import Any

from code_sandbox._lockdown.layers import Layers, carry_out
from code_sandbox._worker.channel import Channel, PolledInbox, encoded

MAIN = """
import json, re
async def run(client=None):
    rows = [{"name": f"{number}"} for number in range(3)]
    for row in rows:
        row["answer"] = await client.stage.call(number=1, text="a")
    print(rows[0], json.dumps(rows))
    return {"rows": rows, "found": bool(re.search("a+", "caat"))}
"""
SHORT = """
total = 0
for _ in range(2):
    total = await client.stage.call(number=total)
total
"""
"""Run in each worker before it is ready: it gets pages of its own then where every program writes, and a program need
not wait for them."""
SHORTEST = "1 + 1"
"""The same while programs wait for workers already."""
TIMES = 9
"""The interpreter adapts a function to what it sees from about the eighth time on, and writes less afterwards."""
METHOD = {
    "path": "client.stage.call",
    "aliases": [],
    "paged": False,
    "signature": "",
    "javascript_signature": "",
    "parameters": [
        {"name": "number", "required": True, "positional": False},
        {"name": "text", "required": False, "positional": False},
    ],
}
BORN = b'{"born": %d}'
"""As JSON. What a zygote does between two forks dirties memory for the next one, so it does little."""
RIGHTS = (socket.SOL_SOCKET, socket.SCM_RIGHTS)
NUMBER_BYTES = 4


class Prompter:
    """An inbox that has an answer for each call."""

    def __init__(self) -> None:
        self._calls = 0

    def read(self, timeout_seconds: float | None) -> bytes | None:
        """Returns the next answer, unless the program only looks whether there is one."""
        if timeout_seconds is not None:
            return None
        self._calls += 1
        return encoded({"kind": "answer", "number": self._calls, "value": self._calls})


def stage(setup: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the setup with one method on it, which rehearsals call."""
    return {**setup, "methods": [METHOD]}


def silent() -> Channel:
    """Returns a channel that answers by itself and sends into nothing: descriptor 1 leads nowhere."""
    return Channel(inbox=Prompter(), descriptor=1)


def introduce(control: RawSocket, number: int, host_end: RawSocket, worker_end: RawSocket, place: int) -> None:
    """Tells the host of a newborn, hands it its end of the channel, and puts the other end into its place."""
    # The kernel adds the sender's number as the host sees it, whatever namespace this is.
    handed = (*RIGHTS, host_end.fileno().to_bytes(NUMBER_BYTES, sys.byteorder))
    control.sendmsg([BORN % number], [handed])
    os.dup2(worker_end.fileno(), place)


def rehearse_birth(follow: Callable[[], object]) -> None:
    """Does over and over what each fork does first, without a fork."""
    control, host = socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    host_end, worker_end = socketpair()
    place = os.dup(worker_end.fileno())
    inbox = PolledInbox(place)
    channel = Channel(inbox=inbox, descriptor=place)
    frame = encoded({"kind": "start"})
    for number in range(TIMES):
        follow()
        introduce(control, number, host_end, worker_end, place)
        channel.write(frame)
        host_end.send(frame)
        channel.receive(None)
        carry_out([("", os.getpid)] * TIMES, Layers())
    for each in (control, host, host_end, worker_end):
        each.close()
    os.close(place)


def rehearse_wakeup() -> None:
    """Forgets the descriptor of signals as a fork does, and takes it back."""
    for _ in range(TIMES):
        signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)

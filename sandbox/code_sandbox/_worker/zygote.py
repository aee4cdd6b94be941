"""The process that forks workers: it has imported everything once, holds no secret, and never sees a program."""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from collections import deque
from typing import Any, NoReturn

from code_sandbox._lockdown.process import follow_parent, lock_process, ready_to_follow
from code_sandbox._worker.channel import Channel, PolledInbox
from code_sandbox._worker.languages import all_languages
from code_sandbox._worker.main import MakesRuns, Runs, Worker

MESSAGE_BYTES = 32 * 1024
HEADER_BYTES = 4
REHEARSAL = """
import json, re
async def run(client=None):
    rows = [{"name": f"{number}"} for number in range(3)]
    print(rows[0], json.dumps(rows))
    return {"rows": rows, "found": bool(re.search("a+", "caat"))}
"""
"""Run once before any fork: a first program finds the interpreter warm."""
SHORT_REHEARSAL = "print(1)\n[1 + 1]"
"""Run in each worker before it is ready: it gets pages of its own then where every program writes, and a program need
not wait for them. A longer one would cost more than it saves."""
LARGEST_BYTES = 480
"""Larger objects are not kept together by the interpreter."""
STEP_BYTES = 16
FILLING = 400
"""Objects of each size: more fill no more gaps."""


class Silence:
    """An inbox in which nothing ever arrives."""

    def read(self, timeout_seconds: float | None) -> bytes | None:
        """Returns what arrived: nothing."""
        return None


class Zygote:
    """Forks, kills and reaps workers as the host orders. One thread; it never waits for a worker."""

    def __init__(self, control: socket.socket, *, interpreter: MakesRuns) -> None:
        """Takes the socket to the host, reads what all programs see, and gets warm."""
        self._control = control
        self._interpreter = interpreter
        self._wanted: deque[int] = deque()
        """Numbers of workers that are to be forked."""
        self._pids: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        setup = self._read_setup()
        self._silent(setup).run(REHEARSAL)
        self._stage = self._silent(setup)
        """Made here, because making one in each worker would cost more than the rehearsal."""
        self._worker = self._prepared(setup)

    def serve(self, *, parent_id: int) -> NoReturn:
        """Locks itself in and does what the host orders until it is gone; then ends with all workers."""
        self._ask_to_follow = ready_to_follow()
        self._layers = lock_process(parent_id=parent_id, process_namespace=True)
        # Only now: what locks the process in may have forked it.
        self._pid = os.getpid()
        self._wakeup = _wakeup()
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wakeup, select.POLLIN)
        gc.collect()
        self._filling = _filling()
        gc.freeze()
        self._tell({"open": True})
        while True:
            # Orders first: a kill must not stand behind a crowd of forks.
            for descriptor, _ in poll.poll(0 if self._wanted else None):
                if descriptor == self._wakeup:
                    self._reap()
                else:
                    self._obey()
            if self._wanted:
                self._fork(self._wanted.popleft())

    def _read_setup(self) -> dict[str, Any]:
        length = json.loads(self._control.recv(MESSAGE_BYTES))["data"]
        data = bytearray()
        while len(data) < length:
            data += self._control.recv(MESSAGE_BYTES) or _end()
        setup: dict[str, Any] = json.loads(data[HEADER_BYTES:])
        return setup

    def _prepared(self, setup: dict[str, Any]) -> Worker:
        channel = Channel(inbox=PolledInbox(0), descriptor=0)
        return Worker(channel=channel, setup=setup, interpreter=self._interpreter)

    def _silent(self, setup: dict[str, Any]) -> Runs:
        """Returns what runs a program of our own, and sends into nothing: descriptor 1 leads nowhere."""
        return self._interpreter(channel=Channel(inbox=Silence(), descriptor=1), setup=setup)

    def _obey(self) -> None:
        """Takes all orders that are there."""
        while True:
            try:
                data = self._control.recv(MESSAGE_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._finish()
            order = json.loads(data)
            if "kill" in order:
                self._kill(order["kill"])
            else:
                first, count = order["fork"]
                self._wanted.extend(range(first, first + count))

    def _kill(self, number: int) -> None:
        if number in self._pids:
            # Only this process reaps, so the number still means the worker.
            os.kill(self._pids[number], signal.SIGKILL)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wakeup, MESSAGE_BYTES)
        while self._pids:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            number = self._numbers.pop(pid)
            del self._pids[number]
            cpu_seconds = usage.ru_utime + usage.ru_stime
            # After a fork, and without an exec, this sum is the worker's own.
            self._tell({"ended": number, "status": status, "cpu": cpu_seconds, "peak": usage.ru_maxrss * 1024})

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(message).encode())
        except OSError:
            self._finish()

    def _fork(self, number: int) -> None:
        try:
            host_end, worker_end = socket.socketpair()
        except OSError as error:
            return self._tell({"failed": number, "error": os.strerror(error.errno or 0)})
        with host_end, worker_end:
            try:
                pid = os.fork()
            except OSError as error:
                return self._tell({"failed": number, "error": os.strerror(error.errno or 0)})
            if pid == 0:
                self._become_worker(number, host_end, worker_end)
            self._pids[number] = pid
            self._numbers[pid] = number
        return None

    def _become_worker(self, number: int, host_end: socket.socket, worker_end: socket.socket) -> NoReturn:
        """Turns a fresh fork into a worker. Nothing returns from here."""
        try:
            signal.set_wakeup_fd(-1)
            follow_parent(self._pid, self._ask_to_follow)
            os.setsid()
            # The kernel adds the sender's number as the host sees it, whatever namespace this is.
            handed = (socket.SOL_SOCKET, socket.SCM_RIGHTS, host_end.fileno().to_bytes(4, sys.byteorder))
            self._control.sendmsg([b'{"born": %d}' % number], [handed])
            self._control.detach()
            os.dup2(worker_end.fileno(), 0)
            self._stage.run(SHORT_REHEARSAL)
            self._worker.serve(self._layers)
            # To go with answers unread, or while the host still writes, would break the connection: what the host has
            # not looked at yet would be lost to it, the last frame too. It kills, or closes, when it has all.
            while os.read(0, MESSAGE_BYTES):
                pass
            os._exit(0)
        finally:
            os._exit(1)

    def _finish(self) -> NoReturn:
        """Ends all workers and the process."""
        for pid in self._numbers:
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
        os._exit(0)


def main(channel_kind: str, parent_id: int, interpreter: MakesRuns = all_languages) -> NoReturn:
    """Forks workers for the host, in a process that was started for it."""
    follow_parent(parent_id)
    control = socket.socket(fileno=0)
    _offer_to_die_first()
    Zygote(control, interpreter=interpreter).serve(parent_id=parent_id)


def _offer_to_die_first() -> None:
    """Asks a system that is out of memory to end a worker rather than the host. Workers inherit it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _filling() -> list[bytes]:
    """Fills the gaps in memory that is shared: what a worker makes lies on few pages then, and they are new ones."""
    return [bytes(size) for size in range(0, LARGEST_BYTES, STEP_BYTES) for _ in range(FILLING)]


def _wakeup() -> int:
    """Returns a descriptor that can be read after a worker has ended."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    return reader


def _end() -> NoReturn:
    os._exit(0)

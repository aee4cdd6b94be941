"""The process that forks workers: it has imported everything once, holds no secret, and never sees a program."""

import contextlib
import gc
import json
import os
import select
import signal
import socket

# The classes on top of these take three functions to make a socket, and three to close it.
from _socket import socket as RawSocket  # noqa: N812
from _socket import socketpair
from collections import deque
from typing import Any, NoReturn

from code_sandbox._lockdown.process import follow_parent, lock_process, ready_to_follow
from code_sandbox._worker import rehearsal
from code_sandbox._worker.channel import Channel, PolledInbox
from code_sandbox._worker.languages import all_languages
from code_sandbox._worker.main import MakesRuns, Runs, Worker
from code_sandbox._worker.rehearsal import introduce, rehearse_birth, rehearse_wakeup

MESSAGE_BYTES = 32 * 1024
ENDED = b'{"ended": %d, "status": %d, "cpu": %f, "peak": %d}'
"""As JSON. What a zygote does between two forks dirties memory for the next one, so it does little."""
HEADER_BYTES = 4
CROWD = 8
"""With so many more to be forked, programs wait for workers already: a rehearsal would only keep them waiting."""
LARGEST_BYTES = 480
"""Larger objects are not kept together by the interpreter."""
STEP_BYTES = 16
FILLING = 400
"""Objects of each size: more fill no more gaps."""


class Zygote:
    """Forks, kills and reaps workers as the host orders. One thread; it never waits for a worker."""

    def __init__(self, control: RawSocket, *, interpreter: MakesRuns) -> None:
        """Takes the socket to the host, reads what all programs see, and gets warm."""
        self._control = control
        self._interpreter = interpreter
        self._wanted: deque[int] = deque()
        """Numbers of workers that are to be forked."""
        self._pids: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        setup = self._read_setup()
        # What is there already stays: to look through it again after each rehearsal would take a third of the start.
        gc.freeze()
        for program in (rehearsal.MAIN,) * rehearsal.TIMES + (rehearsal.SHORT,) * 2:
            self._silent(setup).run(program)
            # What a rehearsal leaves would lie between the things that workers touch.
            gc.collect()
        self._stage = self._silent(setup)
        """Made here, because making one in each worker would cost more than the rehearsal."""
        self._worker = self._prepared(setup)

    def serve(self, *, parent_id: int) -> NoReturn:
        """Locks itself in and does what the host orders until it is gone; then ends with all workers."""
        self._ask_to_follow = ready_to_follow()
        self._layers = lock_process(parent_id=parent_id, process_namespace=True)
        self._worker.prepare(self._layers)
        # Only now: what locks the process in may have forked it.
        self._pid = os.getpid()
        self._wakeup = _wakeup()
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wakeup, select.POLLIN)
        rehearse_birth(self._ask_to_follow)
        rehearse_wakeup()
        # How much there is now sets how often workers look through everything.
        gc.unfreeze()
        gc.collect()
        self._filling = _filling()
        gc.freeze()
        self._tell(b'{"open": true}')
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
        length = int(self._control.recv(MESSAGE_BYTES).removeprefix(b"data "))
        data = bytearray()
        while len(data) < length:
            data += self._control.recv(MESSAGE_BYTES) or _end()
        setup: dict[str, Any] = json.loads(data[HEADER_BYTES:])
        return setup

    def _prepared(self, setup: dict[str, Any]) -> Worker:
        channel = Channel(inbox=PolledInbox(0), descriptor=0)
        return Worker(channel=channel, setup=setup, interpreter=self._interpreter)

    def _silent(self, setup: dict[str, Any]) -> Runs:
        """Returns what runs a program of our own."""
        return self._interpreter(channel=rehearsal.silent(), setup=rehearsal.stage(setup))

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
            order, _, numbers = data.partition(b" ")
            if order == b"kill":
                self._kill(int(numbers))
            else:
                first, _, count = numbers.partition(b" ")
                self._wanted.extend(range(int(first), int(first) + int(count)))

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
            self._tell(ENDED % (number, status, cpu_seconds, usage.ru_maxrss * 1024))

    def _tell(self, message: bytes) -> None:
        try:
            self._control.send(message)
        except OSError:
            self._finish()

    def _fork(self, number: int) -> None:
        try:
            host_end, worker_end = socketpair()
        except OSError as error:
            return self._fail(number, error)
        try:
            pid = os.fork()
            if pid == 0:
                self._become_worker(number, host_end, worker_end)
            self._pids[number] = pid
            self._numbers[pid] = number
        except OSError as error:
            return self._fail(number, error)
        finally:
            host_end.close()
            worker_end.close()
        return None

    def _fail(self, number: int, error: OSError) -> None:
        self._tell(json.dumps({"failed": number, "error": os.strerror(error.errno or 0)}).encode())

    def _become_worker(self, number: int, host_end: RawSocket, worker_end: RawSocket) -> NoReturn:
        """Turns a fresh fork into a worker. Nothing returns from here."""
        try:
            signal.set_wakeup_fd(-1)
            follow_parent(self._pid, self._ask_to_follow)
            os.setsid()
            # From here on the control is the channel: its descriptor is.
            introduce(self._control, number, host_end, worker_end, 0)
            if len(self._wanted) < CROWD:
                self._stage.run(rehearsal.SHORTEST if self._wanted else rehearsal.SHORT)
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
    control = RawSocket(fileno=0)
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

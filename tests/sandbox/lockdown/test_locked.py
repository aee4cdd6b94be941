"""A process with all layers on: what it can do still, what fails, and what ends it."""

import signal
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

Lock = Callable[..., Any]
LockAll = Callable[[dict[str, str]], dict[str, Any]]

WORKS = {
    "the channel": ("say('a')", ["a"]),
    "a lot of memory": ("x = bytearray(30 * 2**20); y = bytes(x); say(len(y))", [30 * 2**20]),
    "memory that grows": ("x = []\nfor n in range(10**6): x.append(n)\nsay(len(x))", [10**6]),
    "too much memory": (
        "try:\n    x = bytearray(2**30)\nexcept MemoryError:\n    say('short')",
        ["short"],
    ),
    "too much memory in small pieces": (
        "x = []\ntry:\n    while True: x.append(object())\nexcept MemoryError:\n    x.clear()\n    say('short')",
        ["short"],
    ),
    "the time": ("say(time.time() > 0 and time.monotonic() > 0 and time.localtime().tm_year > 2000)", [True]),
    "processor time": ("say([time.process_time() > 0, time.thread_time() > 0])", [[True, True]]),
    "the resolution of a clock": ("say(time.get_clock_info('monotonic').resolution > 0)", [True]),
    "a sleep": ("time.sleep(0.001); say('awake')", ["awake"]),
    "random numbers": ("say([len(os.urandom(8)), random.Random().random() < 1])", [[8, True]]),
    "a hash": ("say(hashlib.sha256(b'').hexdigest()[:8])", ["e3b0c442"]),
    "a lock": ("say(threading.Lock().acquire(timeout=0.001))", [True]),
    "a lock that is taken": ("a = threading.Lock(); a.acquire(); say(a.acquire(timeout=0.001))", [False]),
    "an error's text": ("try: 1 / 0\nexcept Exception as e: say(str(e))", ["division by zero"]),
    "a collection": ("say(gc.collect() >= 0)", [True]),
    "its own number": ("say(os.getpid() > 0)", [True]),
    "anonymous memory of its own": ("x = mmap.mmap(-1, 9, flags=mmap.MAP_PRIVATE); x[0] = 1; say(x[0])", [1]),
    "the number of processors": ("os.cpu_count(); say('counted')", ["counted"]),
    "text for nobody": ("try: os.write(2, b'a')\nexcept OSError as e: say(e.errno)", [1]),
}


@pytest.mark.parametrize("name", WORKS)
def test_a_locked_process_can_still_use(lock_all: LockAll, name: str) -> None:
    ended = lock_all({name: source for name, (source, _) in WORKS.items()})[name]
    assert (ended.said, ended.code, ended.level) == (WORKS[name][1], 0, "strong")


FAILS = {
    "open a file": "open('/etc/passwd')",
    "open its memory": "os.open('/proc/self/mem', 2)",
    "see a file": "os.stat('/etc/passwd')",
    "ask whether a file is there": "os.stat('/root')",
    "list a folder": "os.listdir('/')",
    "follow a link": "os.readlink('/proc/self/exe')",
    "know its folder": "os.getcwd()",
    "read another descriptor": "os.read(3, 1)",
    "write to another descriptor": "os.write(1, b'a')",
    "close the channel": "os.close(0)",
    "copy the channel": "os.dup(0)",
    "make the channel blocking": "os.set_blocking(0, False)",
    "ignore a signal": "signal.signal(signal.SIGXCPU, signal.SIG_IGN)",
    "handle a signal": "signal.signal(signal.SIGPROF, lambda *_: None)",
    "raise a bound": "resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))",
    "see its bounds": "resource.getrlimit(resource.RLIMIT_AS)",
    "see the machine": "os.uname()",
}


@pytest.mark.parametrize("name", FAILS)
def test_a_locked_process_fails_to(lock_all: LockAll, name: str) -> None:
    ended = lock_all(FAILS)[name]
    assert ended.code == 0
    [said] = ended.said
    assert said["raised"] in ("PermissionError", "OSError", "ValueError")
    assert said["errno"] in (1, None)


DIES = {
    "a socket": "socket.socket()",
    "a pair of sockets": "socket.socketpair()",
    "a fork": "os.fork()",
    "a thread": "threading.Thread(target=print).start()",
    "a program": "os.execv('/bin/true', ['true'])",
    "a child by posix_spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "a signal to its parent": "os.kill(os.getppid(), 9)",
    "a signal to everybody": "os.kill(-1, 0)",
    "a signal to itself": "os.kill(os.getpid(), 0)",
    "a copy of the channel": "os.dup2(0, 1)",
    "a pipe": "os.pipe()",
    "a folder": "os.mkdir('/tmp/a')",
    "the removal of a file": "os.unlink('/tmp/a')",
    "another folder": "os.chdir('/')",
    "another root": "os.chroot('/')",
    "another user": "os.setuid(0)",
    "its user": "os.getuid()",
    "memory to share": "mmap.mmap(-1, 4096)",
    "executable memory": "mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
    "memory for others": "os.memfd_create('a')",
    "a timer": "signal.setitimer(signal.ITIMER_REAL, 1)",
    "its abortion": "os.abort()",
    "a better place": "os.nice(-1)",
    "another scheduler": "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "an event": "os.eventfd(0)",
}
SIGSYS = -signal.SIGSYS


@pytest.mark.parametrize("name", DIES)
def test_a_locked_process_dies_of(lock_all: LockAll, name: str) -> None:
    sources = {name: f"say('alive')\n{source}\nsay('still alive')" for name, source in DIES.items()}
    ended = lock_all(sources)[name]
    assert (ended.said, ended.code) == (["alive"], SIGSYS)


def test_a_locked_process_dies_of_its_own_code_made_executable(lock: Lock) -> None:
    source = """
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    say('alive')
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), 4096, 5)
    say('still alive')
    """
    ended = lock(textwrap.dedent(source))
    assert (ended.said, ended.code) == (["alive"], SIGSYS)


def test_a_crash_is_a_crash(lock: Lock) -> None:
    assert lock("ctypes.string_at(8)").code == -signal.SIGSEGV


def test_a_locked_process_can_end(lock: Lock) -> None:
    assert lock("os._exit(71)").code == 71


def test_the_limit_of_processor_time_is_told_again_and_again(lock: Lock) -> None:
    ended = lock("while len(reached) < 3: pass\nsay('told')", cpu_seconds=0.05)
    assert (ended.said, ended.code) == (["told"], 0)


def test_the_kernel_ends_who_does_not_listen(lock: Lock) -> None:
    ended = lock("signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass", cpu_seconds=0.1)
    assert ended.code == -signal.SIGKILL


def test_no_memory_is_both_writable_and_executable(lock: Lock) -> None:
    ended = lock("say([row for row in open('/proc/self/maps') if 'wx' in row])", process=False, worker=False)
    assert ended.said == [[]]


def test_threads_that_were_there_before_are_bound_too(lock: Lock) -> None:
    before = """
gate = threading.Event()
def work():
    gate.wait()
    socket.socket()
threading.Thread(target=work, daemon=True).start()
"""
    ended = lock("say('alive')\ngate.set()\nwhile True: time.sleep(1)", before=before)
    assert (ended.said, ended.code) == (["alive"], SIGSYS)
    assert ended.level == "strong"
    assert ended.missing["network_namespace"] == "the process has 2 threads"

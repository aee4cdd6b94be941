"""A process that locks itself in as a worker does, and then executes plain Python.

python -I -S locked.py PACKAGES CASE
"""

import ctypes
import encodings.idna  # noqa: F401 - for addresses
import errno
import gc
import hashlib
import json
import mmap
import os
import random
import resource
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import traceback
from types import CodeType

sys.path.insert(0, sys.argv[1])

from code_sandbox._lockdown import kernel, landlock, namespaces, privileges, resources
from code_sandbox._lockdown.layers import Layers
from code_sandbox._lockdown.process import lock_process
from code_sandbox._lockdown.worker import WorkerLock

MODULES = [ctypes, errno, gc, hashlib, mmap, os, random, resource, signal, socket, struct, sys, threading, time]
OURS = [kernel, landlock, namespaces, privileges, resources]


PR_SET_DUMPABLE = 4
NOBODY = 65534


def say(value: object) -> None:
    data = memoryview(json.dumps(value).encode() + b"\n")
    while data:
        data = data[os.write(0, data) :]


def become_nobody() -> None:
    """Becomes what a shell of an ordinary user would have started."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def enter_a_removed_folder() -> None:
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)


def run(source: CodeType) -> None:
    if case["worker"]:
        lock.lock(layers)
    say(layers.ready_frame())
    try:
        exec(source, names)
    except BaseException as error:
        say({"raised": type(error).__name__, "errno": getattr(error, "errno", None)})
    os._exit(0)


def fork(source: CodeType) -> dict[str, object]:
    """Runs a program in a fork, as a zygote does, and returns how it ended."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        os.dup2(theirs.fileno(), 0)
        run(source)
    theirs.close()
    with ours, ours.makefile("rb") as stream:
        frame, *said = map(json.loads, stream)
    return {"frame": frame, "said": said, "code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}


case = json.loads(sys.argv[2])
reached: list[float] = []
names = {each.__name__.rpartition(".")[2]: each for each in MODULES + OURS}
names |= {"say": say, "Layers": Layers, "reached": reached, "syscall": ctypes.CDLL(None, use_errno=True).syscall}
# As in a worker, everything is imported and compiled, and the local time is known, before the door is shut.
sources = {name: compile(source, "program", "exec") for name, source in case["sources"].items()}
time.localtime()
repr(traceback.TracebackException.from_exception(ValueError("a")))
if case["nobody"]:
    become_nobody()
enter_a_removed_folder()
exec(case["before"], names)
lock = WorkerLock(
    cpu_seconds=case["cpu_seconds"],
    memory_bytes=case["memory_bytes"],
    on_cpu_limit=lambda frame: reached.append(0),
)
layers = Layers()
if case["process"]:
    layers = lock_process(parent_id=os.getppid(), process_namespace=case["process_namespace"])
if case["alone"]:
    run(*sources.values())
say({name: fork(source) for name, source in sources.items()})
os._exit(0)

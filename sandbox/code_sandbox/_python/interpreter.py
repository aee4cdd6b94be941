"""Runs one Python program in the worker, and says how it ended."""

import gc
import random
from types import CoroutineType, FrameType, FunctionType
from typing import Any

from code_sandbox._python.allowed import MODULES, WITHOUT_IMPORT
from code_sandbox._python.asyncio import start
from code_sandbox._python.attributes import Attributes
from code_sandbox._python.builtins import Printer, guards, plain_builtins
from code_sandbox._python.calls import Caller
from code_sandbox._python.check import Surroundings
from code_sandbox._python.errors import Errors
from code_sandbox._python.loop import CancelledError, Future, Loop, Task
from code_sandbox._python.modules import Modules
from code_sandbox._python.objects import grow
from code_sandbox._python.program import BODY, Program, compile_program
from code_sandbox._python.render import Renderer, awaitables_in
from code_sandbox._python.report import Reporter, awaiting_line
from code_sandbox._worker.channel import Channel
from code_sandbox._worker.prints import Prints
from code_sandbox._worker.stop import LimitReached, is_out_of_memory
from code_sandbox._worker.table import table_of

RANDOM = frozenset({"random", "statistics"})
"""Modules that draw from the state that `random` keeps."""
RESERVE_BYTES = 1024 * 1024
"""Given back when the program has used up its memory, so that the end can be reported."""


class Interpreter:
    """Everything that serves one Python program. Made before the program is there."""

    def __init__(self, *, channel: Channel, setup: dict[str, Any]) -> None:
        limits = setup["limits"]
        self._reserve = bytearray(RESERVE_BYTES)
        self._limits = limits
        self._channel = channel
        self._prints = Prints(channel=channel, max_bytes=limits["printed_bytes"])
        self._errors = Errors(setup["errors"])
        self._caller = Caller(
            send=self._send_call,
            make_error=self._errors.make,
            max_calls=limits["calls"],
            max_in_flight=limits["calls_in_flight"],
            max_argument_bytes=limits["result_bytes"],
            max_open_bytes=limits["open_argument_bytes"],
        )
        self._loop = Loop(pump=self._pump)
        self._main_task: Task | None = None
        self._is_over = False
        """The program has ended, so a limit must not cut off the report."""
        self._is_mute = False
        self._kept: list[Any] = []
        """What the program left: were it freed, its generators and coroutines would run their `finally`."""
        self._table = table_of(setup["methods"])
        self._roots = grow(self._table, caller=self._caller)
        self._attributes = Attributes(optional_keys=setup["optional_keys"])
        self._modules = Modules(injected=self._roots, loop=self._loop, attributes=self._attributes)
        self._modules.preload()
        self._names = self._plain_names()
        """What is there without being bound."""
        self._globals = {"__builtins__": self._names, **guards(self._attributes)}
        """Made now, and handed to the program: to copy it would touch all that is in it."""
        self._surroundings = Surroundings(
            table=self._table,
            names=frozenset({*self._names, *WITHOUT_IMPORT}),
            modules={name: frozenset(self._modules.members(name)) for name in MODULES},
            refusal=self._modules.refusal,
        )

    def run(self, text: str) -> dict[str, Any]:
        """Runs a program and returns its last frame."""
        try:
            value = self._value(text)
            self._is_over = True
        except BaseException as error:
            # The border between a program and its worker: whatever ended it is reported.
            self._is_over = True
            self._reserve.clear()
            self._mute()
            return self._failed(error)
        return {"kind": "done", "status": "completed", "value": value, "failure": None}

    def _mute(self) -> None:
        """Lets nothing out any more: what of the program still runs has no last word."""
        gc.disable()
        self._is_mute = True
        self._prints.close()

    def _value(self, text: str) -> Any:
        program = compile_program(text, surroundings=self._surroundings, max_nodes=self._limits["program_nodes"])
        self._main_task = self._loop.create_task(self._main(program), name="main")
        return self._loop.run_until(self._main_task)

    async def _main(self, program: Program) -> Any:
        names, self._globals = self._globals, {}
        self._kept.append(names)
        self._provide(program)
        # The code is the policy's output, and its builtins are ours.
        exec(program.code, names)  # noqa: S102
        value = await names[BODY]()
        if value is None and program.entry is not None:
            value = self._enter(names[program.entry])
        value = await self._settled(value)
        for awaitable in awaitables_in(value):
            await awaitable
        await self._settle_calls()
        rendered = Renderer(max_bytes=self._limits["result_bytes"]).render(value)
        self._tell_lost_errors()
        self._kept.append(value)
        self._mute()
        return rendered

    def _provide(self, program: Program) -> None:
        """Makes ready what this program uses, and not all do."""
        for name in WITHOUT_IMPORT & (program.used - program.bound):
            self._names[name] = self._modules.load(name)
        if not RANDOM.isdisjoint(program.used | program.imported):
            # The forks of one process would all draw the same numbers. To seed dirties memory, so few do.
            random.seed()

    def _plain_names(self) -> dict[str, Any]:
        """Returns what is there without being bound, modules apart."""
        names = plain_builtins(self._attributes) | self._errors.classes | self._roots
        return names | {"print": Printer(write=self._prints.write).print, "__import__": self._modules.import_}

    def _enter(self, function: Any) -> Any:
        """Calls the program's `run` or `main`, with the injected objects that its parameters name."""
        if not isinstance(function, FunctionType):
            return function()
        code = function.__code__
        required = code.co_varnames[: code.co_argcount - len(function.__defaults__ or ())]
        first = next((node for node in self._roots.values() if node.public_names), None)
        return function(*(self._roots.get(name, first) for name in required))

    async def _settled(self, value: Any) -> Any:
        if isinstance(value, Future | CoroutineType):
            return await start(value, loop=self._loop)
        return value

    async def _settle_calls(self) -> None:
        """Waits for calls that were made and not awaited: they are on their way."""
        for call in self._caller.wanted():
            settled = Future()
            call.add_callback(settled.set_result)
            await settled

    def _tell_lost_errors(self) -> None:
        for call in self._caller.lost_errors:
            if not call.seen:
                self._prints.write(f"[{call.method.path} was not awaited and failed: {call.error}]\n")

    def _send_call(self, frame: dict[str, Any]) -> None:
        if self._is_mute:
            return
        self._prints.flush()
        self._channel.send(frame)

    def _pump(self, timeout_seconds: float | None) -> bool:
        if timeout_seconds is None and not self._caller.is_waiting:
            return False
        if timeout_seconds != 0:
            self._prints.flush()
        frame = self._channel.receive(timeout_seconds)
        while frame is not None:
            self._caller.answered(frame)
            frame = self._channel.arrived()
        return True

    def stop(self, _: FrameType | None) -> None:
        """Ends the program at its limit of processor time, unless it is over."""
        if not self._is_over and not self._channel.is_sending:
            raise LimitReached("cpu_seconds")

    def _failed(self, error: BaseException) -> dict[str, Any]:
        is_full = is_out_of_memory(error)
        if is_full:
            stop = LimitReached("memory_bytes")
            error = stop.with_traceback(error.__traceback__)
        elif isinstance(error, CancelledError):
            error = RuntimeError("the program cancelled itself")
        failure = Reporter(errors=self._errors).failure(error)
        if failure["line"] is None and self._main_task is not None:
            failure["line"] = awaiting_line(self._main_task.coroutine)
        self._kept.append(error)
        if is_full:
            self._free(error)
        status = "failed" if failure["limit"] is None else "limit"
        return {"kind": "done", "status": status, "value": None, "failure": failure}

    def _free(self, error: BaseException) -> None:
        """Gives back what filled the memory: the frames of the traceback and the program's names hold it."""
        self._kept.clear()
        error.__traceback__ = error.__context__ = error.__cause__ = None
        gc.collect()

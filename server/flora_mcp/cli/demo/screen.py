"""Shows how the runs come along: bars on a terminal, plain lines elsewhere."""

import re
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from flora_mcp.cli.demo.shot import Shot

RUN = re.compile(r"(run_\S+) (pending|running|completed|failed|unknown) (\d+)%")
"""How the server's progress messages tell of each run."""

STEP_PERCENT = 25


class Screen(Protocol):
    """Where the demo shows what it does."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def say(self, line: str) -> None:
        """Shows a line above whatever moves."""

    def progress(self, value: float, total: float | None, message: str) -> None:
        """Takes one progress notification."""

    def shots(self, shots: list[Shot]) -> None:
        """Shows what was saved."""


def screen() -> Screen:
    """Returns the screen that suits standard output."""
    console = _Console()
    return Bars(console) if console.is_terminal else Lines(console)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Goes on in silence when nobody reads any more, as after `| head`: the pictures are still to be saved."""
        with suppress(SystemExit):
            super().on_broken_pipe()


class Bars:
    """A bar for each run."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=2)),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._waiting = self._progress.add_task("starting", total=None)
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.update(self._waiting, visible=False)
        self._progress.stop()

    def say(self, line: str) -> None:
        self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def progress(self, value: float, total: float | None, message: str) -> None:
        runs = RUN.findall(message)
        for run_id, status, percent in runs:
            if run_id not in self._bars:
                self._bars[run_id] = self._progress.add_task(run_id, total=100)
            self._progress.update(self._bars[run_id], completed=int(percent), description=f"{run_id} {status}")
        for bar in self._bars.values():
            self._progress.update(bar, visible=bool(runs))
        self._progress.update(
            self._waiting, visible=not runs, completed=value, total=total, description=message.strip() or "waiting"
        )

    def shots(self, shots: list[Shot]) -> None:
        if not shots:
            return
        table = Table("file", "model", "seed", "pixels", "bytes", "seconds")
        table.columns[0].overflow = "fold"
        for shot in shots:
            table.add_row(*(Text(cell) for cell in shot.cells()))
        self._console.print(table)


class Lines:
    """A line for each step of each run."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: dict[str, tuple[str, int]] = {}
        self._message = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def progress(self, value: float, total: float | None, message: str) -> None:
        runs = RUN.findall(message)
        if not runs and message != self._message:
            self._message = message
            self.say(message)
        for run_id, status, percent in runs:
            step = (status, int(percent) // STEP_PERCENT)
            if self._told.get(run_id) != step:
                self._told[run_id] = step
                self.say(f"{run_id} {status} {percent}%")

    def shots(self, shots: list[Shot]) -> None:
        for shot in shots:
            path, model, seed, pixels, size, seconds = shot.cells()
            self.say(f"{path}  model {model}, seed {seed}, {pixels} pixels, {size} bytes, {seconds} s")

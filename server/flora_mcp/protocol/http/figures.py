"""Figures in the text format of Prometheus, over all worker processes of one server."""

import json
import os
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds. A tool answers within 45 by default."""

LIVE_SECONDS = 20.0
"""A process that has not written for so long is gone: what it counted stays, what it had is no more."""

Samples = dict[str, float]
"""Values by their names as they are written, such as `name{label="value"}`."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """One figure, and what it says."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str


class Figures:
    """The figures of this process, told together with those of others that write to the same folder.

    Args:
        families: All that may be counted.
        directory: Where the workers of one server leave their figures for each other; None when there is one process.
        clock: Seconds since the epoch.
    """

    def __init__(
        self, families: tuple[Family, ...], *, directory: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._families = {family.name: family for family in families}
        self._directory = directory
        self._clock = clock
        self._counted: Samples = defaultdict(float)
        self._gauges: dict[str, Callable[[], float]] = {}

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Counts."""
        assert self._families[name].kind == "counter"
        self._counted[_sample(name, labels)] += amount

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Counts how long something took."""
        assert self._families[name].kind == "histogram"
        reached = bisect_left(BUCKETS, seconds)
        for place, bound in enumerate((*BUCKETS, "+Inf")):
            self._counted[_sample(f"{name}_bucket", {**labels, "le": f"{bound}"})] += place >= reached
        self._counted[_sample(f"{name}_sum", labels)] += seconds
        self._counted[_sample(f"{name}_count", labels)] += 1

    def gauge(self, name: str, read: Callable[[], float], **labels: str) -> None:
        """Has a figure read whenever somebody asks."""
        assert self._families[name].kind == "gauge"
        self._gauges[_sample(name, labels)] = read

    def write(self) -> None:
        """Leaves the figures of this process for the others; does nothing where there are none. Blocking."""
        if self._directory is None:
            return
        own = self._directory / f"{os.getpid()}.json"
        fresh = own.with_suffix(".new")
        fresh.write_text(json.dumps({"at": self._clock(), "counted": self._counted, "gauges": self._read()}))
        fresh.replace(own)

    def text(self) -> str:
        """Returns the figures of all processes. Blocking."""
        self.write()
        samples = {**self._counted, **self._read()} if self._directory is None else self._of_all(self._directory)
        lines = []
        for family in self._families.values():
            # In the order of counting, in which the bounds of a histogram rise.
            own = [f"{sample} {value!r}" for sample, value in samples.items() if _is_of(sample, family)]
            if own:
                lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}", *own]
        return "\n".join(lines) + "\n"

    def _read(self) -> Samples:
        return {sample: float(read()) for sample, read in self._gauges.items()}

    def _of_all(self, directory: Path) -> Samples:
        samples: Samples = defaultdict(float)
        for path in sorted(directory.glob("*.json")):
            left = json.loads(path.read_text())
            live = self._clock() - left["at"] < LIVE_SECONDS
            for sample, value in {**left["counted"], **(left["gauges"] if live else {})}.items():
                samples[sample] += value
        return samples


def _sample(name: str, labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels.items())
    return f"{name}{{{inside}}}" if inside else name


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _is_of(sample: str, family: Family) -> bool:
    name = sample.partition("{")[0]
    if family.kind == "histogram":
        return name in (f"{family.name}_bucket", f"{family.name}_sum", f"{family.name}_count")
    return name == family.name

"""What a process has put around itself, and what it could not have."""

import errno
import os
from collections.abc import Callable, Iterable
from typing import TypedDict

SECCOMP = "seccomp"
LANDLOCK = "landlock"
SEATBELT = "seatbelt"
NO_NEW_PRIVILEGES = "no_new_privileges"
DESCRIPTORS = "descriptors"
RESOURCES = "resources"

STRONG = frozenset({SECCOMP, NO_NEW_PRIVILEGES, DESCRIPTORS, RESOURCES})
"""All of these make the protection strong: a list of allowed system calls is worth little with an open file at hand."""
MODERATE = (LANDLOCK, SEATBELT)
"""Any of these makes it moderate."""

Step = tuple[str, Callable[[], object]]
"""A layer, and what puts it on or a part of it."""


class ReadyFrame(TypedDict):
    """What a worker says when it has locked itself in."""

    kind: str
    level: str
    layers: list[str]
    missing: dict[str, str]


class Layers:
    """The record of a lockdown. A layer that cannot be had is written down with its reason, and never raised."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """The layers in force, in the order in which they were put on."""
        self.missing: dict[str, str] = {}
        """Name of each layer that could not be had, and why."""

    def attempt(self, name: str, action: Callable[[], None]) -> bool:
        """Puts on a layer; returns whether it is in force."""
        try:
            action()
        except OSError as exc:
            self.lack(name, reason(exc))
            return False
        except ValueError as exc:
            self.lack(name, str(exc))
            return False
        self.add(name)
        return True

    def add(self, name: str) -> None:
        """Writes down a layer that is in force."""
        self.missing.pop(name, None)
        if name not in self.names:
            self.names.append(name)

    def lack(self, name: str, why: str) -> None:
        """Writes down a layer that is not in force."""
        if name in self.names:
            self.names.remove(name)
        self.missing[name] = why

    @property
    def level(self) -> str:
        """What the layers amount to: strong, moderate or weak."""
        if STRONG.issubset(self.names):
            return "strong"
        return "moderate" if any(name in self.names for name in MODERATE) else "weak"

    def ready_frame(self) -> ReadyFrame:
        """Returns the record as the host reads it."""
        return {"kind": "ready", "level": self.level, "layers": list(self.names), "missing": dict(self.missing)}


def carry_out(steps: Iterable[Step], layers: Layers) -> bool:
    """Takes steps to layers that are written down already, and writes down those that could not be had.

    Returns:
        Whether all could be had. Nothing but the steps is touched then.
    """
    is_whole = True
    for layer, act in steps:
        try:
            act()
        except OSError as exc:
            layers.lack(layer, reason(exc))
            is_whole = False
        except ValueError as exc:
            layers.lack(layer, str(exc))
            is_whole = False
    return is_whole


def reason(error: OSError) -> str:
    """Returns what the system said, in words and by its name: never a path."""
    if error.errno is None:
        return str(error)
    words = f"{os.strerror(error.errno)} ({errno.errorcode.get(error.errno, error.errno)})"
    return f"{error.filename}: {words}" if isinstance(error, KernelError) else words


class KernelError(OSError):
    """The kernel refused a call. `filename` is the call's name."""

    def __init__(self, number: int, call: str) -> None:
        super().__init__(number, os.strerror(number), call)

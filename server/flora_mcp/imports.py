"""Imports what a command needs, in less time."""

import gc
import importlib
from types import ModuleType


def import_quickly(name: str) -> ModuleType:
    """Returns a module, and all that it imports is taken to stay for ever.

    The collector looks through all that a growing program has, again and again: of what is imported nothing is ever
    garbage, so it would be for nothing. That is a quarter of the time until the first answer.
    """
    gc.disable()
    try:
        module = importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
    return module

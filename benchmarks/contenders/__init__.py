"""What the sandbox is measured against, each in a few lines, with one way to drive all."""

import importlib.util

from contenders.contender import Contender
from contenders.fork import Fork
from contenders.interpreter import Interpreter
from contenders.ours import Ours

__all__ = ["Contender", "Ours", "contenders"]


def contenders() -> list[Contender]:
    """Returns those that can run here; ours first, the reference third."""
    found: list[Contender] = [Ours(), Ours(fresh=True), Interpreter()]
    if importlib.util.find_spec("pydantic_monty") is not None:
        from contenders.monty import Monty

        found += [Monty(), Monty(one_shot=True)]
    if importlib.util.find_spec("smolagents") is not None:
        from contenders.smolagents import Smolagents

        found.append(Smolagents())
    return [*found, Fork()]

"""smolagents' LocalPythonExecutor: an evaluator of syntax trees in the host's own process."""

from smolagents.local_python_executor import LocalPythonExecutor

from contenders.contender import Contender

TEN = """
total = 0
for _ in range(10):
    total = increment(total)
total
"""


class Smolagents(Contender):
    """A new executor for each program. It shares the process, so it cannot wait nor run two at once."""

    name = "smolagents, in the host's process"
    can_run_at_once = False

    async def one(self) -> object:
        return _run("1 + 1")

    async def ten(self) -> object:
        return _run(TEN)


def _run(program: str) -> object:
    executor = LocalPythonExecutor(additional_authorized_imports=[])
    executor.send_tools({})
    executor.state["increment"] = _increment
    executor.static_tools["increment"] = _increment
    return executor(program).output


def _increment(number: int) -> int:
    return number + 1

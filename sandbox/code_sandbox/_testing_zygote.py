"""The zygote of `_testing`: forks workers that execute plain Python, and differs in nothing else."""

from typing import NoReturn

from code_sandbox._testing_worker import RawInterpreter
from code_sandbox._worker.zygote import main as run_zygote


def main(channel_kind: str, parent_id: int) -> NoReturn:
    """Forks raw workers in a process that was started for it."""
    run_zygote(channel_kind, parent_id, RawInterpreter)

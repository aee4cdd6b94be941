"""For tests only: runs plain Python in the hardened worker, so that the operating system's border is tried alone.

Nothing of the package imports this module, and neither a setting nor a frame leads to it.
"""

from collections.abc import Callable

from code_sandbox._processes.default import default_isolation
from code_sandbox._processes.fresh import FreshProcess
from code_sandbox._processes.zygote import Zygote
from code_sandbox.exposure import JSON, Answer, Call, Exposure, Page
from code_sandbox.isolation import Isolation
from code_sandbox.limits import Limits
from code_sandbox.outcome import Outcome
from code_sandbox.sandbox import Language, Sandbox

FRESH_ENTRY = "code_sandbox._testing_worker"
ZYGOTE_ENTRY = "code_sandbox._testing_zygote"
NOTHING_EXPOSED = Exposure(methods=(), errors={})


def raw_isolation() -> Isolation:
    """Returns the isolation of this system, whose workers execute plain Python with real builtins."""
    if isinstance(default_isolation(), Zygote):
        return Zygote(entry=ZYGOTE_ENTRY)
    return FreshProcess(entry=FRESH_ENTRY)


async def execute_raw(
    source: str,
    *,
    exposure: Exposure = NOTHING_EXPOSED,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    answer: Answer | None = None,
    on_print: Callable[[str], None] | None = None,
    language: Language = "auto",
) -> Outcome:
    """Runs plain Python, with the language layer off and every other layer on.

    Args:
        source: Executed with the modules of `_testing_worker.MODULES` and `channel` as globals; `result` is its value.
        exposure: What a frame forged by the program may call.
        limits: As for a released worker.
        answer: Answers such calls; with None they all return None.
        on_print: Gets the text of print frames forged by the program.
        language: "python" for a program as agents write them, the body of a coroutine: it finds the exposed methods.
    """
    async with Sandbox(exposure=exposure, limits=limits, isolation=raw_isolation()) as sandbox:
        return await sandbox.run(source, answer=answer or _nothing, on_print=on_print, language=language)


async def _nothing(_: Call) -> JSON | Page:
    return None

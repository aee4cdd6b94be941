"""How much a program may use before it is stopped."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds of one program. Reaching one ends it with `Outcome.status` "limit" and the bound's name."""

    wall_seconds: float = 900.0
    """Real time from the start of the worker, waiting for calls included."""
    cpu_seconds: float = 10.0
    """Processor time of the program. Raised as an error at the bound; the kernel kills a second later."""
    memory_bytes: int = 256 * MIB
    """Address space above what an idle worker has. Not enforced on macOS and Windows."""
    program_bytes: int = 64 * KIB
    """Length of the text in UTF-8."""
    program_nodes: int = 20_000
    """Nodes of the syntax tree, which bounds the time that compiling takes."""
    printed_bytes: int = 256 * KIB
    """Kept of what is printed, from the beginning. The program goes on until 16 times as much, then it is stopped."""
    result_bytes: int = 1 * MIB
    """Length of the value as JSON."""
    calls: int = 500
    """Calls in all; a page fetched by iterating is a call."""
    calls_in_flight: int = 32
    """Calls open at the same time. More wait in the worker: no error."""
    calls_per_second: float = 100.0
    """On average since the start, beyond those that may be in flight. More wait outside the host: no error."""
    open_argument_bytes: int = 2 * MIB
    """Arguments of the calls open at the same time, as JSON. More wait in the worker: no error."""
    unread_answer_bytes: int = 12 * MIB
    """Answers that the worker has not taken yet. Another one fails its call, not the program."""
    answer_bytes: int = 8 * MIB
    """Length of one answer as JSON. A longer one fails that call, not the program."""
    channel_bytes: int = 32 * MIB
    """Everything the worker sends, frames of prints, calls and the result together, each as 512 bytes at least."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value <= 0:
                raise ValueError(f"{name}={value!r} must be above 0")

    def explain(self, name: str) -> str:
        """Returns a sentence for the agent: which bound, its value, what to do."""
        value = getattr(self, name)
        amount = f"{value / MIB:g} MiB" if name.endswith("_bytes") and value >= MIB else f"{value:,}"
        return f"{SENTENCES[name]} ({name} = {amount}). {ADVICE[name]}"


PRINTED_FACTOR = 16
"""A program is stopped when it has printed this many times `printed_bytes`."""

SENTENCES = {
    "wall_seconds": "The program took too long",
    "cpu_seconds": "The program used too much processor time",
    "memory_bytes": "The program used too much memory",
    "program_bytes": "The program's text is too long",
    "program_nodes": "The program's syntax tree is too large",
    "printed_bytes": "The program printed without end",
    "result_bytes": "The program's result is too large",
    "calls": "The program made too many calls",
    "calls_in_flight": "The program kept too many calls open at once",
    "open_argument_bytes": "The calls that the program kept open had too large arguments",
    "unread_answer_bytes": "Too many large answers came at once",
    "answer_bytes": "The answer to a call is too large",
    "channel_bytes": "The program sent too much data",
}

ADVICE = {
    "wall_seconds": "Split the work into several programs, or wait for fewer things in one.",
    "cpu_seconds": "Look for a loop that never ends; sleeping between polls costs nothing.",
    "memory_bytes": "Work on the data piece by piece and keep less of it.",
    "program_bytes": "Send less text: large data does not belong into the program.",
    "program_nodes": "Send less code: large data does not belong into the program.",
    "printed_bytes": "Print less, and look for a loop that prints without end.",
    "result_bytes": "Return only the fields that matter.",
    "calls": "Make fewer calls: ask for larger pages, and sleep between polls.",
    "calls_in_flight": "Await calls before starting more.",
    "open_argument_bytes": "Await calls before starting more.",
    "unread_answer_bytes": "Start fewer calls at once, and await them before computing on.",
    "answer_bytes": "Ask for less at once, with a smaller page for example.",
    "channel_bytes": "Send smaller arguments, print less and return less.",
}

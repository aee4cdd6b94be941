"""What a model is told about the server before its first call."""

from collections.abc import Collection

LONGEST = 2048
"""Characters; Claude Code cuts what is longer."""

HEAD = "Make images and other media with FLORA."
ABOUT: tuple[tuple[str, str], ...] = (
    ("generate", "One wish: `generate` (prompt, count, params)."),
    ("execute", "Several steps, loops, choices: one program for `execute`; it has a FLORA `client`."),
    ("search_docs", "Not sure of a method, parameter or recipe: `search_docs` first; it answers with an example."),
    ("list_models", "`list_models` names the models, their prices and their params."),
    ("wait", "A call that runs out of time answers with ids and goes on; `wait` takes them up."),
    ("show", "`show` makes an output, asset or address visible, several as one sheet."),
    ("upload", "`upload` brings a file, an address or an earlier output to FLORA as an asset."),
)
PAYING = "Generations cost credits: never repeat a call that was answered with ids; the answers tell what was spent."
READING = "Nothing may be changed or paid for here: the user has set FLORA_READ_ONLY."
TAIL = (
    "Pictures come back in the answer, with the path or address of the full-size file and its facts as text.",
    "Each output is also a resource, flora://runs/{run_id}/outputs/{output_id}; subscribe to flora://runs/{run_id} to "
    "hear how a run goes on.",
)


def instructions(tools: Collection[str], *, read_only: bool) -> str:
    """Returns the text for a server that offers these tools."""
    lines = [line for name, line in ABOUT if name in tools]
    lines.append(READING if read_only else PAYING)
    return "\n".join([HEAD, *(f"- {line}" for line in [*lines, *TAIL])])

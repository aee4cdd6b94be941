"""What to write instead, for mistakes that many programs make, by the text of the error."""

import re

NOT_DEFINED = "name {!r} is not defined"
"""As the interpreter says it."""

HINTS = (
    (
        r"name '(open|input|exec|eval|compile|globals|locals|breakpoint)'",
        "{0}() is not there: no files, no dynamic code.",
    ),
    (r"name '(exit|quit|SystemExit)'", "Use a top-level `return` to end the program."),
    (r"name '(os|sys|requests|httpx|subprocess|pathlib|Path)'", "{0} is not there: no files, network or environment."),
    (r"name 'super'", "Write super().method(...) inside a method."),
    (r"name '(true|false|null|undefined|console)'", "This is Python: write True, False, None and print(...)."),
    (r"can't be used in 'await' expression", "This is not a call or a coroutine: remove `await`."),
    (r"'(?:coroutine|Call|PagedCall|Task)' object", "Write `await` before the call."),
    (r"'async for' requires", "Use a plain `for`."),
    (r"asynchronous (?:generator|comprehension)", "Use `async for` inside `async def` or at the top level."),
    (r"'await' outside async function", "Write `async def`, and `await` where the function is called."),
    (r"'NoneType' object", "A value is None here: look at what returned it."),
    (r"maximum recursion depth", "Use a loop instead of recursion."),
    (r"integer string conversion", "The number has more digits than can be shown: return a part of it."),
)


def hint_for(message: str) -> str | None:
    """Returns the hint for an error's text."""
    for pattern, hint in HINTS:
        found = re.search(pattern, message)
        if found:
            return hint.format(*found.groups())
    return None

"""The form of what every recipe tells a model."""

ENDING = (
    "Tell what was spent. If an answer names ids instead of results, take them up with wait; never send again what "
    "was paid for."
)


def steps(wish: str, *todo: str) -> str:
    """Returns the wish, and what to do for it one by one; the last step is the same for all."""
    return "\n".join([wish, "", *(f"{number}. {step}" for number, step in enumerate([*todo, ENDING], start=1))])

"""What ends a command early.

CommandError
"""


class CommandError(Exception):
    """A command cannot do what was asked; its text is one line for the person at the terminal."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        """1: it went wrong. 2: it was asked for in a way that is not accepted."""


def first(error: BaseException) -> BaseException:
    """Returns the first error inside groups of errors, however deep."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

"""What ends a program from inside the worker."""

from code_sandbox.limits import SENTENCES

LOST_ERRORS = ("error return without exception set", "returned NULL without setting an exception")
"""The interpreter says so, up to 3.11 at least, when there is no memory for the next frame of a function that is called
often, or for the error that says so."""


class LimitReached(BaseException):
    """A limit was reached. Carries its name; the host says what it means."""

    def __init__(self, limit: str) -> None:
        # A program gets at the class in `__exit__`, and could report a limit that does not exist.
        if type(limit) is not str or limit not in SENTENCES:
            raise ValueError(f"{limit!r} is no limit")
        super().__init__(limit)
        self.limit = limit


def is_out_of_memory(error: BaseException) -> bool:
    """Tells whether an error means that the memory is used up."""
    return isinstance(error, MemoryError) or (type(error) is SystemError and str(error).endswith(LOST_ERRORS))

"""What ends a program from inside the worker."""

from code_sandbox.limits import SENTENCES


class LimitReached(BaseException):
    """A limit was reached. Carries its name; the host says what it means."""

    def __init__(self, limit: str) -> None:
        # A program gets at the class in `__exit__`, and could report a limit that does not exist.
        if type(limit) is not str or limit not in SENTENCES:
            raise ValueError(f"{limit!r} is no limit")
        super().__init__(limit)
        self.limit = limit

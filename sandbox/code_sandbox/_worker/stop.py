"""What ends a program from inside the worker."""


class LimitReached(BaseException):
    """A limit was reached. Carries its name; the host says what it means."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit

"""Why a resource cannot be had.

```text
ResourceError
├── AbsentError    no resource has that address
└── CursorError    a cursor that no page of the list named
```
"""


class ResourceError(Exception):
    """Everything this part raises on purpose."""


class AbsentError(ResourceError):
    """No resource has that address; the message says where to find those there are."""


class CursorError(ResourceError):
    """A cursor that no page of the list named."""

    def __init__(self, *, cursor: str) -> None:
        super().__init__(
            f"The cursor {cursor[:80]!r} is not one of this list. Pass the cursor of the page before, or none to start."
        )
        self.cursor = cursor

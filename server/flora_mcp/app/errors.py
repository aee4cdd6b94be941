"""Why a tenant is not served, or nobody.

```text
TooManyTenantsError
NotReadyError          a part that work depends on does not do what it should
```
"""


class TooManyTenantsError(Exception):
    """All desks are taken, and none of them is idle; it is worth trying again later."""

    def __init__(self, *, most: int) -> None:
        super().__init__(f"This server works for {most} tenants at a time, and all of them are busy. Try again later.")


class NotReadyError(Exception):
    """A part that work depends on does not do what it should."""

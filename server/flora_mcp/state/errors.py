"""What can go wrong with the shared database.

```text
StateError          it cannot be opened or used
└── StateFullError  it has no room left
```
"""


class StateError(Exception):
    """The shared database cannot be opened or used; the message says what would help."""


class StateFullError(StateError):
    """The disk or the quota under the shared database is used up."""

"""What can go wrong with the shared database.

```text
StateError    it cannot be opened or used
```
"""


class StateError(Exception):
    """The shared database cannot be opened or used; the message says what would help."""

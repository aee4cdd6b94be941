"""Why a server does not start, beside what is wrong with single settings.

```text
IsolationError
```
"""


class IsolationError(Exception):
    """Programs would be less isolated than the settings ask for, or nobody can tell; nothing has been run."""

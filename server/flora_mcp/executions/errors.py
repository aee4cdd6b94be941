"""What can go wrong with executions, beside what programs do themselves.

```text
JournalError    the shared database does not answer
```
"""


class JournalError(Exception):
    """The shared database does not answer: nobody can tell whether the same was asked for already."""

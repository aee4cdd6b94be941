"""Why a token opens nothing.

```text
TokenError          the token is not good; its message may go to the caller
UnreachableError    the issuer's keys cannot be had: nobody can tell
```
"""


class TokenError(Exception):
    """The token is not good here; the message says why, and nothing of what is in it."""


class UnreachableError(Exception):
    """The issuer does not answer, or with something that is of no use; the message says what would help."""

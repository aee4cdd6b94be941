"""Why something is not uploaded.

```text
RefusedError    it may not be read, or is nothing that FLORA takes; nothing was sent
```
"""


class RefusedError(Exception):
    """The text is for whoever asked: what was asked for, what is accepted, and the next step."""

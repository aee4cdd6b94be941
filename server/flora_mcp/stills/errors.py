"""Why there is no still picture.

```text
StillError
├── MediaExtraMissingError    PyAV is not installed
└── UnreadableMediaError      broken, of an unknown form, or more work than is allowed
```
"""


class StillError(Exception):
    """No still picture can be made; the text says why in a few words, without a full stop."""


class MediaExtraMissingError(StillError):
    """The package that reads videos and sounds is not installed."""

    def __init__(self) -> None:
        super().__init__("reading videos and sounds needs an extra: pip install 'flora-mcp[media]'")


class UnreadableMediaError(StillError):
    """The file is broken, of a form that is not read, or takes too much time or memory."""

"""What the sandbox raises to its host, and what the host raises into a program.

```text
Exception
├── SandboxError    the sandbox itself cannot work: never the fault of a program
└── CallFailed      raised by `answer`: the program sees an ordinary exception
```
"""

from collections.abc import Mapping

from code_sandbox.exposure import JSON


class SandboxError(Exception):
    """The host cannot run programs: no worker starts, or the sandbox is not open."""


class CallFailed(Exception):  # noqa: N818 - the caller raises it to say so
    """A call failed in a way that the program may know about.

    Attributes:
        type_name: The class the program sees. A name that `Exposure.errors` lacks becomes a plain `Exception` class.
        message: Its text; the part above 2,000 characters is cut.
        attributes: What the program reads from the exception, such as `status`.
    """

    def __init__(self, type_name: str, message: str, attributes: Mapping[str, JSON] | None = None) -> None:
        super().__init__(message)
        self.type_name = type_name
        self.message = message
        self.attributes: dict[str, JSON] = dict(attributes or {})

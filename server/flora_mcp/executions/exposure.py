"""What a program may call: the method table of the FLORA client, `show` and `help`."""

from collections.abc import Callable
from itertools import groupby

from code_sandbox import Exposure, Method, Parameter
from flora_mcp.flora import Rules
from flora_mcp.flora.errors import family
from flora_mcp.flora.methods import MethodEntry
from flora_mcp.flora.types import optional_fields

ROOT = "client"
"""The name under which a program finds the FLORA client."""

SHOW = "show"
HELP = "help"


FREE = Rules()

Answers = Callable[[str, str], bool]
"""Tells whether a backend has an endpoint, by verb and path."""


def callable_methods(
    methods: tuple[MethodEntry, ...], *, answers: Answers | None = None, rules: Rules = FREE
) -> tuple[MethodEntry, ...]:
    """Returns the methods that a program can use.

    Args:
        methods: The client's table.
        answers: What the backend has; None when it has everything.
        rules: What the user forbids; the client holds to it as well.
    """
    usable = [entry for entry in methods if not entry.host_only and rules.permits(entry)]
    if answers is None:
        return tuple(usable)
    return tuple(entry for entry in usable if answers(*entry.http.split(" ", maxsplit=1)))


def listing(methods: tuple[MethodEntry, ...]) -> str:
    """Returns the names of the methods, by group and without the deprecated ones, without `client`."""
    current = [entry.path.rpartition(".") for entry in methods if not entry.deprecated]
    parts = groupby(current, key=lambda each: each[0])
    return "; ".join(f"{group}.{', '.join(name for _, _, name in each)}" for group, each in parts)


def groups(methods: tuple[MethodEntry, ...]) -> str:
    """Returns the names of the groups of methods: all that has to be told where nothing is forbidden."""
    current = [entry.path for entry in methods if not entry.deprecated]
    return ", ".join(f"{group}.*" for group in dict.fromkeys(path.partition(".")[0] for path in current))


def exposure(methods: tuple[MethodEntry, ...]) -> Exposure:
    """Derives the sandbox's table from the client's, so that the two cannot disagree."""
    show = Method(
        path=SHOW,
        aliases=(f"{ROOT}.{SHOW}",),
        parameters=(Parameter(name="output", required=True, positional=True),),
        signature="show(output_or_run) attaches the picture to the answer",
        javascript_signature="show(outputOrRun) attaches the picture to the answer",
    )
    topic = Parameter(name="topic", positional=True)
    told = Method(
        path=HELP,
        aliases=(f"{ROOT}.{HELP}",),
        parameters=(topic,),
        signature="await help('generations.create') -> str, a page of the documentation or the answer to a question",
        javascript_signature="await help('generations.create'): string, a page or the answer to a question",
    )
    return Exposure(
        methods=(*(_method(entry) for entry in methods), show, told), errors=family(), optional_keys=optional_fields()
    )


def _method(entry: MethodEntry) -> Method:
    return Method(
        path=f"{ROOT}.{entry.path}",
        aliases=(f"{ROOT}.{entry.camel_path}",) if entry.camel_path != entry.path else (),
        parameters=tuple(
            Parameter(
                name=parameter.name,
                annotation=parameter.annotation,
                required=parameter.required,
                positional=parameter.positional,
            )
            for parameter in entry.parameters
        ),
        paged=entry.paged,
        signature=entry.signature,
        javascript_signature=entry.js_signature,
    )

"""What a program may call: the method table of the FLORA client, and `show`."""

from code_sandbox import Exposure, Method, Parameter
from flora_mcp.flora.errors import family
from flora_mcp.flora.methods import MethodEntry
from flora_mcp.flora.types import optional_fields

ROOT = "client"
"""The name under which a program finds the FLORA client."""

SHOW = "show"


def exposure(methods: tuple[MethodEntry, ...]) -> Exposure:
    """Derives the sandbox's table from the client's, so that the two cannot disagree."""
    show = Method(
        path=SHOW,
        aliases=(f"{ROOT}.{SHOW}",),
        parameters=(Parameter(name="output", required=True, positional=True),),
        signature="show(output_or_run) attaches the picture to the answer",
        javascript_signature="show(outputOrRun) attaches the picture to the answer",
    )
    return Exposure(
        methods=(*(_method(entry) for entry in methods), show), errors=family(), optional_keys=optional_fields()
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

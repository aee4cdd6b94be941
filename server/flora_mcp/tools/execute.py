"""The tool `execute`: runs an agent's program against FLORA."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.executions import Executions
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.patience import Progress
from flora_mcp.tools.programs import Programs

DESCRIPTION = """Runs a Python (or JavaScript) program with a FLORA `client`; returns its value, prints and pictures.

```python
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Mugs", workspace_id=ws.workspace_id)
runs = [await client.generations.create(type="image", prompt="a ceramic mug", params={"aspect_ratio": "4:3"},
        workspace_id=ws.workspace_id, project_id=project.project_id) for _ in range(3)]
return [(await client.generations.wait(run.run_id)).outputs for run in runs]
```
Methods of client: METHODS. `search_docs`, or await help("models.list"), tells how to call them.
Lists: `async for run in client.generations.list(limit=5)`. Results are dicts with attribute access.
show(output) attaches a picture; without it, those of the runs you started are.
JavaScript: `async function run(client) { return client.generations.list({ limit: 5 }); }`
Imports: json, math, re, asyncio, datetime, random and the like; no files, no network. Nothing persists.
After BUDGET s the answer names an id for `wait`, and the program goes on. An error comes with its line, the \
prints, and the runs that were started and paid."""


class ExecuteArguments(Arguments):
    code: Annotated[str, Field(min_length=1)]
    language: Annotated[
        Literal["python", "javascript"] | SkipJsonSchema[None],
        Field(default=None),
    ]


class Execute:
    """Starts a program, or picks up the same one, and follows it within the budget.

    A call that is cancelled leaves it to the next: clients cancel when they lose patience, and then send it again.
    """

    def __init__(self, *, executions: Executions, programs: Programs, budget_seconds: float, methods: str) -> None:
        settings = sorted(set(programs.rules.refusals.values()))
        ruled = f"{methods}. The user forbids all others ({', '.join(settings)})" if settings else methods
        self._executions = executions
        self._programs = programs
        self.definition = Tool(
            name="execute",
            title="Run a FLORA program",
            description=DESCRIPTION.replace("BUDGET", f"{budget_seconds:g}").replace("METHODS", ruled),
            input_schema=schema(ExecuteArguments),
            annotations=ToolAnnotations(
                title="Run a FLORA program",
                read_only_hint=False,
                destructive_hint=False,
                idempotent_hint=False,
            ),
        )

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        given = read(ExecuteArguments, arguments, tool="execute")
        taken = self._executions.program(given.code, language=given.language or "auto")
        return await self._programs.follow(taken.execution, progress, again=taken.again)

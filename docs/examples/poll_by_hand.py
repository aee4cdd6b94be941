"""Follows a run without `wait`: for programs that do something else meanwhile, or that give up after a time."""

import asyncio
import time

PROMPT = "a brass lamp on a desk at night"
PARAMS = {"aspect_ratio": "3:4"}
POLL_SECONDS = 2
PATIENCE_SECONDS = 300

workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Lamp", workspace_id=workspace.workspace_id)
start = await client.generations.create(
    type="image",
    prompt=PROMPT,
    params=PARAMS,
    workspace_id=workspace.workspace_id,
    project_id=project.project_id,
)
print(f"{start.run_id} started, {start.charged_cost} USD quoted")

deadline = time.monotonic() + PATIENCE_SECONDS
run = await client.generations.retrieve(start.run_id)
while run.status not in ("completed", "failed"):
    if time.monotonic() > deadline:
        return {"run_id": run.run_id, "status": run.status, "note": "it goes on; call wait with this id"}
    await asyncio.sleep(POLL_SECONDS)
    run = await client.generations.retrieve(start.run_id)
    print(f"{run.status} {run.progress:.0f}%")

if run.status == "failed":
    raise RuntimeError(f"{run.run_id}: {run.get('error_code')}: {run.get('error_message')}")
return run.outputs

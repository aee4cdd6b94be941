"""Finds what was made before, costs nothing: the newest completed runs, and the latest picture once more."""

MOST = 10

workspace = (await client.workspaces.list()).workspaces[0]
names = {}
async for project in client.projects.list(workspace_id=workspace.workspace_id, limit=100):
    names[project.project_id] = project.name

found = []
async for run in client.generations.list(workspace_id=workspace.workspace_id, status="completed", limit=50):
    found.append(run)
    if len(found) == MOST:
        break

for run in found:
    print(f"{run.run_id} in {names.get(run.project_id, run.project_id)!r}: {len(run.outputs)} output")
if found:
    show(found[0])
return [run.run_id for run in found]

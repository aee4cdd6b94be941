"""Builds a small canvas from a flowchart, runs it in its order, and reads what came of it."""

DIAGRAM = """
graph LR
  words["a red vase on a wooden table, soft morning light (Text)"]
  wide["the whole table (Image)"]
  close["only the vase, close (Image)"]
  words --> wide
  words --> close
"""
PARAMS = {"resolution": "1k"}


async def run(client):
    workspace = (await client.workspaces.list()).workspaces[0]
    project = await client.projects.create(name="Canvas", workspace_id=workspace.workspace_id)
    place = {"workspace_id": workspace.workspace_id}
    drawn = await client.projects.canvas.update(
        project.project_id,
        diagram=DIAGRAM,
        node_params={"wide": {"aspect_ratio": "16:9", **PARAMS}, "close": {"aspect_ratio": "1:1", **PARAMS}},
    )
    for warning in drawn.get("warnings") or []:
        print(warning)

    # A changeset goes on from there: nodes have short ids now, and `ref` names a new one.
    graph = await client.workspaces.projects.graph(project.project_id, **place)
    by_label = {node.label: node.id for node in graph.nodes}
    smaller = await client.projects.actions.create(
        project.project_id, action_id="resize-image-browser", params={"mode": "percent", "percent": 50}
    )
    await client.workspaces.projects.canvas.apply_changeset(
        project.project_id,
        **place,
        add=[{"ref": "shots", "type": "group", "label": "Shots"}],
        update=[{"id": by_label["the whole table"], "label": "Table"}],
        connect=[{"from": by_label["the whole table"], "to": smaller.node_id}],
    )

    # Images first; the action waits for the picture that its edge brings, by itself.
    images = [node.id for node in graph.nodes if node.type == "image"]
    started = await client.workspaces.projects.run_nodes(project.project_id, **place, node_ids=images)
    for entry in started.runs:
        print(f"{entry.node_id} {entry.status} {entry.get('reason') or entry.charged_cost}")
    resized = await client.projects.actions.run(smaller.node_id, project_id=project.project_id)
    runs = [entry.run_id for entry in started.runs if entry.status == "started"] + [resized.run_id]
    for run_id in runs:
        ended = await client.generations.wait(run_id)
        if ended.status == "failed":
            print(f"{run_id}: {ended.get('error_code')}: {ended.get('error_message')}")

    graph = await client.workspaces.projects.graph(project.project_id, **place)
    print((await client.projects.canvas.retrieve(project.project_id)).diagram)
    return {node.label: node.status for node in graph.nodes}

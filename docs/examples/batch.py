"""Many prompts, a few at a time; one that is refused or fails does not spoil the others."""

import asyncio

PROMPTS = ["a red vase on a shelf", "", "a blue bottle by a window", "a stack of plates"]
PARAMS = {"aspect_ratio": "1:1"}
AT_ONCE = 2


async def run(client):
    workspace = (await client.workspaces.list()).workspaces[0]
    project = await client.projects.create(name="Batch", workspace_id=workspace.workspace_id)
    queue = list(enumerate(PROMPTS))
    made, refused = {}, {}

    async def work():
        while queue:
            number, prompt = queue.pop(0)
            try:
                start = await client.generations.create(
                    type="image",
                    prompt=prompt,
                    params=PARAMS,
                    workspace_id=workspace.workspace_id,
                    project_id=project.project_id,
                )
                ended = await client.generations.wait(start.run_id)
            except InsufficientCreditsError as error:
                refused[number] = str(error)
                queue.clear()  # every further request would be refused as well
            except FloraError as error:
                refused[number] = str(error)
            else:
                if ended.status == "completed":
                    made[number] = ended
                else:
                    refused[number] = f"{ended.get('error_code')}: {ended.get('error_message')}"

    await asyncio.gather(*[work() for _ in range(AT_ONCE)])
    for number, reason in sorted(refused.items()):
        print(f"{PROMPTS[number]!r} was not made: {reason}")
    return {"made": [made[number].run_id for number in sorted(made)], "refused": sorted(refused)}

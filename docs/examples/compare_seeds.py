"""One prompt with several seeds, side by side: pick the seed you like and keep it."""

import asyncio

PROMPT = "a teapot on a wooden table, evening light"
SEEDS = [7, 42, 1234]
PARAMS = {"aspect_ratio": "1:1"}

workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Seeds compared", workspace_id=workspace.workspace_id)
models = (await client.models.list(type="image")).models
model = next(model for model in models if any(param.name == "seed" for param in model.params))


async def picture(seed):
    start = await client.generations.create(
        type="image",
        model=model.model_id,
        prompt=PROMPT,
        params={**PARAMS, "seed": seed},
        workspace_id=workspace.workspace_id,
        project_id=project.project_id,
    )
    return await client.generations.wait(start.run_id)


runs = await asyncio.gather(*[picture(seed) for seed in SEEDS])
for seed, run in zip(SEEDS, runs, strict=True):
    print(f"seed {seed}: {run.status} after {(run.completed_at - run.created_at) / 1000:.1f} s")
    show(run)
return {str(seed): run.outputs[0].url for seed, run in zip(SEEDS, runs, strict=True)}

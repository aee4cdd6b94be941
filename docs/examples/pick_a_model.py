"""What can be made, with what, at what price; then one picture with the cheapest model that fits."""

PROMPT = "a ceramic bowl of lemons, morning light"
PARAMS = {"aspect_ratio": "16:9"}


def offers(model, name, value):
    for param in model.params:
        if param.name == name:
            return any(option.value == value for option in param.get("options") or [])
    return False


models = (await client.models.list(type="image")).models
for model in models:
    names = ", ".join(param.name for param in model.params)
    print(f"{model.model_id}: {model.estimated_credits} credits, about {model.estimated_seconds} s; params: {names}")

fitting = [model for model in models if all(offers(model, name, value) for name, value in PARAMS.items())]
model = min(fitting, key=lambda model: (model.estimated_credits, model.estimated_seconds))

workspace = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Lemons", workspace_id=workspace.workspace_id)
start = await client.generations.create(
    type="image",
    model=model.model_id,
    prompt=PROMPT,
    params=PARAMS,
    workspace_id=workspace.workspace_id,
    project_id=project.project_id,
)
run = await client.generations.wait(start.run_id)
return {"model": model.model_id, "quoted_usd": start.charged_cost, "outputs": run.outputs}

"""Several pictures of one wish, followed together until each is done."""

import asyncio

PROMPT = "cinematic product shots of a ceramic mug on a sunlit table"
COUNT = 3
PARAMS = {"aspect_ratio": "4:3"}
MODEL = None  # a model id; None picks one
SEED = None  # of the first picture, each further one takes the next; None: the model draws them
POLL_SECONDS = 2


def accepts(model, name, value):
    """True if the model has the parameter and offers the value."""
    for param in model.params:
        if param.name == name:
            options = [option.value for option in param.get("options") or []]
            return not options or value in options
    return False


def choose(models):
    """The model asked for; else the quickest that makes pictures from text alone and takes all of PARAMS."""
    if MODEL is not None:
        models = [model for model in models if model.model_id == MODEL]
        if not models:
            raise ValueError(
                f"There is no image model {MODEL!r}; client.models.list(type='image') names those there are."
            )
    fitting = [model for model in models if all(accepts(model, name, value) for name, value in PARAMS.items())]
    if not fitting:
        offered = {
            param.name: [option.value for option in param.get("options") or []]
            for model in models
            for param in model.params
        }
        raise ValueError(f"No model takes {PARAMS}. Offered: { ({name: offered.get(name) for name in PARAMS}) }.")
    finished = [model for model in fitting if not model.get("beta")]
    from_text = [model for model in finished if model.model_id.startswith("t2i-")]
    return min(from_text or finished or fitting, key=lambda model: model.estimated_seconds)


async def run(client):
    workspace = (await client.workspaces.list()).workspaces[0]
    project = await client.projects.create(name=PROMPT[:60], workspace_id=workspace.workspace_id)
    model = choose((await client.models.list(type="image")).models)
    started = {}
    for number in range(COUNT):
        params = PARAMS if SEED is None else {**PARAMS, "seed": SEED + number}
        start = await client.generations.create(
            type="image",
            model=model.model_id,
            prompt=PROMPT,
            params=params,
            workspace_id=workspace.workspace_id,
            project_id=project.project_id,
        )
        started[start.run_id] = params.get("seed")

    ended = {}
    told = {}
    while len(ended) < len(started):
        seen = 0
        async for state in client.generations.list(workspace_id=workspace.workspace_id, limit=50):
            if state.run_id not in started:
                continue
            line = f"{state.run_id} {state.status} {state.progress:.0f}%"
            if told.get(state.run_id) != line:
                told[state.run_id] = line
                print(line)
            if state.status in ("completed", "failed"):
                ended[state.run_id] = state
            seen += 1
            if seen == len(started):
                break  # newest come first: the rest of the list is older than our runs
        if len(ended) < len(started):
            await asyncio.sleep(POLL_SECONDS)
    return {"model": model.model_id, "pictures": [tell(ended[run_id], seed) for run_id, seed in started.items()]}


def tell(state, seed):
    """What is worth knowing of a run that has ended."""
    facts = state.get("facts") or {}
    return {
        "run_id": state.run_id,
        "status": state.status,
        "error": state.get("error_message"),
        "seed": facts.get("seed", seed),
        "seconds": (state.completed_at - state.created_at) / 1000,
        "outputs": [output.url for output in state.get("outputs") or []],
    }

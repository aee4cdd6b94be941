"""Recipes that go on from something that is there: an output, a file, a technique, a canvas."""

from flora_mcp.prompts.proposals import Proposals
from flora_mcp.prompts.recipe import Argument, Recipe
from flora_mcp.prompts.steps import steps
from flora_mcp.resources import Given


def using(propose: Proposals) -> list[Recipe]:
    """Returns the recipes; what can be filled in is proposed by `propose`."""
    return [_refinement(propose), _animation(propose), _technique(propose), _canvas(propose), _file()]


def _refinement(propose: Proposals) -> Recipe:
    return Recipe(
        name="refine_output",
        title="Refine a picture",
        description="Changes one thing about a picture that is there, and keeps the rest.",
        arguments=(
            _output(propose),
            Argument(name="change", description="What shall be different.", required=True),
        ),
        tools=("execute", "search_docs"),
        methods=("generations.create",),
        write=_refine_output,
    )


def _animation(propose: Proposals) -> Recipe:
    return Recipe(
        name="animate_picture",
        title="Animate a picture",
        description="A short video that begins with a picture.",
        arguments=(
            _output(propose),
            Argument(name="motion", description="What shall happen.", required=True),
            Argument(name="model", description="A model of videos; a fitting one by default.", propose=propose.videos),
        ),
        tools=("execute", "list_models"),
        methods=("generations.create",),
        write=_animate_picture,
    )


def _technique(propose: Proposals) -> Recipe:
    return Recipe(
        name="run_technique",
        title="Run a technique",
        description="Runs a saved workflow with inputs of your own.",
        arguments=(
            Argument(name="technique", description="Its id or slug.", required=True, propose=propose.techniques),
            Argument(name="inputs", description="What goes in: texts, addresses, earlier outputs."),
        ),
        tools=("execute",),
        methods=("techniques.runs.create",),
        write=_run_technique,
    )


def _canvas(propose: Proposals) -> Recipe:
    return Recipe(
        name="build_canvas",
        title="Lay out a canvas",
        description="Prepares a workflow on a project's canvas, to be looked at before anything is paid.",
        arguments=(
            Argument(name="goal", description="What the workflow shall do.", required=True),
            Argument(name="project", description="A project id; a new one by default.", propose=propose.projects),
        ),
        tools=("execute", "search_docs"),
        methods=("workspaces.projects.canvas.apply_changeset",),
        write=_build_canvas,
    )


def _file() -> Recipe:
    return Recipe(
        name="use_file",
        title="Work with a file",
        description="Brings a file of yours to FLORA and makes something of it.",
        arguments=(
            Argument(name="file", description="A path or an https address.", required=True),
            Argument(name="wish", description="What shall become of it.", required=True),
        ),
        tools=("upload", "execute", "search_docs"),
        write=_use_file,
    )


def _output(propose: Proposals) -> Argument:
    return Argument(
        name="output",
        description="A flora://runs/… address, a run id or a URL.",
        required=True,
        propose=propose.outputs,
    )


def _refine_output(given: Given) -> str:
    return steps(
        f"Change this output: {given['output']}. What shall be different: {given['change']}.",
        "Look at it first: its picture with show, its model, seed and prompt from its run.",
        'Ask search_docs for "refine": an action, a model that takes the picture as input, or the same prompt and '
        "seed with one change. Take the cheapest that keeps the rest as it is.",
        "Do it in one program for execute, and show before and after.",
    )


def _animate_picture(given: Given) -> str:
    chosen = f"Use {given['model']!r}." if "model" in given else "Choose one that begins with i2v."
    return steps(
        f"Make a short video of this output: {given['output']}. What shall happen: {given['motion']}.",
        f'Call list_models with type "video". {chosen} If there is none, say so and stop: nothing is to be paid then.',
        "In one program for execute, start the run with the picture's address in the parameter that the model has "
        "for it, and wait. A video takes minutes.",
        "Describe the video by its facts, and name its file.",
    )


def _run_technique(given: Given) -> str:
    inputs = given.get("inputs", "ask me for what is required and not clear")
    return steps(
        f"Run the technique {given['technique']!r}. Inputs: {inputs}.",
        "In execute, read it with client.techniques.retrieve: its inputs with their types, and run_cost. Leave out "
        "an optional input instead of sending an empty text.",
        "Tell what it costs. Then run it with client.techniques.runs.create, wait for it with "
        "client.techniques.runs.wait, and show its outputs.",
    )


def _build_canvas(given: Given) -> str:
    where = f"project {given['project']}" if "project" in given else "a new project with a fitting name"
    return steps(
        f"Lay out a canvas in {where}: {given['goal']}.",
        'Ask search_docs for "canvas", and read docs://guides/canvas.',
        "Describe the nodes and their connections in words first. Then apply them in one changeset with execute; it "
        "is free. Fix what its errors name, and apply it again as a whole.",
        "Do not run the nodes. Tell what a run would cost, and ask.",
    )


def _use_file(given: Given) -> str:
    return steps(
        f"Work with this file: {given['file']}. What shall become of it: {given['wish']}.",
        "Bring it in with upload; it answers with an asset and an address.",
        'Look at it with show. Ask search_docs how its address goes in: "uploads" for assets, then the action or model '
        "that fits the wish.",
        "Do it in one program for execute, and show what came out.",
    )

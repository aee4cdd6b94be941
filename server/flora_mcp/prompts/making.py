"""Recipes that make something from words."""

from flora_mcp.prompts.proposals import MEDIA, Proposals, fixed
from flora_mcp.prompts.recipe import Argument, Recipe
from flora_mcp.prompts.steps import steps
from flora_mcp.resources import Given

SUBJECT = Argument(name="subject", description="What to make, in your own words.", required=True)
STYLES = ("product photo", "watercolour", "flat illustration", "cinematic still", "line art")


def making(propose: Proposals) -> list[Recipe]:
    """Returns the recipes; what can be filled in is proposed by `propose`."""
    return [_pictures(propose), _batch(propose), _comparison(propose)]


def _pictures(propose: Proposals) -> Recipe:
    return Recipe(
        name="make_pictures",
        title="Make pictures",
        description="Pictures of one subject, with a prompt worked out with care.",
        arguments=(
            SUBJECT,
            Argument(name="style", description="Such as product photo or watercolour.", propose=fixed(*STYLES)),
            Argument(
                name="count",
                description="How many, 1 to 20; 1 by default.",
                propose=fixed("1", "2", "3", "4", "6", "8"),
            ),
            _ratio(propose),
            _model(propose),
        ),
        tools=("generate",),
        write=_make_pictures,
    )


def _batch(propose: Proposals) -> Recipe:
    return Recipe(
        name="batch_variations",
        title="A batch of variations",
        description="One picture for each of several variations, all else the same.",
        arguments=(
            SUBJECT,
            Argument(name="variations", description="With commas between: red, blue, green.", required=True),
            _ratio(propose),
            _model(propose),
        ),
        tools=("execute",),
        methods=("generations.create",),
        write=_batch_variations,
    )


def _comparison(propose: Proposals) -> Recipe:
    return Recipe(
        name="compare_models",
        title="Compare models",
        description="The same prompt with several models, side by side, with price and time.",
        arguments=(
            SUBJECT,
            Argument(name="type", description="image, video, audio or text; image by default.", propose=fixed(*MEDIA)),
            Argument(
                name="models",
                description="Model ids with commas between; three different ones by default.",
                propose=propose.several_models,
            ),
        ),
        tools=("execute", "list_models"),
        methods=("generations.create",),
        write=_compare_models,
    )


def _model(propose: Proposals) -> Argument:
    return Argument(name="model", description="A model id; a fitting one by default.", propose=propose.models)


def _ratio(propose: Proposals) -> Argument:
    return Argument(
        name="aspect_ratio", description="Width to height, such as 4:3; the model's default.", propose=propose.ratios
    )


def _make_pictures(given: Given) -> str:
    params = f', params {{"aspect_ratio": "{given["aspect_ratio"]}"}}' if "aspect_ratio" in given else ""
    chosen = f", model {given['model']!r}" if "model" in given else ""
    style = f" Style: {given['style']}." if "style" in given else ""
    return steps(
        f"Make pictures of: {given['subject']}.{style}",
        "Write one prompt of two or three sentences: the subject first, then surroundings, light, colours, camera or "
        "medium. Add nothing that contradicts the wish.",
        f"Call generate once with that prompt, count {given.get('count', '1')}{params}{chosen}.",
        "Say of each picture what fits the wish and what does not, by what you see and by its alt text.",
    )


def _batch_variations(given: Given) -> str:
    fixed_params = f" with aspect_ratio {given['aspect_ratio']!r}" if "aspect_ratio" in given else ""
    chosen = f" with model {given['model']!r}" if "model" in given else ""
    return steps(
        f"Make one picture for each variation. Subject: {given['subject']}. Variations: {given['variations']}.",
        "Write one prompt with a blank, so that nothing but the variation differs; give all the same seed if the "
        "model has one.",
        f"In one program for execute, start all runs{chosen}{fixed_params}, at most 4 at a time, then wait for all "
        "and return them. One that fails must not stop the others.",
        "Name each picture by its variation, and list those that failed with the reason.",
    )


def _compare_models(given: Given) -> str:
    kind = given.get("type", "image")
    chosen = given.get("models")
    choice = f"Use these models: {chosen}." if chosen else "Choose three models that differ in maker or price."
    return steps(
        f"Compare models of type {kind} on: {given['subject']}.",
        f"Call list_models with type {kind!r}. {choice}",
        "In one program for execute, start one run for each with the same prompt and, where they have it, the same "
        "seed and aspect ratio; wait for all, return model, cost and seconds of each, and show the outputs.",
        "Put the results into a table: model, price, seconds, what is good, what is not; end with a recommendation.",
    )

"""Checks a generation against the models that there are: model, type, parameters, and where its media goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flora_mcp.flora.arguments import shown
from flora_mcp.flora.checks.values import misfit
from flora_mcp.flora.checks.words import MOST_PROBLEMS, listed, meant
from flora_mcp.flora.errors import FieldError
from flora_mcp.flora.types import Model, ModelParam

MEDIA_KEYS = {"i2i": "image_url", "i2v": "image_url", "i2t": "image_urls", "v2t": "video_urls"}
"""The parameter in which a model reads its picture or video, by the beginning of its id: FLORA takes the other
spelling, ignores it, and bills (`skill`). What a model's own schema lists goes before this table."""

ONE = ModelParam(name="", type="string")
SEVERAL = ModelParam(name="", type="string[]")

CANVAS_ONLY = (
    "v2v- models read no source from params: a video reaches them only by an edge on the canvas. Connect it with "
    "client.workspaces.projects.canvas.apply_changeset(...) and run the node with "
    "client.workspaces.projects.run_nodes(...)."
)


def problems_of_generation(arguments: Mapping[str, object], models: Sequence[Model]) -> list[FieldError]:
    """Returns all that is wrong with the arguments of `generations.create`.

    Without a model FLORA takes the workspace's default, which nobody can look up: then a parameter is wrong when no
    model of the type would take it.

    Args:
        arguments: `type`, `model` and `params`, each only if it has the right form.
        models: All of them.
    """
    wanted, kind, given = arguments.get("model"), arguments.get("type"), arguments.get("params")
    params = given if isinstance(given, dict) else {}
    if isinstance(wanted, str):
        found = [model for model in models if model.model_id == wanted]
        if not found:
            return [FieldError(field="model", message=_unknown(wanted, kind, models), code="unknown_model")]
        wrong: list[FieldError] = []
        if isinstance(kind, str) and found[0].type != kind:
            own = found[0].type
            message = f"{wanted!r} makes {own}, not {kind}: write type={own!r}, or {_others(kind, models)}"
            wrong.append(FieldError(field="type", message=message, code="wrong_type"))
        return wrong + _problems_of_params(params, found[0])
    fitting = [model for model in models if model.type == kind]
    return _problems_of_any(params, fitting) if fitting else []


def _problems_of_params(params: Mapping[str, object], model: Model) -> list[FieldError]:
    known = _readable(model)
    wrong: list[FieldError] = []
    for name, value in params.items():
        if len(wrong) == MOST_PROBLEMS:
            return wrong
        if name in known:
            message, code = misfit(known[name], value), "invalid_value"
        else:
            message, code = _unread(name, model, known), "unknown_param"
        if message is not None:
            wrong.append(FieldError(field=f"params.{name}", message=message, code=code))
    for name, param in known.items():
        # What the schema calls required and also fills in cannot be missing; the prompt stands beside the params.
        if param.required and param.default is None and name not in params and name != "prompt":
            message = f"{model.model_id!r} needs it: {_described(param)}."
            wrong.append(FieldError(field=f"params.{name}", message=message, code="missing_param"))
    return wrong


def _problems_of_any(params: Mapping[str, object], models: Sequence[Model]) -> list[FieldError]:
    """Returns the parameters that none of the models would take."""
    wrong: list[FieldError] = []
    for name, value in params.items():
        if len(wrong) == MOST_PROBLEMS:
            break
        readers = [model for model in models if name in _readable(model)]
        told = [misfit(_readable(model)[name], value) for model in readers]
        if readers and None in told:
            continue
        if readers:
            message = f"{told[0]} Name a model: the default one is not known here."
            wrong.append(FieldError(field=f"params.{name}", message=message, code="invalid_value"))
        else:
            names = sorted({name for model in models for name in _readable(model)})
            message = f"no {models[0].type} model reads it. Known: {listed(names)}.{meant(name, names)}"
            wrong.append(FieldError(field=f"params.{name}", message=message, code="unknown_param"))
    return wrong


def _readable(model: Model) -> dict[str, ModelParam]:
    """Returns the parameters that a model reads: those of its schema, and its media if the schema is silent on it."""
    known = {param.name: param for param in model.params}
    key = MEDIA_KEYS.get(_modality(model))
    if key is not None and not any(_is_media(name) for name in known):
        known[key] = SEVERAL if key.endswith("s") else ONE
    return known


def _unread(name: str, model: Model, known: Mapping[str, ModelParam]) -> str:
    """Says that a model does not read a parameter, and where it would read it."""
    if _is_media(name):
        if _modality(model) == "v2v":
            return CANVAS_ONLY
        keys = [each for each in known if _is_media(each)]
        if keys:
            form = "a list" if known[keys[0]].type == "string[]" else "one address"
            return f"{model.model_id!r} ignores it: it reads {keys[0]!r}, {form}."
        return f"{model.model_id!r} reads no picture and no video; models whose id begins with i2 or v2 do."
    names = list(known)
    accepted = f"It reads {listed(names)}." if names else "Its schema lists no parameters."
    return f"{model.model_id!r} does not read it. {accepted}{meant(name, names)}"


def _unknown(wanted: str, kind: object, models: Sequence[Model]) -> str:
    named = [model.model_id for model in models if model.name.casefold() == wanted.strip().casefold()]
    if named:
        return f"{shown(wanted)} is the name of a model: write its id, {named[0]!r}."
    guess = meant(wanted, [model.model_id for model in models])
    fitting = [model.model_id for model in models if model.type == kind] or [model.model_id for model in models]
    return f"there is no model {shown(wanted)} here.{guess} Known: {listed(fitting)}."


def _others(kind: str, models: Sequence[Model]) -> str:
    fitting = [model.model_id for model in models if model.type == kind]
    return f"a model that does: {listed(fitting)}." if fitting else f"another model; none here makes {kind}."


def _described(param: ModelParam) -> str:
    if param.options:
        return f"one of {listed(option.value for option in param.options)}"
    return f"a value of type {param.type!r}"


def _modality(model: Model) -> str:
    return model.model_id.partition("-")[0]


def _is_media(name: str) -> bool:
    bare = name.replace("_", "").casefold().removesuffix("s")
    return bare in {"imageurl", "videourl", "image", "video", "inputimage", "inputvideo", "sourceimage", "sourcevideo"}

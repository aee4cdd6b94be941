"""Schemas that every client reads, and checks that say what to do."""

import pytest

from flora_mcp.tools.arguments import read, schema
from flora_mcp.tools.errors import ArgumentsError
from flora_mcp.tools.generate import GenerateArguments
from flora_mcp.tools.list_models import ListModelsArguments


def test_a_schema_has_no_null_and_names_what_is_required() -> None:
    made = schema(GenerateArguments)
    assert made["required"] == ["prompt"]
    assert made["additionalProperties"] is False
    assert "null" not in str(made)
    assert "None" not in str(made)
    assert made["properties"]["count"] == {
        "type": "integer",
        "default": 1,
        "minimum": 1,
        "maximum": 20,
    }


def test_a_null_counts_as_absent() -> None:
    assert read(GenerateArguments, {"prompt": "a cup", "model": None, "count": None}, tool="generate").count == 1


def test_params_may_come_as_text_because_some_models_write_them_so() -> None:
    wish = read(GenerateArguments, {"prompt": "a cup", "params": '{"aspect_ratio": "4:3"}'}, tool="generate")
    assert wish.params == {"aspect_ratio": "4:3"}


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ArgumentsError) as caught:
        read(GenerateArguments, {"promt": "a cup", "count": 50, "aspect_ratio": "4:3"}, tool="generate")
    text = str(caught.value)
    assert "prompt is required" in text
    assert "Did you mean 'prompt'" in text
    assert "less than or equal to 20" in text
    assert "put it into params: {'aspect_ratio': …}" in text
    assert "generate takes: prompt, type, model, params, count, workspace_id, project_id" in text


def test_a_word_that_is_nearly_accepted_is_told() -> None:
    with pytest.raises(ArgumentsError) as caught:
        read(GenerateArguments, {"prompt": "a cup", "type": "Images"}, tool="generate")
    assert "type is 'Images': Input should be 'image', 'video', 'audio' or 'text'. Did you mean 'image'?" in str(
        caught.value
    )


def test_of_what_may_be_left_out_only_the_accepted_is_told() -> None:
    with pytest.raises(ArgumentsError) as caught:
        read(ListModelsArguments, {"type": "images"}, tool="list_models")
    assert str(caught.value).splitlines()[1:] == [
        "- type is 'images': Input should be 'image', 'video', 'audio' or 'text'. Did you mean 'image'?",
        "list_models takes: type, model.",
    ]


@pytest.mark.parametrize(
    ("wrong", "right"), [("workspaceId", "workspace_id"), ("Prompt", "prompt"), ("counts", "count")]
)
def test_other_spellings_lead_to_the_right_name(wrong: str, right: str) -> None:
    with pytest.raises(ArgumentsError) as caught:
        read(GenerateArguments, {"prompt": "a cup", wrong: "x"}, tool="generate")
    assert f"{wrong!r} is not an argument. Did you mean {right!r}?" in str(caught.value)


def test_a_schema_without_required_arguments_names_none() -> None:
    assert "required" not in schema(ListModelsArguments)

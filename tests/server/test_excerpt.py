"""Texts and values cut to size, with marks."""

import json

from flora_mcp.tools import excerpt


def test_a_short_value_is_left_as_it_is() -> None:
    assert excerpt.dump({"a": [1, "é", None]}, chars=100) == '{"a": [1, "é", null]}'


def test_a_long_list_says_how_many_items_were_cut() -> None:
    out = json.loads(excerpt.dump([{"id": number} for number in range(1000)], chars=2000))
    assert out[0] == {"id": 0}
    assert out[-1].endswith("more items cut")


def test_a_value_is_cut_to_about_the_size_asked_for() -> None:
    wide = {f"key {number}": "x " * 500 for number in range(300)}
    assert len(excerpt.dump(wide, chars=4000)) <= 4100


def test_base64_is_named_not_printed() -> None:
    data = "data:image/png;base64," + "iVBORw0KGgo" * 100 + "=="
    assert excerpt.without_data(f"see {data} here") == f"see <image/png data, {len(data)} characters> here"


def test_a_long_text_keeps_its_head_and_its_tail() -> None:
    out = excerpt.text("start " + "word " * 10_000 + "end", chars=1000)
    assert out.startswith("start word")
    assert out.endswith("word end")
    assert "characters cut" in out


def test_a_long_text_is_cut_between_its_lines() -> None:
    lines = [f"line {number}" for number in range(1000)]
    head, mark, tail = excerpt.text("\n".join(lines), chars=1000).partition(" characters cut …\n")
    kept = head.splitlines()[:-1]
    assert kept == lines[: len(kept)]
    assert tail.splitlines() == lines[-len(tail.splitlines()) :]
    assert mark

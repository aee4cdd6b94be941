"""Places for nodes that nobody placed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from flora_mcp.studio.canvas.layout import Box, arrange
from flora_mcp.studio.canvas.sizes import GAP

BOXES = st.lists(st.tuples(st.floats(1, 2000), st.floats(1, 2000)), max_size=12)


@settings(max_examples=80, deadline=None)
@given(sizes=BOXES, data=st.data())
def test_boxes_do_not_overlap_and_targets_lie_right_of_their_sources(
    sizes: list[tuple[float, float]], data: st.DataObject
) -> None:
    boxes = [Box(name=str(number), width=size[0], height=size[1]) for number, size in enumerate(sizes)]
    possible = [(str(one), str(two)) for two in range(len(boxes)) for one in range(two)]
    pairs = data.draw(st.lists(st.sampled_from(possible))) if possible else []
    places = arrange(boxes, [*pairs, ("0", "elsewhere")])
    assert places == arrange(boxes, pairs)
    assert set(places) == {box.name for box in boxes}
    by_name = {box.name: box for box in boxes}
    for source, target in pairs:
        assert places[source][0] + by_name[source].width + GAP <= places[target][0] + 1e-6
    for one in boxes:
        x, y = places[one.name]
        assert x >= 0
        assert y >= 0
        for other in boxes[: boxes.index(one)]:
            left, top = places[other.name]
            apart = left + other.width <= x or x + one.width <= left or top + other.height <= y or y + one.height <= top
            assert apart


def test_a_chain_goes_from_left_to_right_and_its_neighbours_stay_beside_it() -> None:
    boxes = [Box(name=name, width=100, height=100) for name in ("c", "d", "a", "b", "alone")]
    places = arrange(boxes, [("a", "c"), ("b", "d")])
    assert places == {"a": (0, 0), "b": (0, 180), "c": (180, 0), "d": (180, 180), "alone": (0, 360)}

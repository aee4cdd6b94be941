"""Flowcharts as agents write them, read without a studio; and what is written, read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flora_mcp.studio.canvas import diagram
from flora_mcp.studio.canvas.canvas import Canvas, Edge, Node
from flora_mcp.studio.canvas.kinds import BLOCKS
from flora_mcp.studio.canvas.mermaid import parse


def edges(text: str) -> list[tuple[str, str, str | None]]:
    read = parse(text)
    assert read.faults == []
    return [(arrow.source, arrow.target, arrow.slot) for arrow in read.arrows]


def label(declaration: str) -> str:
    read = parse(f"graph LR\n  {declaration}")
    assert read.faults == []
    [node] = read.nodes.values()
    return node.label


def test_nodes_and_edges_are_read() -> None:
    read = parse('graph LR\n  source["Product photo (Image)"]\n  output["Campaign (Image)"]\n  source --> output')
    assert [(node.name, node.label, node.line) for node in read.nodes.values()] == [
        ("source", "Product photo (Image)", 2),
        ("output", "Campaign (Image)", 3),
    ]
    assert [(arrow.source, arrow.target, arrow.slot, arrow.line) for arrow in read.arrows] == [
        ("source", "output", None, 4)
    ]
    assert (read.warnings, read.faults) == ([], [])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('a["Photo (Image)"]', "Photo (Image)"),
        ("a[Photo]", "Photo"),
        ("a[Photo (Image)]", "Photo (Image)"),
        ("a(Photo [wide] (Image))", "Photo [wide] (Image)"),
        ('a("round")', "round"),
        ('a(["stadium"])', "stadium"),
        ('a[["subroutine"]]', "subroutine"),
        ('a[("database")]', "database"),
        ('a(("circle"))', "circle"),
        ('a((("double")))', "double"),
        ('a{"rhombus"}', "rhombus"),
        ('a{{"hexagon"}}', "hexagon"),
        ('a>"flag"]', "flag"),
        ('a[/"slanted"/]', "slanted"),
        ('a[\\"slanted"\\]', "slanted"),
        ('a[/"trapezoid"\\]', "trapezoid"),
        ("a[(Image)]", "(Image)"),
        ('a["(Image)"]', "(Image)"),
        ('a["say \\"hi\\""]', 'say "hi"'),
        ('a["say #quot;hi#quot; &amp; #35;1 #9829;"]', 'say "hi" & #1 ♥'),
        ('a["two<br/>lines"]', "two lines"),
        ('a["`**bold**`"]', "**bold**"),
        ('a["100% ; --> [x] %% no comment"]', "100% ; --> [x] %% no comment"),
        ('a["big"]:::large', "big"),
        ('a [ "blank" ]', None),
    ],
)
def test_labels_are_read_in_every_shape(written: str, read: str | None) -> None:
    if read is None:
        assert parse(f"graph LR\n{written}").faults
    else:
        assert label(written) == read


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a --> b", [("a", "b", None)]),
        ("a-->b", [("a", "b", None)]),
        ("a ----> b", [("a", "b", None)]),
        ("a ==> b", [("a", "b", None)]),
        ("a -.-> b", [("a", "b", None)]),
        ("a -->|image| b", [("a", "b", "image")]),
        ('a -->|"text"|b', [("a", "b", "text")]),
        ("a -- image --> b", [("a", "b", "image")]),
        ("a --image--> b", [("a", "b", "image")]),
        ("a == image ==> b", [("a", "b", "image")]),
        ("a -. image .-> b", [("a", "b", "image")]),
        ("a --> b --> c", [("a", "b", None), ("b", "c", None)]),
        ("a & b -->|x| c & d", [("a", "c", "x"), ("a", "d", "x"), ("b", "c", "x"), ("b", "d", "x")]),
        ("a --> b; b --> c", [("a", "b", None), ("b", "c", None)]),
        ("a --> b %% why", [("a", "b", None)]),
        ("a-1.x --> 6f1c-77aa", [("a-1.x", "6f1c-77aa", None)]),
        ('a["A (Text)"] --> b["B (Image)"]', [("a", "b", None)]),
    ],
)
def test_arrows_are_read_in_every_form(line: str, found: list[tuple[str, str, str | None]]) -> None:
    assert edges(f"flowchart TD\n{line}\n") == found


def test_what_is_no_node_and_no_edge_is_passed_over() -> None:
    read = parse(
        "```mermaid\n---\ntitle: x\n---\n%% a comment\ngraph TD;\n"
        "subgraph one [One]\n  direction LR\n  a --> b\nend\n"
        "style a fill:#fff\nclassDef big stroke:#000\nclass a big\nlinkStyle 0 stroke:red\nclick a href\n```"
    )
    assert [(arrow.source, arrow.target) for arrow in read.arrows] == [("a", "b")]
    assert read.faults == []
    assert read.warnings == [
        "line 7: subgraph is ignored; its nodes are added ungrouped.",
        "lines 11, 12, 13, 14, 15: styling is ignored.",
    ]


def test_each_line_that_cannot_be_read_is_told() -> None:
    read = parse('sequence\na --> b\na --- c\nx["open\n"d"]\na <--> b\na --x b\n--> q\na b')
    assert [line for line, _ in read.faults] == [1, 3, 4, 5, 6, 7, 8, 9]
    assert "'sequence'" in read.faults[0][1]
    assert "'---'" in read.faults[1][1]
    assert [(arrow.source, arrow.target) for arrow in read.arrows] == [("a", "b")]


def test_a_label_given_twice_is_a_warning() -> None:
    read = parse('graph LR\na["One (Image)"] --> b\na["One (Image)"] --> c\na["Two (Image)"]')
    assert read.nodes["a"].label == "Two (Image)"
    assert len(read.warnings) == 1


def test_a_name_without_label_and_edge_is_a_warning() -> None:
    read = parse('graph LR\na["A (Image)"]\na\nb')
    assert (read.faults, read.warnings) == ([], ["line 4: b alone adds nothing; give it a label."])


def test_an_empty_diagram_is_told() -> None:
    assert len(parse(" \n").faults) == 1


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=90)
    count = data.draw(st.integers(1, 6))
    nodes = {}
    for number in range(1, count + 1):
        block = data.draw(st.sampled_from(sorted(BLOCKS)))
        node = Node(
            node_id=f"id-{number}",
            short_id=f"n{number}",
            block=block,
            type=BLOCKS[block].media or BLOCKS[block].word,
            label=data.draw(st.none() | texts),
            prompt=data.draw(st.none() | texts),
        )
        nodes[node.node_id] = node
    pairs = [(f"id-{one}", f"id-{two}") for one in range(1, count + 1) for two in range(one + 1, count + 1)]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    slots = st.none() | st.sampled_from(["image", "text", "enabled"]) | texts.filter(lambda text: text.split() != [])
    edges = [
        Edge(edge_id=str(number), source_id=pair[0], target_id=pair[1], target_handle=data.draw(slots))
        for number, pair in enumerate(chosen)
    ]
    read = parse(diagram.write(Canvas(nodes=nodes, edges=edges)))
    assert (read.faults, read.warnings) == ([], [])
    assert {name: each.label for name, each in read.nodes.items()} == {
        node.short_id: " ".join(diagram.label_of(node).split()) for node in nodes.values()
    }
    assert [(arrow.source, arrow.target, arrow.slot) for arrow in read.arrows] == [
        (
            nodes[edge.source_id].short_id,
            nodes[edge.target_id].short_id,
            " ".join(edge.target_handle.split()) if edge.target_handle else None,
        )
        for edge in edges
    ]

"""Outputs in words and as MCP resources."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mcp_types import (
    Annotations,
    BlobResourceContents,
    Resource,
    ResourceLink,
    ResourceTemplate,
    TextResourceContents,
)

from flora_mcp.outputs import (
    StoredOutput,
    UriError,
    contents,
    describe,
    facts,
    link,
    mark,
    parse_uri,
    resource,
    template,
)
from flora_mcp.outputs.uris import output_uri

IMAGE = StoredOutput(
    run_id="run_1",
    output_id="output_1",
    type="image",
    uri="flora://runs/run_1/outputs/output_1",
    path=Path("/data/outputs/blobs/ab/abcd.png"),
    mime_type="image/png",
    size_bytes=1_234_567,
    width_px=1024,
    height_px=768,
    sha256="abcd",
    created_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
    alt_text='A "red" house\nby the sea.',
    facts={"seed": 42, "model_id": "t2i-test", "width_px": 1, "recognised": ["house"]},
    source_url="https://media.example/a.png",
)

TEXT = replace(
    IMAGE,
    type="text",
    mime_type="text/plain; charset=utf-8",
    size_bytes=6,
    width_px=None,
    height_px=None,
    alt_text=None,
    facts={"text": "Grüße\n"},
    path=Path("/data/outputs/blobs/cd/cdef.txt"),
)


def test_facts_are_what_is_measured_and_where_it_is() -> None:
    assert facts(IMAGE) == {
        "output_id": "output_1",
        "type": "image",
        "width_px": 1024,
        "height_px": 768,
        "mime_type": "image/png",
        "size_bytes": 1_234_567,
        "model_id": "t2i-test",
        "seed": 42,
        "alt_text": 'A "red" house by the sea.',
        "path": "/data/outputs/blobs/ab/abcd.png",
        "uri": "flora://runs/run_1/outputs/output_1",
    }


def test_an_output_is_one_line() -> None:
    assert describe(IMAGE) == (
        "output_1: image, 1024x768 px, image/png, 1.2 MB, model t2i-test, seed 42, "
        'alt text "A \\"red\\" house by the sea.", file /data/outputs/blobs/ab/abcd.png, '
        "flora://runs/run_1/outputs/output_1"
    )
    assert describe(TEXT) == (
        'output_1: text, text/plain; charset=utf-8, 6 bytes, text "Grüße\\n", '
        "file /data/outputs/blobs/cd/cdef.txt, flora://runs/run_1/outputs/output_1"
    )


def test_an_address_takes_the_place_of_the_path() -> None:
    known = facts(IMAGE, url="https://mcp.example/files/abcd.png")
    assert known["url"] == "https://mcp.example/files/abcd.png"
    assert "path" not in known
    line = describe(IMAGE, url="https://mcp.example/files/abcd.png")
    assert "file https://mcp.example/files/abcd.png," in line
    assert "/data/" not in line


def test_a_long_alt_text_is_cut() -> None:
    alt_text = facts(replace(IMAGE, alt_text="word " * 1000))["alt_text"]
    assert isinstance(alt_text, str)
    assert len(alt_text) == 400
    assert alt_text.endswith("…")


@pytest.mark.parametrize(
    ("size_bytes", "written"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB")],
)
def test_a_mark_stands_for_the_bytes(size_bytes: int, written: str) -> None:
    output = replace(IMAGE, size_bytes=size_bytes)
    assert mark(output) == f"<image 1024x768 png {written} flora://runs/run_1/outputs/output_1>"


def test_a_mark_of_text_has_no_size_in_pixels() -> None:
    assert mark(TEXT) == "<text plain 6 bytes flora://runs/run_1/outputs/output_1>"


def test_an_output_is_a_resource() -> None:
    assert resource(IMAGE) == Resource(
        uri="flora://runs/run_1/outputs/output_1",
        name="run_1-output_1.png",
        title="Image 1024x768 output_1",
        description='A "red" house\nby the sea.',
        mime_type="image/png",
        size=1_234_567,
        annotations=Annotations(audience=["user", "assistant"], last_modified="2026-11-01T12:00:00+00:00"),
    )


def test_a_link_says_what_its_resource_says() -> None:
    linked = link(IMAGE)
    assert isinstance(linked, ResourceLink)
    assert {**resource(IMAGE).model_dump(), "type": "resource_link"} == linked.model_dump()


def test_a_resource_name_is_a_safe_file_name() -> None:
    assert resource(replace(IMAGE, run_id="../..", output_id="a/b\\c: ü")).name == "_..-a_b_c_.png"


def test_bytes_are_a_blob_and_text_is_text() -> None:
    data = b"\x89PNG\x00"
    assert contents(IMAGE, data) == BlobResourceContents(
        uri=IMAGE.uri, mime_type="image/png", blob=base64.b64encode(data).decode()
    )
    assert contents(TEXT, "Grüße\n".encode()) == TextResourceContents(
        uri=TEXT.uri, mime_type="text/plain; charset=utf-8", text="Grüße\n"
    )
    drawing = replace(IMAGE, mime_type="image/svg+xml")
    assert isinstance(contents(drawing, b"<svg/>"), TextResourceContents)


def test_the_template_has_the_form_of_every_address() -> None:
    form = template()
    assert isinstance(form, ResourceTemplate)
    assert form.uri_template.replace("{run_id}", "run_1").replace("{output_id}", "output_1") == IMAGE.uri


@pytest.mark.parametrize(
    ("run_id", "output_id"), [("run_1", "output_1"), ("run_a/b", "ü ?#%"), ("run_%2F", "{x}"), ("..", "~")]
)
def test_an_address_leads_back_to_its_ids(run_id: str, output_id: str) -> None:
    assert parse_uri(output_uri(run_id, output_id)) == (run_id, output_id)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "flora://runs/run_1",
        "flora://runs//outputs/x",
        "flora://runs/run_1/outputs/",
        "flora://runs/run_1/outputs/x/y",
        "flora://runs/run_1/outputs/x?y",
        "flora://runs/run_1/outputs/x\n",
        "flora://runs/run_1/outputs/%ff",
        "flora://runs/%ff/outputs/x",
        "file:///etc/passwd",
    ],
)
def test_an_address_of_another_form_is_refused(uri: str) -> None:
    with pytest.raises(UriError) as caught:
        parse_uri(uri)
    assert caught.value.uri == uri

"""`flora-mcp studio technique`, beside a studio that runs on the same data."""

import json
from pathlib import Path

from studio.techniques.conftest import Easel, RunCommand
from studio.techniques.documents import content, generation, technique, text

from flora_mcp.studio.techniques import shipped_techniques


async def test_techniques_are_added_and_removed_while_a_studio_runs(
    easel: Easel, run_command: RunCommand, tmp_path: Path
) -> None:
    file = tmp_path / "sketch.json"
    document = technique(text("line", "one {what}"))
    file.write_bytes(content(document))
    added = run_command("technique", "add", str(file))[1].split()
    assert (added[0][:5], added[1:]) == ("tech_", ["sketch", "Sketch"])
    assert (await easel.run())["outputs"][0]["url"] == "one a cup"
    assert json.loads(run_command("technique", "show", "sketch")[1]) == document
    listed = [line.split()[1] for line in run_command("technique", "list")[1].splitlines()]
    assert listed == sorted(["sketch", *(each.slug for each in shipped_techniques())])
    assert run_command("technique", "remove", added[0]) == (0, "")
    assert (await easel.send()).status_code == 403
    file.write_bytes(content(technique(text("line", "two {what}"))))
    assert run_command("technique", "add", str(file))[1].split()[0] == added[0]
    assert (await easel.run())["outputs"][0]["url"] == "two a cup"


def test_what_cannot_be_added_or_removed_is_told_in_one_line(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "sketch.json"
    file.write_bytes(content(technique(generation("drawn", "{wat}"))))
    message = (
        f"flora-mcp: {str(file)!r} is no technique that can be run. steps.drawn.prompt: {{wat}} is unknown; "
        "did you mean 'what'? There is what, drawn.\n"
    )
    assert run_command("technique", "add", str(file)) == (1, message)
    code, said = run_command("technique", "add", str(tmp_path / "none.json"))
    assert (code, "cannot be read" in said) == (1, True)
    code, said = run_command("technique", "remove", "watermark")
    assert (code, "this studio's own" in said) == (1, True)

"""What `flora-mcp` accepts, and what it says when it does not."""

from importlib.metadata import version
from pathlib import Path

import pytest

from flora_mcp.cli import main


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FLORA_API_KEY", "FLORA_BASE_URL", "FLORA_LOG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLORA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Runs a command that is not accepted, and returns the one line it says."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    return line


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"flora-mcp {version('flora-mcp')}\n"


def test_help_names_every_command_and_every_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert [word for word in ("demo", "studio", "--version") if word not in said] == []
    settings = (Path(__file__).parents[2] / "server/flora_mcp/settings.py").read_text()
    variables = {word.strip("\"'`.,()") for word in settings.split() if word.strip("\"'`.,(").startswith("FLORA_")}
    names = {name for name in variables if name.isidentifier() and not name.endswith("_")}
    assert len(names) >= 7
    assert [name for name in sorted(names) if name not in said] == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["demo", "--count", "0"], "--count: '0' is not a whole number from 1 to 20"),
        (["demo", "--count", "three"], "--count: 'three' is not"),
        (["demo", "--count", "21"], "--count: '21' is not"),
        (["demo", "--aspect-ratio", "wide"], "--aspect-ratio: 'wide' is not a ratio of width to height, such as 4:3"),
        (["demo", "--aspect-ratio", "0:3"], "--aspect-ratio: '0:3' is not"),
        (["demo", "--prompt", "\t"], "--prompt: '\\t' is blank"),
        (["demo", "--prompt", "a\udcff"], "--prompt: 'a\\udcff' is not valid text"),
        (["demo", "--seed", "-1"], "--seed: '-1' is not"),
        (["demo", "--sed", "1"], "unrecognized arguments: --sed 1"),
        (["studio"], "--port"),
        (["studio", "--port", "70000"], "--port: '70000' is not a whole number from 0 to 65535"),
        (["serve-me"], "serve-me"),
    ],
)
def test_an_argument_that_is_not_accepted_is_named_in_one_line(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(arguments, capsys)
    assert line.startswith("flora-mcp: ")
    assert named in line
    assert "--help" in line


def test_a_setting_that_is_not_accepted_is_named_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLORA_TIME_BUDGET_SECONDS", "soon")
    assert "FLORA_TIME_BUDGET_SECONDS is 'soon', but it takes a number from 1 to 3600" in refused([], capsys)


def test_the_demo_spends_no_money_unasked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLORA_API_KEY", "sk_test_secret")
    line = refused(["demo", "--count", "2"], capsys)
    assert "2 pictures would cost real money. Add --yes" in line
    assert "secret" not in line
    assert list(tmp_path.iterdir()) == []

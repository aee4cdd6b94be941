"""The official inspector, a client that others have written, uses the server from the command line."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from e2e.servers import COMMAND, SMALL, environment

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.needs_node


def node_modules() -> Path:
    """Returns where the inspector is installed."""
    return Path(os.environ.get("FLORA_TEST_NODE_MODULES", ROOT / "node_modules"))


def node() -> str | None:
    """Returns a Node that the inspector runs on: the package `node` carries one."""
    packaged = node_modules() / "node" / "bin" / "node"
    return str(packaged) if packaged.is_file() else shutil.which("node")


@pytest.fixture(scope="module")
def inspector() -> list[str]:
    program = node_modules() / "@modelcontextprotocol" / "inspector" / "clients" / "launcher" / "build" / "index.js"
    runtime = node()
    if runtime is None or not program.is_file():
        pytest.skip(
            f"no inspector in {str(node_modules())!r}: npm install node@22 @modelcontextprotocol/inspector@2.12.0, and "
            "name its node_modules in FLORA_TEST_NODE_MODULES"
        )
    version = subprocess.run([runtime, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < 22:
        pytest.skip(f"the inspector needs Node 22 or newer, and {runtime} is {version}")
    return [runtime, str(program), "--cli"]


def inspect(inspector: list[str], directory: Path, *arguments: str) -> dict[str, Any]:
    """Runs one method of our server through the inspector, and returns what it prints."""
    variables = environment(directory)
    given = [f"-e{name}={variables[name]}" for name in ("FLORA_DATA_DIR", "TMPDIR")]
    result = subprocess.run(
        [*inspector, *COMMAND, *given, *arguments],
        env=variables,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_the_inspector_lists_the_tools_and_finds_no_fault_with_them(inspector: list[str], tmp_path: Path) -> None:
    tools = inspect(inspector, tmp_path, "--method", "tools/list", "--strict")["tools"]
    assert {tool["name"] for tool in tools} >= {"execute", "generate", "list_models", "wait"}


def test_the_inspector_gets_a_picture(inspector: list[str], tmp_path: Path) -> None:
    wish = ["prompt=a ceramic mug on a table", f"params={json.dumps(SMALL)}"]
    result = inspect(inspector, tmp_path, "--method", "tools/call", "--tool-name", "generate", "--tool-arg", *wish)
    assert [block["type"] for block in result["content"]] == ["text", "image", "resource_link"]
    assert not result.get("isError")

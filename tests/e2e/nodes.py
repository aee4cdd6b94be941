"""Finds programs that were installed with npm, and a Node that runs them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDEST = 22


def node_modules() -> Path:
    """Returns where the suite's Node packages are installed."""
    return Path(os.environ.get("FLORA_TEST_NODE_MODULES", ROOT / "node_modules"))


def node_program(package: str, path: str) -> list[str]:
    """Returns the command that runs a program of a package; skips the test where it cannot be run.

    Args:
        package: With its version, as npm takes it.
        path: Of the program, in the package.
    """
    name = package.rpartition("@")[0]
    program = node_modules() / name / path
    # The package `node` carries one.
    packaged = node_modules() / "node" / "bin" / "node"
    runtime = str(packaged) if packaged.is_file() else shutil.which("node")
    if runtime is None or not program.is_file():
        pytest.skip(
            f"no {name} in {str(node_modules())!r}: npm install node@{OLDEST} {package}, and name its node_modules in "
            "FLORA_TEST_NODE_MODULES"
        )
    version = subprocess.run([runtime, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < OLDEST:
        pytest.skip(f"{name} needs Node {OLDEST} or newer, and {runtime} is {version}")
    return [runtime, str(program)]

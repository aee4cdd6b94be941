"""Runs tests once more as a user without rights: some layers rest on others then."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

ONLY_ROOT = "a worker hides this from others than root"
ROOT = Path(__file__).parents[3]
NOBODY = 65_534
SECONDS = 600
TOOLS = ("setpriv", "unshare", "mount")

AS_NOBODY = f"""
set -e
exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups "$@"
"""

UNCOVERED = f"""
set -e
inner="$1" outer="$2" aside="$3"
shift 3
mount --bind "$inner" "$aside"
mount -t tmpfs -o mode=755 none "$outer"
mkdir -p "$inner"
mount --bind "$aside" "$inner"
exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups "$@"
"""
"""An interpreter in the home of the administrator is out of reach for others. This makes a view of the file system, for
one command, in which nothing but the interpreter is in that home."""


def closed_folder(path: Path) -> Path | None:
    """Returns the outermost folder above a path that others may not enter, or None."""
    return next((each for each in reversed(path.parents) if not each.stat().st_mode & 0o001), None)


def as_nobody(aside: Path) -> list[str]:
    """Returns the beginning of a command that runs the rest of it as the ordinary user."""
    inner = Path(sys.base_prefix).resolve()
    outer = closed_folder(inner / "lib")
    if outer is None:
        return ["sh", "-c", AS_NOBODY, "sh"]
    return ["unshare", "--mount", "sh", "-c", UNCOVERED, "sh", str(inner), str(outer), str(aside)]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How the tests ended as the ordinary user."""

    code: int
    printed: str

    def check(self, level: str) -> None:
        """Fails unless all passed, and with strong isolation none was left out that could have run."""
        assert self.code == 0, self.printed[-8_000:]
        lines = self.printed.splitlines()
        assert " passed" in lines[-1]
        skipped = [line for line in lines if line.startswith("SKIPPED") and ONLY_ROOT not in line]
        assert level != "strong" or not skipped, self.printed[-8_000:]


async def run_as_ordinary_user(*tests: Path, aside: Path) -> Ended:
    """Runs the tests of some folders and files; skips the test that asks if that cannot be done here.

    Args:
        tests: Where they are.
        aside: A folder for the view of the file system.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    environment = {"HOME": "/", "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"these tools of Linux are not installed: {missing}")
    start = as_nobody(aside)

    async def run(*arguments: str) -> Ended:
        command = [*start, sys.executable, *arguments]
        done = await anyio.run_process(command, cwd=ROOT, env=environment, check=False, stderr=subprocess.STDOUT)
        return Ended(code=done.returncode, printed=done.stdout.decode())

    first = await run("-c", f"import code_sandbox, pathlib; pathlib.Path({__file__!r}).read_text()")
    if first.code:
        pytest.skip(f"user {NOBODY} cannot run {sys.executable!r} here: {first.printed.splitlines()[-1:]}")
    with anyio.fail_after(SECONDS):
        return await run(
            "-m", "pytest", *map(str, tests), "--ignore-glob=*_as_an_ordinary_user.py", "-q", "-p", "no:cacheprovider"
        )

"""Runs all ways out once more as a user without rights: some layers rest on others then."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

WAYS_OUT = Path(__file__).parents[1]
ONLY_ROOT = "a worker hides this from others than root"
ROOT = Path(__file__).parents[4]
NOBODY = 65_534
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


def closed_folder(path):
    """Returns the outermost folder above a path that others may not enter, or None."""
    return next((each for each in reversed(path.parents) if not each.stat().st_mode & 0o001), None)


def as_nobody(aside):
    """Returns the beginning of a command that runs the rest of it as the ordinary user."""
    inner = Path(sys.base_prefix).resolve()
    outer = closed_folder(inner / "lib")
    if outer is None:
        return ["sh", "-c", AS_NOBODY, "sh"]
    return ["unshare", "--mount", "sh", "-c", UNCOVERED, "sh", str(inner), str(outer), str(aside)]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="this is an ordinary user already")
async def test_all_ways_out_fail_as_an_ordinary_user_too(protection, tmp_path):
    environment = {"HOME": "/", "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"these tools of Linux are not installed: {missing}")
    start = as_nobody(tmp_path)

    async def run(*arguments):
        command = [*start, sys.executable, *arguments]
        done = await anyio.run_process(command, cwd=ROOT, env=environment, check=False, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode()

    code, printed = await run("-c", f"import code_sandbox, pathlib; pathlib.Path({__file__!r}).read_text()")
    if code:
        pytest.skip(f"user {NOBODY} cannot run {sys.executable!r} here: {printed.splitlines()[-1:]}")
    with anyio.fail_after(600):
        code, printed = await run("-m", "pytest", str(WAYS_OUT), f"--ignore={__file__}", "-q", "-p", "no:cacheprovider")
    assert code == 0, printed[-8_000:]
    assert " passed" in printed.splitlines()[-1]
    skipped = [line for line in printed.splitlines() if line.startswith("SKIPPED") and ONLY_ROOT not in line]
    assert protection.level != "strong" or not skipped, printed[-8_000:]

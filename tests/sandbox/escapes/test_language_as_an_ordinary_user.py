"""Runs all ways out of the languages once more as a user without rights: a module for itself, for another processor."""

from pathlib import Path

from sandbox.escapes.ordinary_user import run_as_ordinary_user

HERE = Path(__file__).parent


async def test_all_ways_out_of_the_languages_fail_as_an_ordinary_user_too(sandbox, tmp_path):
    folders = sorted(path for path in HERE.iterdir() if path.is_dir() and path.name not in ("system", "__pycache__"))
    ended = await run_as_ordinary_user(*folders, HERE / "test_canaries.py", aside=tmp_path)
    ended.check((await sandbox.isolation()).level)

"""Runs all ways out of the locked process once more as a user without rights: some layers rest on others then."""

from pathlib import Path

from sandbox.escapes.ordinary_user import run_as_ordinary_user


async def test_all_ways_out_of_the_process_fail_as_an_ordinary_user_too(protection, tmp_path):
    ended = await run_as_ordinary_user(Path(__file__).parent, aside=tmp_path)
    ended.check(protection.level)

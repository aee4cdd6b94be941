"""An exit code tells the host about memory: a lie in it stays a lie about memory."""

import pytest

SOURCE = "os._exit(@CODE@)"


@pytest.mark.parametrize("code", [0, 1, 71, 137, 139, 255])
async def test_an_exit_code_is_only_a_failure(raw, code):
    outcome = await raw(SOURCE.replace("@CODE@", str(code)))
    assert (outcome.status, outcome.value) in (("failed", None), ("limit", None))

"""Another current folder makes short paths lead elsewhere, and the present one tells its name."""

import pytest

SOURCES = {
    "chdir": """
os.chdir("@FOLDER@")
result = open("secret").read()
""",
    "fchdir": 'result = syscall("fchdir", 0)',
    "getcwd": "result = os.getcwd()",
}
GETS_THROUGH_UNLOCKED = ("chdir",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_current_folder_stays_and_has_no_name(raw, idea):
    await raw.refused(SOURCES[idea], also=("ENOENT",))

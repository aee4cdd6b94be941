"""Names of files are secrets too."""

import pytest

SOURCES = {
    "listdir": 'result = os.listdir("@FOLDER@")',
    "the current one": "result = os.listdir()",
    "scandir": 'result = [entry.name for entry in os.scandir("@FOLDER@")]',
    "glob": 'result = [str(path) for path in pathlib.Path("@FOLDER@").iterdir()]',
    "getdents of the channel": 'result = syscall("getdents64", 0, space(999), 999)',
    "walk": 'result = next(os.walk("@FOLDER@", onerror=lambda error: exec("raise error")))[2]',
}
GETS_THROUGH_UNLOCKED = ("listdir", "the current one", "scandir", "glob", "walk")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_folder_can_be_listed(raw, idea):
    await raw.refused(SOURCES[idea])

"""The first thing that anybody tries: `open`, in all its spellings."""

import pytest

SOURCES = {
    "open": 'result = open("@FILE@").read()',
    "io": 'result = io.open("@FILE@").read()',
    "io.FileIO": 'result = io.FileIO("@FILE@").read().decode()',
    "pathlib": 'result = pathlib.Path("@FILE@").read_text()',
    "os.open": 'result = os.read(os.open("@FILE@", os.O_RDONLY), 99).decode()',
    "open by the path alone": 'result = os.open("@FILE@", os.O_PATH)',
    "passwd": 'result = open("/etc/passwd").read()',
}
GETS_THROUGH_UNLOCKED = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_can_be_opened(raw, idea):
    await raw.refused(SOURCES[idea])

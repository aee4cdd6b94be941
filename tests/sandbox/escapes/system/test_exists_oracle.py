"""Functions that turn every error into False must say False for what is there."""

SOURCE = """
file, folder = "@FILE@", "@FOLDER@"
result = [os.path.exists(file), os.path.isdir(folder), os.access(file, os.R_OK), pathlib.Path(file).exists()]
"""


async def test_what_is_there_seems_not_to_be(raw):
    outcome = await raw(SOURCE)
    assert outcome.status == "failed" or outcome.value == [False] * 4

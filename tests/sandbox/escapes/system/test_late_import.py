"""An import reads files, and runs what it finds."""

import pytest

SOURCES = {
    "a module of the library": """
import sqlite3
result = sqlite3.sqlite_version
""",
    "a path of our own": """
sys.path.insert(0, "@FOLDER@")
import secret
result = 1
""",
    "the loader": """
import importlib.machinery
result = importlib.machinery.SourceFileLoader("secret", "@FILE@").get_data("@FILE@").decode()
""",
    "a zip": """
import zipimport
result = str(zipimport.zipimporter("@FILE@"))
""",
    "the source of a function": "result = inspect.getsource(os.walk)",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_is_imported_late(raw, idea):
    await raw.refused(SOURCES[idea], also=("ModuleNotFoundError", "ImportError", "ZipImportError", "OSError"))

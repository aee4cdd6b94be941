"""Keeps the borders of the house: who may import whom, and how large a room may grow."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "server", ROOT / "sandbox")

STANDARD = "the standard library is open to all"
MODULE_WALL = 400
FUNCTION_WALL = 60

ALLOWED: dict[str, set[str]] = {
    "code_sandbox": {"RestrictedPython", "_quickjs", "tree_sitter"},
    "flora_mcp": {"flora_mcp"},
    "flora_mcp.settings": {"platformdirs", "flora_mcp"},
    "flora_mcp.database": {"anyio", "sqlalchemy", "flora_mcp.database"},
    "flora_mcp.tenant": set(),
    "flora_mcp.icons": {"mcp_types"},
    "flora_mcp.imports": set(),
    "flora_mcp.errors": set(),
    "flora_mcp.late": {
        "anyio",
        "flora_mcp.icons",
        "flora_mcp.imports",
        "flora_mcp.protocol",
        "flora_mcp.app",
        "flora_mcp.settings",
    },
    "flora_mcp.auth": {"anyio", "jwt", "flora_mcp.state", "flora_mcp.tenant", "flora_mcp.auth"},
    "flora_mcp.docs_search": {"anyio", "pydantic", "flora_mcp", "flora_mcp.flora", "flora_mcp.docs_search"},
    "flora_mcp.state": {"anyio", "sqlalchemy", "flora_mcp.database", "flora_mcp.state"},
    "flora_mcp.internet": set(),
    "flora_mcp.flora": {"anyio", "httpx", "pydantic", "flora_mcp", "flora_mcp.flora", "flora_mcp.internet"},
    "flora_mcp.studio": {
        "anyio",
        "starlette",
        "uvicorn",
        "pydantic",
        "sqlalchemy",
        "dbos",
        "PIL",
        "numpy",
        "filelock",
        "httpx",
        "obstore",
        "flora_mcp",
        "flora_mcp.database",
        "flora_mcp.internet",
        "flora_mcp.studio",
    },
    "flora_mcp.outputs": {
        "anyio",
        "mcp",
        "mcp_types",
        "PIL",
        "pydantic",
        "flora_mcp.flora.types",
        "flora_mcp.state",
        "flora_mcp.stills",
        "flora_mcp.tenant",
        "flora_mcp.outputs",
    },
    "flora_mcp.stills": {"av", "flora_mcp.stills"},
    "flora_mcp.uploads": {
        "anyio",
        "platformdirs",
        "flora_mcp.flora",
        "flora_mcp.internet",
        "flora_mcp.outputs",
        "flora_mcp.state",
        "flora_mcp.uploads",
    },
    "flora_mcp.executions": {
        "anyio",
        "code_sandbox",
        "flora_mcp.flora",
        "flora_mcp.state",
        "flora_mcp.tenant",
        "flora_mcp.executions",
    },
    "flora_mcp.tools": {
        "flora_mcp.icons",
        "anyio",
        "mcp",
        "mcp_types",
        "pydantic",
        "code_sandbox",
        "flora_mcp.executions",
        "flora_mcp.flora",
        "flora_mcp.outputs",
        "flora_mcp.tools",
        "flora_mcp.docs_search",
        "flora_mcp.tenant",
        "flora_mcp.uploads",
        "flora_mcp.state",
    },
    "flora_mcp.resources": {
        "anyio",
        "mcp",
        "mcp_types",
        "pydantic",
        "flora_mcp.executions",
        "flora_mcp.flora",
        "flora_mcp.outputs",
        "flora_mcp.resources",
    },
    "flora_mcp.prompts": {
        "anyio",
        "mcp",
        "mcp_types",
        "flora_mcp.flora",
        "flora_mcp.outputs",
        "flora_mcp.prompts",
        "flora_mcp.resources",
    },
    "flora_mcp.protocol": {
        "anyio",
        "mcp",
        "mcp_types",
        "flora_mcp",
        "flora_mcp.tools",
        "flora_mcp.outputs",
        "flora_mcp.protocol",
        "flora_mcp.auth",
        "flora_mcp.docs_search",
        "flora_mcp.executions",
        "flora_mcp.flora",
        "flora_mcp.state",
        "flora_mcp.tenant",
        "pydantic",
        "starlette",
        "uvicorn",
    },
    "flora_mcp.mounted": {"anyio", "flora_mcp.studio"},
    "flora_mcp.isolation": {"code_sandbox", "flora_mcp.errors"},
    "flora_mcp.app": {
        "flora_mcp.icons",
        "anyio",
        "code_sandbox",
        "flora_mcp",
        "flora_mcp.isolation",
        "flora_mcp.settings",
        "flora_mcp.flora",
        "flora_mcp.studio",
        "flora_mcp.outputs",
        "flora_mcp.executions",
        "flora_mcp.tools",
        "flora_mcp.prompts",
        "flora_mcp.protocol",
        "flora_mcp.resources",
        "flora_mcp.state",
        "flora_mcp.tenant",
        "flora_mcp.mounted",
        "flora_mcp.app",
        "flora_mcp.auth",
        "flora_mcp.docs_search",
        "flora_mcp.uploads",
    },
    "flora_mcp.cli": {
        "flora_mcp.late",
        "flora_mcp.errors",
        "flora_mcp.imports",
        "anyio",
        "mcp",
        "mcp_types",
        "rich",
        "flora_mcp",
        "flora_mcp.app",
        "flora_mcp.isolation",
        "flora_mcp.protocol",
        "flora_mcp.settings",
        "flora_mcp.studio",
        "flora_mcp.cli",
        "flora_mcp.auth",
        "flora_mcp.state",
        "flora_mcp.tenant",
        "uvicorn",
    },
}
"""Each part and the packages, ours and others', that it may import."""

HTTPX_IMPORTERS = {"flora_mcp.flora._http", "flora_mcp.studio.web"}
"""The client of FLORA, and the studio's one way out to addresses that users name."""


def modules() -> list[tuple[str, Path]]:
    found = []
    for source in SOURCES:
        for path in sorted(source.rglob("*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append((name, path))
    return found


MODULES = modules()
NAMES = {name for name, _ in MODULES}


def part_of(module: str) -> str:
    """Returns the longest entry of `ALLOWED` that holds the module."""
    candidates = [part for part in ALLOWED if module == part or module.startswith(part + ".")]
    return max(candidates, key=len)


def imported(path: Path) -> set[str]:
    """Returns the dotted names that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                names.add(full if full in NAMES else node.module)
    return names


def is_allowed(target: str, part: str) -> bool:

    top = target.split(".")[0]
    if top in sys.stdlib_module_names:
        return True
    own = part_of(target) if top in {"flora_mcp", "code_sandbox"} else None
    if own is not None and own == part:
        return True
    for entry in ALLOWED[part]:
        if entry == "flora_mcp":
            if target == "flora_mcp":
                return True
        elif target == entry or target.startswith(entry + "."):
            return True
    return False


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_module_imports_only_what_its_part_may(module: str, path: Path) -> None:
    part = part_of(module)
    assert sorted(t for t in imported(path) if not is_allowed(t, part)) == []


def test_one_module_of_each_side_imports_httpx() -> None:
    importers = {name for name, path in MODULES if any(t.split(".")[0] == "httpx" for t in imported(path))}
    assert importers <= HTTPX_IMPORTERS


def test_the_sandbox_knows_neither_its_embedder_nor_the_protocol() -> None:
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sandbox").rglob("*.py")
        if any(word in path.read_text(encoding="utf-8").lower() for word in ("flora", "mcp"))
    ]
    assert guilty == []


def test_no_module_passes_the_wall() -> None:
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES}
    assert {name: size for name, size in sizes.items() if size > MODULE_WALL} == {}


def test_no_function_passes_the_wall() -> None:
    long: dict[str, int] = {}
    for name, path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION_WALL:
                    long[f"{name}.{node.name}"] = size
    assert long == {}


def test_only_settings_reads_the_environment() -> None:
    guilty = [
        name
        for name, path in MODULES
        if name != "flora_mcp.settings"
        and any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "getenv("))
    ]
    assert guilty == []

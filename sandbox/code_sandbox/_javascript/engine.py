"""The packages that run and read JavaScript, if they are installed."""

import importlib.util
import os
import re
import sys
from collections.abc import Mapping
from importlib.machinery import ExtensionFileLoader
from types import ModuleType
from typing import Any, NamedTuple

# No pathlib in a worker: nothing else there imports it.
PRELUDE = os.path.join(os.path.dirname(__file__), "prelude")
PRELUDE_PARTS = ("bridge", "render", "inspect", "client", "web", "globals")
ON_DEMAND = {"web": re.compile(r"\b(?:URL|URLSearchParams|TextEncoder|TextDecoder|structuredClone)\b")}
"""Parts that only some programs use, and the words in those."""
PACKAGES = "quickjs-ng, tree-sitter and tree-sitter-typescript"


class Engine(NamedTuple):
    """What a worker needs for programs in JavaScript. Loaded before it locks itself in: nothing can be opened later.

    The engine's context is made when there is such a program: it takes a third of a millisecond, and memory that
    programs in Python do without.
    """

    quickjs: ModuleType
    tree_sitter: ModuleType
    grammar: Any
    parts: Mapping[str, str]
    """Of the prelude, by their names and in their order."""

    def prelude(self, program: str) -> str:
        """Returns the prelude that a program needs."""
        return "\n".join(
            text for name, text in self.parts.items() if name not in ON_DEMAND or ON_DEMAND[name].search(program)
        )


def load_engine() -> Engine | None:
    """Returns what runs JavaScript, or None if a package is lacking."""
    try:
        # Not `quickjs`: that one starts a thread when it is imported.
        import _quickjs
        import tree_sitter

        binding = _extension("tree_sitter_typescript", "_binding")
        grammar = tree_sitter.Language(binding.language_typescript())
    except (ImportError, OSError, AttributeError, ValueError):
        return None
    parts = {name: _text(name) for name in PRELUDE_PARTS}
    return Engine(quickjs=_quickjs, tree_sitter=tree_sitter, grammar=grammar, parts=parts)


def _text(name: str) -> str:
    with open(os.path.join(PRELUDE, f"{name}.js"), encoding="utf-8") as file:
        return file.read()


def _extension(package: str, name: str) -> ModuleType:
    """Imports a package's extension module without the package, which would import ten milliseconds of others.

    Raises:
        ImportError: It is not installed.
    """
    loaded = sys.modules.get(f"{package}.{name}")
    if loaded is not None:
        return loaded
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        for file_name in sorted(os.listdir(folder)):
            if not (file_name.startswith(f"{name}.") and file_name.endswith((".so", ".pyd"))):
                continue
            full_name, path = f"{package}.{name}", os.path.join(folder, file_name)
            loader = ExtensionFileLoader(full_name, path)
            spec = importlib.util.spec_from_file_location(full_name, path, loader=loader)
            assert spec is not None
            module = importlib.util.module_from_spec(spec)
            loader.exec_module(module)
            sys.modules[full_name] = module
            return module
    raise ImportError(f"{package} is not installed")

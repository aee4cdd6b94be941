"""Tells in which language a program is written. What is Python is never taken for anything else."""

import ast
import re

from code_sandbox._worker.fences import fence_language, without_fences

JAVASCRIPT_FENCES = frozenset({"js", "javascript", "jsx", "mjs", "ts", "typescript", "tsx"})
PYTHON_FENCES = frozenset({"py", "python", "python3"})

SIGNS = re.compile(
    r"\b(?:const|let|var|function|undefined|interface|typeof)\b|=>|===|!==|&&|\|\||/\*|\$\{|\bnew [A-Z]|\bconsole\."
    r"|\bfor await\b|\bexport \w|;[ \t]*$|\)\s*\{|\bclass \w[^:\n]*\{|\?\.|^[ \t]*//",
    re.MULTILINE,
)
"""What a program in JavaScript or TypeScript has at least one of."""

HINTS = (
    *("const ", "let ", "var ", "function", "undefined", "interface ", "typeof ", "=>", "===", "!==", "&&", "||", "/*"),
    *("${", "new ", "console.", "for await", "export ", ";\n", "){", ") {", "?.", "//", "class "),
)
"""Parts of those, found a hundred times faster. Programs without them are not looked at any further."""

PYTHON_SIGNS = re.compile(
    r"^[ \t]*(?:async def|def|class [\w.()]+:|elif|except|from [\w.]+ import|import \w+$|with "
    r"|(?:if|for|while|else|try)\b[^{}\n]*:[ \t]*(?:#[^\n]*)?$|#|print\()"
    r"|\b(?:None|True|False|self|lambda|asyncio)\b|\b(?:not in|is not|and|or)\b",
    re.MULTILINE,
)
"""Of a text that neither language accepts, the one with more signs is what was meant."""


def is_javascript(text: str) -> bool:
    """Tells whether a program is written in JavaScript or TypeScript."""
    named = fence_language(text)
    if named in JAVASCRIPT_FENCES:
        return not _is_python(text)
    if named in PYTHON_FENCES or not (text.rstrip().endswith(";") or any(hint in text for hint in HINTS)):
        return False
    if SIGNS.search(text) is None or _is_python(text):
        return False
    bare = without_fences(text)
    if bare != text and _is_python(bare):
        return False
    return len(SIGNS.findall(bare)) > len(PYTHON_SIGNS.findall(bare))


def _is_python(text: str) -> bool:
    try:
        ast.parse(_dedented(text))
    except (SyntaxError, ValueError):
        return False
    except (RecursionError, MemoryError):
        return True
    return True


def _dedented(text: str) -> str:
    """Removes the indentation that the first line of code has from all lines that have it."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(indent) for line in text.split("\n")) if indent else text

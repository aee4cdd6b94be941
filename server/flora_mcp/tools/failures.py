"""Says why a program did not complete, as an agent can act on it."""

from code_sandbox import Failure

JAVASCRIPT_INSTALLATION = 'pip install "flora-mcp[javascript]"'


def failure(each: Failure) -> str:
    """Returns an error as an agent can act on it: what, where, and what to do."""
    if each.problems:
        return problems(each)
    lines = [f"{each.type_name}: {each.message}"]
    if each.line is not None:
        lines.append(f"  line {each.line}: {each.source_line or ''}".rstrip())
    known = {key: value for key, value in each.attributes.items() if key in {"status", "code", "request_id"} and value}
    if known:
        lines.append("  " + ", ".join(f"{key} {value}" for key, value in known.items()))
    if each.hint:
        lines.append(f"  Hint: {each.hint}")
    if each.type_name == "LanguageUnavailable":
        lines.append(f"  Where the server runs: {JAVASCRIPT_INSTALLATION}")
    return "\n".join(lines)


def problems(each: Failure) -> str:
    """Returns all that the check before the run found: each line once, what is wrong there, then the signatures."""
    count = f"{each.message}:" if len(each.problems) > 1 else f"{each.type_name}:"
    lines = [count]
    shown: int | None = None
    for problem in each.problems:
        if problem.line is not None and problem.line != shown:
            lines.append(f"line {problem.line}: {problem.source_line or ''}".rstrip())
            shown = problem.line
        ended = problem.message if problem.message.endswith((".", "?")) else f"{problem.message}."
        lines.append(f"  {ended} {problem.hint or ''}".rstrip())
    signatures = [problem.signature for problem in each.problems if problem.signature]
    if signatures:
        lines += ["Signatures:", *(f"  {signature}" for signature in signatures)]
    return "\n".join(lines)

"""Answers one program's calls: carries them to FLORA and keeps book of what they did."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from code_sandbox import JSON, Call, CallFailed, Page
from flora_mcp.executions.execution import Execution, Shown
from flora_mcp.executions.exposure import HELP, ROOT, SHOW
from flora_mcp.executions.gate import Gate
from flora_mcp.executions.runs import Runs
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import FloraError, RunUncertainError
from flora_mcp.flora.types import RunState

SHOW_ACCEPTS = "an output of a run, a run, a run id such as 'run_…', or a list of these"

RETURNED = 12
"""Outputs of other runs that are shown because they are in the program's value."""

OUTPUTS_KEPT = 5000
"""Outputs that a program has read and may still hand to `show`."""

HELP_ACCEPTS = "a name such as 'generations.create', or a question in a few words"

_JAVASCRIPT = re.compile(r"\bfunction\b|=>|^\s*(?:const|let|var)\s", re.MULTILINE)
"""What looks like JavaScript; the sandbox parses, but the examples of `help` only follow a guess."""


class Explain(Protocol):
    """The documentation: answers a question, or gives the page of a name."""

    async def __call__(self, topic: str, /, *, language: Literal["python", "javascript"]) -> str: ...


class Bridge:
    """The one function that the sandbox knows of the outside."""

    def __init__(self, *, flora: Flora, runs: Runs, execution: Execution, gate: Gate, explain: Explain) -> None:
        self._flora = flora
        self._explain = explain
        self._runs = runs
        self._execution = execution
        self._gate = gate
        # What only reads may be done twice at the same moment.
        self._reads = {entry.path for entry in flora.methods if entry.http.startswith("GET ")}
        self._paid = {entry.path for entry in flora.methods if entry.paid}
        self._outputs: OrderedDict[str, Shown] = OrderedDict()

    async def answer(self, call: Call) -> JSON | Page:
        """Does what the program asks.

        Raises:
            CallFailed: FLORA, or a check of ours, refused; the program may catch it.
        """
        if call.path == SHOW:
            return self._show(call.arguments.get("output"))
        if call.path == HELP:
            return await self._help(call.arguments.get("topic"))
        path = call.path.removeprefix(f"{ROOT}.")
        try:
            if path in self._paid:
                what = f"{call.path}({_words(call.arguments)})"
                return await self._gate.pay(self._execution, what, lambda: self._call(path, call.arguments))
            if path not in self._reads:
                await self._gate.claim(self._execution)
            return await self._call(path, call.arguments)
        except FloraError as exc:
            raise _failure(exc) from exc

    def returned(self, value: JSON) -> list[Shown]:
        """Returns the outputs of other runs that the program read and that its value names."""
        own = {run.run_id for run in self._execution.runs}
        named = [self._outputs[text] for text in strings(value) if text in self._outputs]
        return list(dict.fromkeys(each for each in named if each.run_id not in own))[:RETURNED]

    async def _call(self, path: str, arguments: Mapping[str, JSON]) -> JSON | Page:
        try:
            result = await self._flora.call(path, arguments)
        except RunUncertainError as exc:
            self._execution.doubts.append(str(exc))
            raise
        if isinstance(result, dict | list | str | int | float | bool) or result is None:
            self._note(path, arguments, result)
            return result
        for item in result.items:
            self._note(path, arguments, item)
        return Page(items=result.items, body=result.body, next_arguments=result.next_arguments)

    def _note(self, path: str, arguments: Mapping[str, JSON], result: Any) -> None:
        if not isinstance(result, dict):
            return
        if path in self._paid and isinstance(result.get("runs"), list):
            for started in result["runs"]:
                self._note(path, arguments, started)
        if not isinstance(result.get("run_id"), str):
            return
        if path in self._paid:
            model = result.get("model")
            run = self._runs.track(
                result["run_id"],
                model_id=model.get("model_id") if isinstance(model, dict) else None,
                workspace_id=_text(arguments.get("workspace_id")),
                technique_id=_text(arguments.get("technique_id")),
                prompt=_text(arguments.get("prompt")),
                quoted_cost_usd=result.get("charged_cost"),
            )
            self._execution.started(run)
        elif "status" in result:
            state = RunState.model_validate(result)
            self._runs.observe(state)
            for output in state.outputs or ():
                self._outputs[output.url] = Shown(run_id=state.run_id, output_id=output.output_id)
            while len(self._outputs) > OUTPUTS_KEPT:
                self._outputs.popitem(last=False)

    def _show(self, output: JSON) -> JSON:
        if isinstance(output, list):
            return [self._show(item) for item in output]
        shown = self._resolve(output)
        if shown is None:
            raise CallFailed(
                type_name="ValueError",
                message=f"show() cannot find {_excerpt(output)}; it takes {SHOW_ACCEPTS}.",
                attributes={},
            )
        run = self._runs.track(shown.run_id)
        self._execution.shown.append(shown)
        return f"<shown with the answer: flora://runs/{run.run_id}>"

    async def _help(self, topic: JSON) -> str:
        if topic is not None and not isinstance(topic, str):
            raise CallFailed(
                type_name="ValueError",
                message=f"help() cannot explain {_excerpt(topic)}; it takes {HELP_ACCEPTS}.",
                attributes={},
            )
        language = self._execution.language
        if language == "auto":
            language = "javascript" if _JAVASCRIPT.search(self._execution.program) else "python"
        return await self._explain(topic or "", language=language)

    def _resolve(self, output: JSON) -> Shown | None:
        if isinstance(output, str):
            if output.startswith("run_"):
                return Shown(run_id=output, output_id=None)
            return self._outputs.get(output)
        if isinstance(output, dict):
            run_id, url = output.get("run_id"), output.get("url")
            if isinstance(run_id, str) and run_id.startswith("run_"):
                return Shown(run_id=run_id, output_id=None)
            if isinstance(url, str):
                return self._outputs.get(url)
        return None


def _failure(exc: FloraError) -> CallFailed:
    return CallFailed(type_name=type(exc).__name__, message=str(exc), attributes=dict(exc.attributes()))


def strings(value: JSON) -> list[str]:
    """Returns every text in a value, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return []


def _words(arguments: Mapping[str, JSON]) -> str:
    return ", ".join(f"{name}={_excerpt(value)}" for name, value in arguments.items())[:200]


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _excerpt(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"

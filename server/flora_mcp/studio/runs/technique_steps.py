"""Doing the steps of one run of a technique."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from typing import Any

from flora_mcp.studio.catalog import Action, ActionCatalog, Catalog, Model, picture_size
from flora_mcp.studio.errors import ApiError, RenderError, RenderRefusedError, StepFailedError
from flora_mcp.studio.media import MediaStore
from flora_mcp.studio.renderers import JSON, ActionInput, ActionRequest, Progress, RenderHost, Rendering, RenderRequest
from flora_mcp.studio.runs.technique_progress import TechniqueProgress
from flora_mcp.studio.store.runs import NewOutput
from flora_mcp.studio.techniques import ActionStep, FileValue, GenerationStep, Plan, TextStep
from flora_mcp.studio.techniques.parameters import maker_of, resolved
from flora_mcp.studio.techniques.placeholders import filled
from flora_mcp.studio.techniques.wiring import names_of

MOST_PROMPT_CHARACTERS = 32_000

MOST_TEXT_CHARACTERS = 1_000_000
"""The longest text that a step makes, as of actions."""

KEPT_FACTS = ("alt_text", "ignored")
"""What is kept of what a renderer tells of a picture."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a step has made, as plain data: files with where they are, or a text."""

    owner_id: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    text: str | None = None
    facts: dict[str, JSON] = field(default_factory=dict)
    seconds: float = 0.0


class StepMaker:
    """Does single steps of one run; used from several threads."""

    def __init__(
        self,
        *,
        run_id: str,
        plan: Plan,
        media: MediaStore,
        renderers: RenderHost,
        catalog: Catalog,
        actions: ActionCatalog,
    ) -> None:
        self.plan = plan
        self._run_id = run_id
        self._media = media
        self._renderers = renderers
        self._catalog = catalog
        self._actions = actions
        self._shown = {output.source for output in plan.outputs}

    @staticmethod
    def room_between(run_id: str) -> str:
        """Returns where the files are that no output shows."""
        return f"{run_id}-steps"

    def make(self, step: GenerationStep | ActionStep, before: Mapping[str, Made], progress: Progress) -> Made:
        """Does a step whose forerunners are done.

        Raises:
            StepFailedError: It cannot be done; the message names it.
            RendersClosed: The studio closes.
        """
        started = time.perf_counter()
        try:
            maker = maker_of(step, catalog=self._catalog, actions=self._actions)
            if maker is None:
                raise RenderRefusedError("The studio does not have its model or action any more.")
            texts = self._texts(before)
            params = resolved(step, maker, texts)
            if isinstance(step, GenerationStep):
                assert isinstance(maker, Model)
                renderings, facts = self._generated(step, params, texts, progress)
            else:
                assert isinstance(maker, Action)
                request = ActionRequest(action_id=step.action, params=params, inputs=self._inputs(step, maker, before))
                renderings, facts = self._renderers.act(request, progress), self._inherited(step, before)
            return self._kept(step.id, renderings, facts=facts, started=started)
        except ApiError as exc:
            raise StepFailedError(f"Step {step.id!r}: {exc.message}", code="GENERATION_INVALID_PARAMS") from exc
        except RenderError as exc:
            raise StepFailedError(f"Step {step.id!r}: {exc}", code=exc.code) from exc

    def write(self, step: TextStep, before: Mapping[str, Made]) -> Made:
        """Returns the text of a step: the template, or what stands in for it.

        Raises:
            StepFailedError: The text is too long.
        """
        on = all(self.plan.there[name] for name in step.when) and not any(self.plan.there[name] for name in step.unless)
        text = filled(step.template, self._texts(before)) if on else None
        text = step.otherwise if text is None else text
        if text is not None and len(text) > MOST_TEXT_CHARACTERS:
            message = f"Step {step.id!r}: The text has {len(text)} characters; at most {MOST_TEXT_CHARACTERS} can be."
            raise StepFailedError(message, code=RenderRefusedError.code)
        return Made(text=text)

    def _texts(self, before: Mapping[str, Made]) -> dict[str, str | None]:
        return {**self.plan.texts, **{name: made.text for name, made in before.items() if made.text is not None}}

    def _generated(
        self, step: GenerationStep, params: dict[str, Any], texts: Mapping[str, str | None], progress: Progress
    ) -> tuple[list[Rendering], dict[str, JSON]]:
        prompt = " ".join((filled(step.prompt, texts) or "").split())
        if not prompt or len(prompt) > MOST_PROMPT_CHARACTERS:
            raise RenderRefusedError(
                f"The prompt has {len(prompt)} characters; 1 to {MOST_PROMPT_CHARACTERS} are accepted."
            )
        size = picture_size(aspect_ratio=params["aspect_ratio"], resolution=params["resolution"])
        seed = self.plan.seed_of(step) if params["seed"] is None else params["seed"]
        request = RenderRequest(prompt=prompt, width_px=size.width_px, height_px=size.height_px, seed=seed)
        rendering = self._renderers.render(step.model, request, progress)
        known = {name: rendering.facts[name] for name in KEPT_FACTS if name in rendering.facts}
        return [rendering], {**known, "seed": seed, "prompt": prompt}

    def _inherited(self, step: ActionStep, before: Mapping[str, Made]) -> dict[str, JSON]:
        """Returns what is known of the pictures that an action works on, and so of what it makes of them."""
        texts = [str(before[name].facts["alt_text"]) for name in self._sources(step, before)]
        return {"alt_text": "; ".join(dict.fromkeys(texts))} if texts else {}

    def _sources(self, step: ActionStep, before: Mapping[str, Made]) -> list[str]:
        names = [self._chosen(reference) for given in step.inputs.values() for reference in _listed(given)]
        return [name for name in names if name in before and "alt_text" in before[name].facts]

    def _chosen(self, reference: str) -> str:
        return next(name for name in reference.split("|") if self.plan.there[name])

    def _inputs(self, step: ActionStep, action: Action, before: Mapping[str, Made]) -> tuple[ActionInput, ...]:
        found: list[ActionInput] = []
        for slot in action.inputs:
            for reference in _listed(step.inputs[slot.name]):
                found.extend(self._given(slot.name, self._chosen(reference), before))
        for slot in action.inputs:
            count = sum(each.slot == slot.name for each in found)
            if not slot.least <= count <= slot.most:
                raise RenderRefusedError(f"{count} inputs for {slot.name!r}; {slot.least} to {slot.most} are accepted.")
        return tuple(found)

    def _given(self, slot: str, name: str, before: Mapping[str, Made]) -> list[ActionInput]:
        value = self.plan.values.get(name)
        if isinstance(value, FileValue):
            return [self._file(slot, value.owner_id, value.file_name)]
        if name in self.plan.texts:
            return [ActionInput(slot=slot, text=self.plan.texts[name])]
        made = before[name]
        if made.files and made.files[0]["text"] is None:
            return [self._file(slot, made.owner_id, each["file_name"]) for each in made.files]
        if made.files:
            return [ActionInput(slot=slot, text=each["text"]) for each in made.files]
        return [ActionInput(slot=slot, text=made.text)]

    def _file(self, slot: str, owner_id: str, file_name: str) -> ActionInput:
        try:
            path = self._media.local(owner_id=owner_id, file_name=file_name)
        except OSError as exc:
            raise RenderRefusedError(f"The file of slot {slot!r} cannot be read: {exc}.") from exc
        return ActionInput(slot=slot, path=str(path))

    def _kept(self, step_id: str, renderings: list[Rendering], *, facts: dict[str, JSON], started: float) -> Made:
        owner_id = self._run_id if step_id in self._shown else self.room_between(self._run_id)
        files = []
        for number, rendering in enumerate(renderings, 1):
            name = step_id if len(renderings) == 1 else f"{step_id}_{number}"
            file = self._media.write(
                rendering.content, owner_id=owner_id, output_id=name, mime_type=rendering.mime_type
            )
            is_text = rendering.mime_type == "text/plain"
            files.append(
                NewOutput(
                    output_id=name,
                    type="text" if is_text else "imageUrl",
                    mime_type=rendering.mime_type,
                    width_px=rendering.width_px,
                    height_px=rendering.height_px,
                    text=rendering.content.decode() if is_text else None,
                    **vars(file),
                )
            )
        return Made(
            owner_id=owner_id,
            files=[asdict(file) for file in files],
            text=files[0].text if len(files) == 1 else None,
            facts=facts,
            seconds=round(time.perf_counter() - started, 3),
        )


def make_all(
    maker: StepMaker,
    *,
    done: Mapping[str, Made],
    progress: TechniqueProgress,
    record: Callable[[str, Made], None],
    lanes: int,
) -> dict[str, Made]:
    """Does the steps of a plan, each as soon as its forerunners are done.

    Args:
        maker: Of the run.
        done: What was made before.
        progress: Told how far each step is.
        record: Called with each step that is done, before those that wait for it begin.
        lanes: How many steps go on at once.

    Raises:
        StepFailedError: The first that was met; steps under way are awaited, no other begins.
        RendersClosed: The studio closes.
    """
    made = dict(done)
    waiting = [step for step in maker.plan.steps if step.id not in made]
    going: dict[Future[Made], str] = {}

    def run(step: GenerationStep | ActionStep, before: dict[str, Made]) -> Made:
        found = maker.make(step, before, lambda fraction: progress.report(step.id, fraction))
        record(step.id, found)
        return found

    pool = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="technique")
    try:
        while waiting or going:
            for step in [each for each in waiting if _forerunners(maker.plan, each) <= made.keys()]:
                waiting.remove(step)
                if isinstance(step, TextStep):
                    made[step.id] = maker.write(step, made)
                else:
                    going[pool.submit(run, step, dict(made))] = step.id
            for future in wait(going, return_when=FIRST_COMPLETED).done if going else ():
                made[going.pop(future)] = future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    return made


def _forerunners(plan: Plan, step: GenerationStep | ActionStep | TextStep) -> set[str]:
    """Returns the steps of the run whose results a step uses."""
    return {each.id for each in plan.steps}.intersection(names_of(step))


def _listed(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given

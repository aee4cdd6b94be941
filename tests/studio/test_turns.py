"""Workspaces take turns, and none has more runs at once than it may."""

import threading

import anyio
import anyio.to_thread
from studio.conftest import MODEL, ON_BOTH, Api, OpenApi, draw

from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads

pytestmark = ON_BOTH


class Desk:
    """A renderer that notes who comes, and lets them go one by one."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self._changed = threading.Condition()
        self._allowed = 0

    def render(self, request: RenderRequest, progress: Progress) -> Rendering:
        with self._changed:
            self.came.append(request.prompt)
            place = len(self.came)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._allowed >= place, timeout=20)
        return draw(request, progress)

    async def until(self, count: int) -> list[str]:
        """Waits until so many have come."""

        def wait() -> list[str]:
            with self._changed:
                assert self._changed.wait_for(lambda: len(self.came) >= count, timeout=20)
                return list(self.came)

        return await anyio.to_thread.run_sync(wait)

    def let_go(self, count: int) -> None:
        with self._changed:
            self._allowed = count
            self._changed.notify_all()


async def another_workspace(api: Api) -> dict[str, object]:
    workspace_id = await api.studio.create_workspace("Another")
    answer = await api.post("projects", {"name": "There", "workspace_id": workspace_id})
    return {"workspace_id": workspace_id, "project_id": answer.json()["project_id"]}


async def test_a_workspace_with_many_runs_does_not_keep_another_waiting(open_api: OpenApi) -> None:
    desk = Desk()
    async with open_api(RenderThreads({MODEL: desk.render}, capacity=1), clock_ms=wall_ms) as api:
        there = await another_workspace(api)
        run_ids = [await api.start(prompt=f"here {number}") for number in range(4)]
        run_ids += [await api.start(prompt=f"there {number}", **there) for number in range(2)]
        desk.let_go(6)
        for run_id in run_ids:
            assert (await api.finished(run_id))["status"] == "completed"
    assert desk.came == ["here 0", "there 0", "here 1", "there 1", "here 2", "here 3"]


async def test_a_workspace_has_no_more_runs_at_once_than_it_may(open_api: OpenApi) -> None:
    desk = Desk()
    async with open_api(RenderThreads({MODEL: desk.render}, capacity=3), workspace_runs=1) as api:
        there = await another_workspace(api)
        here = [await api.start(prompt=f"here {number}") for number in range(3)]
        first = await api.start(prompt="there", **there)
        # There would be room for a third.
        assert sorted(await desk.until(2)) == ["here 0", "there"]
        desk.let_go(2)
        await api.finished(first)
        with anyio.fail_after(20):
            assert (await desk.until(3))[2:] == ["here 1"]
        desk.let_go(4)
        for run_id in here:
            assert (await api.finished(run_id))["status"] == "completed"
    assert desk.came[2:] == ["here 1", "here 2"]

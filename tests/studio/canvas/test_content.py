"""Media that a change brings along: copied from elsewhere under guard, taken from this studio without a request."""

from collections.abc import Sequence
from typing import Any

import httpx
from studio.canvas.conftest import Board, causes
from studio.pictures import film, picture

from flora_mcp.studio.web import Web

FILES = {"a.png": picture(), "b.png": picture(colour="blue"), "c.mp4": film()}


class Site:
    """A public host with files, and one that is none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        return ["10.0.0.1" if host == "inside.example" else "93.184.215.14"]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        name = request.url.path.lstrip("/")
        return httpx.Response(200, stream=httpx.ByteStream(FILES[name])) if name in FILES else httpx.Response(404)

    def web(self) -> Web:
        return Web(resolve=self.resolve, transport=httpx.MockTransport(self.answer))


def stored(api: Any) -> list[str]:
    return sorted(path.name for path in (api.directory / "media").glob("asset_*"))


async def test_media_from_elsewhere_become_static_nodes(open_api: Any) -> None:
    site = Site()
    async with open_api(web=site.web()) as api:
        board = Board(api=api, project_id=api.project_id)
        changed = await board.change(
            add=[
                {"ref": "a", "type": "image", "label": "Photo", "content_url": "https://files.example/a.png"},
                {"ref": "b", "type": "static_image", "content_url": "https://files.example/b.png"},
                {"ref": "c", "type": "video", "content_url": "https://files.example/c.mp4"},
            ]
        )
        assert changed["applied"]["added"] == 3
        nodes = (await board.graph())["nodes"]
        assert [(node["type"], node["model_id"], node["status"]) for node in nodes] == [
            ("static_image", None, None),
            ("static_image", None, None),
            ("static_video", None, None),
        ]
        assert sorted(site.asked) == ["/a.png", "/b.png", "/c.mp4"]
        assert (await api.http.get(nodes[0]["output_url"])).content == FILES["a.png"]
        listed = (await api.get(f"projects/{board.project_id}/nodes"))["nodes"]
        assert [(each["type"], each["label"], each["url"]) for each in listed] == [
            ("video", None, nodes[2]["output_url"]),
            ("image", None, nodes[1]["output_url"]),
            ("image", "Photo", nodes[0]["output_url"]),
        ]
        assert [run["reason"] for run in await board.run("n1")] == ["node_not_executable"]


async def test_nothing_is_kept_when_one_cannot_be_had(open_api: Any) -> None:
    site = Site()
    async with open_api(web=site.web()) as api:
        board = Board(api=api, project_id=api.project_id)
        assert sorted(
            await board.causes(
                add=[
                    {"ref": ref, "type": kind, "content_url": url}
                    for ref, kind, url in (
                        ("a", "image", "https://files.example/a.png"),
                        ("b", "video", "https://files.example/b.png"),
                        ("c", "image", "https://files.example/missing.png"),
                        ("d", "image", "https://inside.example/a.png"),
                        ("e", "image", "http://files.example/a.png"),
                        ("f", "image", "data:image/png;base64,xx"),
                    )
                ]
            )
        ) == [
            ("add[1].content_url", "content_unusable"),
            ("add[2].content_url", "content_unreachable"),
            ("add[3].content_url", "content_unreachable"),
            ("add[4].content_url", "content_unreachable"),
            ("add[5].content_url", "content_unreachable"),
        ]
        assert stored(api) == []
        assert (await api.get("assets", workspace_id=api.workspace_id))["assets"] == []


async def test_nothing_is_fetched_for_a_change_that_is_refused_anyway(open_api: Any) -> None:
    site = Site()
    async with open_api(web=site.web()) as api:
        board = Board(api=api, project_id=api.project_id)
        addition = {"ref": "a", "type": "image", "content_url": "https://files.example/a.png"}
        assert await board.causes(add=[addition], remove=[{"id": "n9"}]) == [("remove[0].id", "unknown_node")]
        many = [{**addition, "ref": str(number)} for number in range(21)]
        assert await board.causes(add=many) == [("add[20].content_url", "too_many")]
        assert site.asked == []


async def test_media_of_this_studio_are_shown_without_a_request(open_api: Any) -> None:
    site = Site()
    async with open_api(web=site.web()) as api:
        board = Board(api=api, project_id=api.project_id)
        output = (await api.finished(await api.start()))["outputs"][0]["url"]
        answer = await api.http.post(
            "assets", data={"workspace_id": api.workspace_id}, files={"file": ("a", picture())}
        )
        asset = answer.json()
        await board.change(
            add=[
                {"ref": "a", "type": "image", "content_url": output},
                {"ref": "b", "type": "image", "content_url": asset["url"]},
            ]
        )
        assert [node["output_url"] for node in (await board.graph())["nodes"]] == [output, output, asset["url"]]
        assert site.asked == []
        listed = await api.get("assets", workspace_id=api.workspace_id, project_id=api.project_id)
        assert [each["asset_id"] for each in listed["assets"]] == [asset["asset_id"]]
        assert await board.causes(
            add=[
                {"ref": "c", "type": "video", "content_url": output},
                {"ref": "d", "type": "image", "content_url": output.partition("?")[0]},
            ]
        ) == [("add[1].content_url", "content_unreachable"), ("add[0].content_url", "content_unusable")]


async def test_a_flowchart_brings_media_along(open_api: Any) -> None:
    async with open_api(web=Site().web()) as api:
        board = Board(api=api, project_id=api.project_id)
        url = "https://files.example/a.png"
        answer = await board.draw('graph LR\n  img1["A photo (Image)"]', img1={"content_url": url})
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["warnings"]) == 1
        node = await board.node("n1")
        assert (node["type"], node["label"], node["prompt"]) == ("static_image", "A photo", None)
        answer = await board.draw('graph LR\n  img1["(Text)"]', img1={"content_url": url})
        assert causes(answer) == [("node_params.img1.content_url", "unsupported_field")]

"""`flora-mcp studio key`, `member` and `workspace`: commands on a studio's data, while one serves it."""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import httpx
import pytest
from e2e.servers import studio
from fakes.command import main

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import AuthenticationError


@pytest.fixture(autouse=True)
def own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("FLORA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FLORA_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> "Say":
    return Say(capsys)


class Say:
    """Runs a command on the studio's data, and returns what it writes."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> list[str]:
        code = main(["studio", *arguments])
        out, err = self._capsys.readouterr()
        assert code == 0, err
        return out.splitlines()

    def refused(self, *arguments: str) -> tuple[int, str]:
        code = main(["studio", *arguments])
        out, err = self._capsys.readouterr()
        assert out == ""
        [line] = err.splitlines()
        return code, line


def test_the_first_key_of_a_workspace_comes_with_its_webhook_secret(say: Say) -> None:
    key, secret = say("key", "create")
    assert re.fullmatch(r"FLORA_API_KEY=sk_live_[\w-]{43}", key)
    assert re.fullmatch(r"FLORA_WEBHOOK_SECRET=whsec_[\w-]{43}", secret)
    [other] = say("key", "create", "--name", "Ada", "--role", "viewer")
    assert other.startswith("FLORA_API_KEY=sk_live_")
    listed = say("key", "list")
    assert [line.split("  ")[2:4] for line in listed] == [["API", "member"], ["Ada", "viewer"]]
    assert key.partition("=")[2] not in "".join(listed)
    assert listed[0].split("  ")[1] == f"{key.partition('=')[2][:13]}…"


def test_a_revoked_key_is_shown_as_such_and_revoked_once(say: Say) -> None:
    say("key", "create")
    key_id = say("key", "list")[0].split("  ")[0]
    assert say("key", "revoke", key_id) == []
    assert re.search(r"revoked \d{4}-\d\d-\d\d \d\d:\d\d UTC$", say("key", "list")[0])
    code, line = say.refused("key", "revoke", key_id)
    assert (code, f"no key {key_id!r} that could be revoked" in line) == (1, True)


def test_a_member_has_a_name_a_role_and_as_many_keys_as_needed(say: Say) -> None:
    say("member", "add", "--name", "Ada", "--role", "viewer")
    member_id = say("member", "list")[0].split("  ")[0]
    say("key", "create", "--name", "Ada")
    code, line = say.refused("key", "create", "--name", "Ada", "--role", "admin")
    assert (code, f"Member 'Ada' ({member_id}) is 'viewer', not 'admin'" in line) == (1, True)
    say("member", "role", member_id, "admin")
    assert [line.split("  ")[2:4] for line in say("key", "list")] == [["Ada", "admin"]] * 2
    assert "has a member 'Ada'" in say.refused("member", "add", "--name", "Ada")[1]
    say("member", "remove", member_id)
    assert say("member", "list") == []
    assert ["revoked" in line for line in say("key", "list")] == [True, True]
    say("member", "add", "--name", "Ada")


def test_which_workspace_is_meant_must_be_clear(say: Say) -> None:
    [films] = say("workspace", "create", "Films")
    code, line = say.refused("key", "create")
    assert (code, "There are several workspaces; choose one by its id: ws_" in line, films in line) == (1, True, True)
    assert "There is no workspace 'Film'" in say.refused("key", "create", "--workspace", "Film")[1]
    say("key", "create", "--workspace", "Films")
    assert [line.split("  ")[4] for line in say("key", "list", "--workspace", films)] == [films]


def test_credits_are_set_added_to_and_lifted(say: Say) -> None:
    told = [say("workspace", "list")[0].partition("Studio  ")[2]]
    told += [say("workspace", "credits", "Studio", wanted)[0] for wanted in ("100", "+20", "unlimited")]
    assert told == ["credits unlimited", "credits 100", "credits 120", "credits unlimited"]
    assert "+5 would add nothing" in say.refused("workspace", "credits", "Studio", "+5")[1]
    assert say.refused("workspace", "credits", "Studio", "lots")[0] == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "0.0.0.0"], "--allowed-host or --public-url"),
        (["--burst", "3"], "give --rate too"),
        (["--rate", "0"], "--rate: '0' is no rate, such as 10/s"),
        (["--allowed-host", "http://a"], "--allowed-host: 'http://a' is no host name"),
        (["--public-url", "https://a/b"], "--public-url: 'https://a/b' is not scheme, host and port alone"),
    ],
)
def test_a_door_that_cannot_be_hung_is_named(say: Say, options: list[str], told: str) -> None:
    code, line = say.refused("--port", "0", *options)
    assert (code, told in line) == (2, True), line


async def forever(call: Callable[[], Awaitable[object]]) -> None:
    while True:
        await call()


async def test_a_studio_that_others_reach_lets_in_by_key_until_it_is_revoked(say: Say, tmp_path: Path) -> None:
    with anyio.fail_after(60):
        async with studio(tmp_path, "--host", "0.0.0.0", "--allowed-host", "studio.example") as (_, told_url):
            assert re.fullmatch(r"http://studio\.example:\d+/api/v1", told_url)
            base_url = told_url.replace("studio.example", "127.0.0.1")
            async with httpx.AsyncClient(base_url=base_url, trust_env=False) as stranger:
                assert (await stranger.get("models")).status_code == 401
                assert (await stranger.get("models", headers={"host": "10.0.0.1"})).status_code == 403
            async with Flora(api_key=say("key", "create")[0].partition("=")[2], base_url=base_url) as flora:
                [workspace] = (await flora.workspaces.list()).items
                assert workspace.role == "member"
                say("key", "revoke", say("key", "list")[0].split("  ")[0])
                with anyio.fail_after(5), pytest.raises(AuthenticationError):
                    await forever(flora.workspaces.list)

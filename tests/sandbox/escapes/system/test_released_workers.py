"""Plain Python is for tests: nothing that is released leads to it."""

import json
from pathlib import Path

import pytest

from code_sandbox import Limits, Sandbox
from code_sandbox import _testing as testing
from code_sandbox._processes.bootstrap import ENTRY, command
from code_sandbox._processes.default import default_isolation
from code_sandbox._processes.zygote import ENTRY as ZYGOTE

ROOT = Path(__file__).parents[4]
OWN = {"_testing.py", "_testing_worker.py", "_testing_zygote.py"}
ATTEMPT = "result = open('/etc/passwd').read()\nreturn result"


def test_no_released_module_names_the_one_for_tests():
    sources = [path for folder in ("sandbox", "server") for path in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 50
    guilty = [path for path in sources if path.name not in OWN and "_testing" in path.read_text(encoding="utf-8")]
    assert guilty == []


def test_the_package_for_users_does_not_offer_it():
    import code_sandbox

    assert not any("raw" in name or "testing" in name for name in code_sandbox.__all__)


def test_the_entry_of_a_worker_is_fixed_in_code():
    assert (command(channel="socket")[-1], ENTRY) == ("code_sandbox._worker.main",) * 2
    assert ZYGOTE == "code_sandbox._worker.zygote"


@pytest.fixture
def misleading(monkeypatch, tmp_path):
    """An environment that tries to lead workers astray."""
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit('astray')")
    (tmp_path / "usercustomize.py").write_text("raise SystemExit('astray')")
    (tmp_path / "RestrictedPython.py").write_text("raise SystemExit('astray')")
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONPLATLIBDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "sitecustomize.py"))
    monkeypatch.setenv("PYTHONINSPECT", "1")
    for name in ("ENTRY", "CODE_SANDBOX_ENTRY", "CODE_SANDBOX_TESTING", "CODE_SANDBOX_LANGUAGE"):
        monkeypatch.setenv(name, testing.ZYGOTE_ENTRY)
    monkeypatch.chdir(tmp_path)


async def test_no_variable_of_the_environment_leads_to_it(misleading, exposure):
    async with Sandbox(exposure=exposure, limits=Limits(cpu_seconds=3.0)) as sandbox:
        outcome = await sandbox.run(ATTEMPT, answer=None)
    assert (outcome.status, outcome.value) == ("failed", None)
    assert "open" in repr(outcome.failure)


SELECTIONS = {
    "entry": testing.ZYGOTE_ENTRY,
    "interpreter": "RawInterpreter",
    "language": "raw",
    "raw": True,
    "testing": True,
    "module": testing.ZYGOTE_ENTRY,
}


class Misleading:
    """The isolation of this system, whose frames ask for plain Python."""

    def __init__(self):
        self._inner = default_isolation()

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def open(self, setup):
        frame = json.loads(setup.frame[4:]) | SELECTIONS
        frame["limits"] |= SELECTIONS
        body = json.dumps(frame).encode()
        await self._inner.open(type(setup)(frame=len(body).to_bytes(4, "big") + body, limits=setup.limits))


async def test_no_key_of_the_setup_leads_to_it(exposure):
    limits = Limits(cpu_seconds=3.0)
    async with Sandbox(exposure=exposure, limits=limits, isolation=Misleading()) as sandbox:
        outcome = await sandbox.run(ATTEMPT, answer=None)
    assert (outcome.status, outcome.value) == ("failed", None)
    assert "open" in repr(outcome.failure)


@pytest.mark.parametrize("key", SELECTIONS)
async def test_no_key_of_the_start_leads_to_it(exposure, key):
    isolation = Kept()
    async with Sandbox(exposure=exposure, limits=Limits(cpu_seconds=3.0), isolation=isolation):
        worker = await isolation.start()
        body = json.dumps({"kind": "start", "language": "python", "program": ATTEMPT, key: SELECTIONS[key]}).encode()
        worker.writer.write(len(body).to_bytes(4, "big") + body)
        try:
            length = int.from_bytes(await worker.reader.readexactly(4), "big")
            answer = json.loads(await worker.reader.readexactly(length))
        finally:
            worker.kill()
            await worker.reap()
    assert (answer["status"], answer["value"]) == ("failed", None)


class Kept:
    """The isolation of this system, from which a test may start a worker by itself."""

    def __init__(self):
        self._inner = default_isolation()

    def __getattr__(self, name):
        return getattr(self._inner, name)

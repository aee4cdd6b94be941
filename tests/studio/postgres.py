"""A PostgreSQL server of the tests' own, and a fresh database of it for each test."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from flora_mcp.studio.runs.work import Work
from flora_mcp.studio.runs.workflow import DurableWorkflows
from flora_mcp.studio.store import Database

USER = "flora"

TEMPLATE = "studio_template"

WHERE = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")

HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=32MB")
"""Of a server whose data nobody needs after a power cut."""


@dataclass(kw_only=True)
class Postgres:
    """A running server that is reached by a socket in its directory."""

    programs: Path
    directory: Path
    process: "subprocess.Popen[bytes] | None" = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.directory}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def database(self) -> Iterator[str]:
        """Makes a database with a studio's tables and no rows, and lends its URL."""
        name = f"studio_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        settings = (*HASTE, "listen_addresses=", f"unix_socket_directories={self.directory}")
        command = [str(self.programs / "postgres"), "-D", str(self.directory / "data")]
        for setting in settings:
            command += ["-c", setting]
        log = (self.directory / "log").open("ab")
        with log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.directory, **_ordinary_user())
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise AssertionError((self.directory / "log").read_text()) from None

    def stop(self) -> None:
        """Ends the server at once; what was committed stays."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


def programs() -> Path | None:
    """Returns where the server's programs are, of the newest version there is."""
    found = shutil.which("postgres")
    if found and (Path(found).parent / "initdb").exists():
        return Path(found).parent
    folders = [each for pattern in WHERE for each in Path("/").glob(pattern.removeprefix("/"))]
    return max(folders, key=lambda each: [int(word) for word in str(each).split("/") if word.isdigit()], default=None)


@contextmanager
def open_postgres() -> Iterator[Postgres]:
    """Starts a server with an empty studio to copy; skips the test where none is installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    # Not pytest's own directory, which belongs to whoever runs the tests: the server refuses to be root.
    directory = Path(tempfile.mkdtemp(prefix="flora-pg-"))
    server = Postgres(programs=found, directory=directory)
    try:
        if user := _ordinary_user():
            os.chown(directory, user["user"], user["group"])
        directory.chmod(0o755)
        make = [str(found / "initdb"), "-D", str(directory / "data"), "-U", USER, "-A", "trust", "-N"]
        make += ["--encoding=UTF8", "--locale=C"]
        subprocess.run(make, check=True, capture_output=True, cwd=directory, **_ordinary_user())
        server.start()
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        _fill(server.url(TEMPLATE))
        yield server
    finally:
        if server.process is not None:
            server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _fill(url: str) -> None:
    database = Database(url)
    database.create_tables()
    workflows = DurableWorkflows(database_url=database.url, works=(), worker_id="first", alone=True, on_end=_ignore)
    assert workflows.launch()
    workflows.close()
    database.close()


def _ordinary_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _ignore(_work: Work, _job_id: str, /, *, done: bool) -> None:
    raise AssertionError(f"nothing was started (done={done})")

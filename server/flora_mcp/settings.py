"""Every FLORA_* variable in one frozen object; the only reader of the environment."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args
from urllib.parse import urlsplit

import platformdirs

DEFAULT_BASE_URL = "https://app.flora.ai/api/v1"
"""FLORA's REST API (`sdk:client.ts`)."""

IsolationLevel = Literal["strong", "moderate", "weak"]
"""How much stands between a program and the system; `code_sandbox` says what each promises."""

SpendPeriod = Literal["day", "month", "ever"]
"""After what time, in UTC, the cap on spending is begun anew."""

LOCAL = (("http", "localhost"), ("http", "127.0.0.1"))
"""Addresses on this machine, which nobody else answers."""

GUARDS = (
    "FLORA_ALLOW_METHODS",
    "FLORA_ALLOW_UNKNOWN_PRICES",
    "FLORA_BLOCK_METHODS",
    "FLORA_MAX_SPEND_USD",
    "FLORA_READ_ONLY",
)
"""Variables that keep calls from being made: one that is misspelt would seem to hold."""

ALIKE = 0.8
"""How like a guard's name another name is when it is taken for a slip; 1 is the same."""

_T = TypeVar("_T")


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the message names it and what is accepted."""


@dataclass(frozen=True, kw_only=True)
class OAuth:
    """The authorization server whose tokens are taken over HTTP."""

    issuer: str
    """`FLORA_OAUTH_ISSUER`. As it stands in tokens' `iss`."""

    jwks_url: str | None = None
    """`FLORA_OAUTH_JWKS_URL`. Where its keys are; its metadata is asked by default."""

    audience: str | None = None
    """`FLORA_OAUTH_AUDIENCE`. What stands in tokens' `aud`; the address of MCP under the public URL by default."""

    scopes: tuple[str, ...] = ()
    """`FLORA_OAUTH_SCOPES`. What a token must allow; nothing in particular by default."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment asks of the server. The key never shows in `repr`."""

    api_key: str | None = field(default=None, repr=False)
    """`FLORA_API_KEY`. Blank counts as unset (`sdk:client.ts`); without it the studio answers."""

    base_url: str = DEFAULT_BASE_URL
    """`FLORA_BASE_URL`. Used with a key only."""

    data_directory: Path
    """`FLORA_DATA_DIR`. Outputs and the studio's database; the user's data folder by default."""

    database: str | None = field(default=None, repr=False)
    """`FLORA_DATABASE`. PostgreSQL's URL, for several machines; a SQLite file in the data folder by default."""

    output_directory: Path | None = None
    """`FLORA_OUTPUT_DIR`. Where the user finds outputs under readable names; only in the data folder by default."""

    output_bytes: int = 4_000_000_000
    """`FLORA_OUTPUT_MAX_MB`, 100 to 10 000 000. The outputs kept in the data folder; the longest unused go first."""

    upload_roots: tuple[Path, ...] | None = None
    """`FLORA_UPLOAD_ROOTS`. The only folders whose files may be uploaded or shown, over HTTP none; the user's folders
    of media by default."""

    tools: tuple[str, ...] = ()
    """`FLORA_TOOLS`. When there are any names, only these tools are offered."""

    no_tools: tuple[str, ...] = ()
    """`FLORA_NO_TOOLS`. Tools that are not offered."""

    time_budget_seconds: float = 45.0
    """`FLORA_TIME_BUDGET_SECONDS`, 1 to 3600. A tool call answers within it, with a result or an id."""

    timeout_seconds: float = 60.0
    """`FLORA_TIMEOUT_SECONDS`, 1 to 600. One attempt of one HTTP request."""

    max_retries: int = 2
    """`FLORA_MAX_RETRIES`, 0 to 10. Further attempts of a request that may be repeated."""

    require_isolation: IsolationLevel = "weak"
    """`FLORA_REQUIRE_ISOLATION`. The server does not start if programs would be less isolated; any system is weak."""

    max_spend_usd: float | None = None
    """`FLORA_MAX_SPEND_USD`, 0 to 100 000. What all paid calls of this server may cost; real money only."""

    spend_period: SpendPeriod = "day"
    """`FLORA_SPEND_PERIOD`: day, month or ever. Over HTTP the cap holds for each tenant by itself, over all processes
    on the database and however often they start; with each day or month in UTC it is begun anew. Over standard input
    and output it holds from the start of the process to its end."""

    allow_unknown_prices: bool = False
    """`FLORA_ALLOW_UNKNOWN_PRICES`. Under a cap, calls go out whose price nobody can tell before."""

    allow_methods: tuple[str, ...] = ()
    """`FLORA_ALLOW_METHODS`. Paths such as `generations.*`; when there are any, no other method may be called."""

    block_methods: tuple[str, ...] = ()
    """`FLORA_BLOCK_METHODS`. Paths of methods that may not be called."""

    read_only: bool = False
    """`FLORA_READ_ONLY`. Nothing may be changed at FLORA, and nothing paid for."""

    oauth: OAuth | None = None
    """`FLORA_OAUTH_*`. Over HTTP; whose tokens open the server."""

    keys_file: Path | None = None
    """`FLORA_KEYS_FILE`. JSON, `{"subject": "key"}` or `{"issuer subject": "key"}`: the key of each principal."""

    log_level: str = "warning"
    """`FLORA_LOG`: debug, info, warn, error or off. Logs go to stderr."""

    @property
    def restricts(self) -> bool:
        """Whether tools, methods or isolation are not the usual: then a start may be refused."""
        rules = (self.tools, self.no_tools, self.allow_methods, self.block_methods)
        return any(rules) or self.read_only or self.require_isolation != "weak"

    @property
    def database_url(self) -> str:
        """Where executions, outputs and events are kept. It may hold a password."""
        return self.database or f"sqlite:///{self.data_directory.absolute() / 'server.sqlite3'}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Reads the variables; trims them, and takes a blank one as unset.

        Raises:
            SettingsError: a value is not of the form that its variable takes.
        """
        source = os.environ if environment is None else environment
        values = {name: text.strip() for name, text in source.items() if name.startswith("FLORA_") and text.strip()}
        _refuse_slips(values)
        directory = values.get("FLORA_DATA_DIR")
        return cls(
            api_key=values.get("FLORA_API_KEY"),
            base_url=_read(values, "FLORA_BASE_URL", DEFAULT_BASE_URL, _url),
            data_directory=Path(directory).expanduser()
            if directory
            else platformdirs.user_data_path("flora-mcp", False),
            database=values.get("FLORA_DATABASE"),
            output_directory=_read(values, "FLORA_OUTPUT_DIR", None, lambda text: Path(text).expanduser()),
            output_bytes=_read(values, "FLORA_OUTPUT_MAX_MB", 4_000_000_000, _megabytes),
            upload_roots=_read(values, "FLORA_UPLOAD_ROOTS", None, _folders),
            tools=_read(values, "FLORA_TOOLS", (), _names),
            no_tools=_read(values, "FLORA_NO_TOOLS", (), _names),
            time_budget_seconds=_read(values, "FLORA_TIME_BUDGET_SECONDS", 45.0, _number(1, 3600)),
            timeout_seconds=_read(values, "FLORA_TIMEOUT_SECONDS", 60.0, _number(1, 600)),
            max_retries=_read(values, "FLORA_MAX_RETRIES", 2, lambda text: round(_number(0, 10)(text))),
            require_isolation=_read(values, "FLORA_REQUIRE_ISOLATION", "weak", _isolation),
            max_spend_usd=_read(values, "FLORA_MAX_SPEND_USD", None, _number(0, 100_000)),
            spend_period=_read(values, "FLORA_SPEND_PERIOD", "day", _period),
            allow_unknown_prices=_read(values, "FLORA_ALLOW_UNKNOWN_PRICES", False, _switch),
            allow_methods=_read(values, "FLORA_ALLOW_METHODS", (), _names),
            block_methods=_read(values, "FLORA_BLOCK_METHODS", (), _names),
            read_only=_read(values, "FLORA_READ_ONLY", False, _switch),
            oauth=_oauth(values),
            keys_file=_read(values, "FLORA_KEYS_FILE", None, lambda text: Path(text).expanduser()),
            log_level=_read(values, "FLORA_LOG", "warning", _level),
        )

    def environment(self) -> dict[str, str]:
        """Returns what a child process is given to have these settings, and this process's proxies and places."""
        others = {name: text for name, text in os.environ.items() if not name.startswith("FLORA_")}
        own = {
            "FLORA_BASE_URL": self.base_url,
            "FLORA_DATA_DIR": str(self.data_directory.absolute()),
            "FLORA_TIME_BUDGET_SECONDS": str(self.time_budget_seconds),
            "FLORA_TIMEOUT_SECONDS": str(self.timeout_seconds),
            "FLORA_MAX_RETRIES": str(self.max_retries),
            "FLORA_REQUIRE_ISOLATION": self.require_isolation,
            "FLORA_LOG": self.log_level,
            "FLORA_ALLOW_UNKNOWN_PRICES": str(self.allow_unknown_prices).lower(),
            "FLORA_ALLOW_METHODS": ",".join(self.allow_methods),
            "FLORA_BLOCK_METHODS": ",".join(self.block_methods),
            "FLORA_READ_ONLY": str(self.read_only).lower(),
            "FLORA_OUTPUT_MAX_MB": str(self.output_bytes / 1_000_000),
            "FLORA_SPEND_PERIOD": self.spend_period,
        }
        own |= {name: text for name, text in self._optional().items() if text}
        return others | own

    def _optional(self) -> dict[str, str]:
        """Returns the variables that may be unset."""
        return {
            "FLORA_API_KEY": self.api_key or "",
            "FLORA_DATABASE": self.database or "",
            "FLORA_MAX_SPEND_USD": "" if self.max_spend_usd is None else str(self.max_spend_usd),
            "FLORA_OUTPUT_DIR": "" if self.output_directory is None else str(self.output_directory.absolute()),
            "FLORA_UPLOAD_ROOTS": os.pathsep.join(str(root.absolute()) for root in self.upload_roots or ()),
            "FLORA_TOOLS": ",".join(self.tools),
            "FLORA_NO_TOOLS": ",".join(self.no_tools),
            "FLORA_KEYS_FILE": "" if self.keys_file is None else str(self.keys_file.absolute()),
            "FLORA_OAUTH_ISSUER": self.oauth.issuer if self.oauth else "",
            "FLORA_OAUTH_JWKS_URL": self.oauth.jwks_url or "" if self.oauth else "",
            "FLORA_OAUTH_AUDIENCE": self.oauth.audience or "" if self.oauth else "",
            "FLORA_OAUTH_SCOPES": " ".join(self.oauth.scopes) if self.oauth else "",
        }


def _oauth(values: Mapping[str, str]) -> OAuth | None:
    # Not trimmed to one form: tokens name their issuer letter by letter.
    issuer = _read(values, "FLORA_OAUTH_ISSUER", None, _safe_url)
    if issuer is None:
        alone = next((name for name in values if name.startswith("FLORA_OAUTH_")), None)
        if alone is not None:
            raise SettingsError(f"{alone} is set without FLORA_OAUTH_ISSUER. Set that too, or unset both.")
        return None
    return OAuth(
        issuer=issuer,
        jwks_url=_read(values, "FLORA_OAUTH_JWKS_URL", None, _safe_url),
        audience=values.get("FLORA_OAUTH_AUDIENCE"),
        scopes=tuple(values.get("FLORA_OAUTH_SCOPES", "").replace(",", " ").split()),
    )


def _megabytes(text: str) -> int:
    return round(_number(100, 10_000_000)(text) * 1_000_000)


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(part.strip()).expanduser() for part in text.split(os.pathsep) if part.strip())


def _refuse_slips(values: Mapping[str, str]) -> None:
    for name in set(values) - set(GUARDS):
        meant = get_close_matches(name, GUARDS, n=1, cutoff=ALIKE)
        if meant:
            raise SettingsError(f"{name} is no variable of this server. Did you mean {meant[0]}? Correct or unset it.")


def _read(values: Mapping[str, str], name: str, default: _T, convert: Callable[[str], _T]) -> _T:
    text = values.get(name)
    if text is None:
        return default
    try:
        return convert(text)
    except ValueError as exc:
        raise SettingsError(f"{name} is {text!r}, but it takes {exc}. Correct it or unset it.") from exc


def _number(least: float, most: float) -> Callable[[str], float]:
    def convert(text: str) -> float:
        wanted = f"a number from {least:g} to {most:g}"
        try:
            number = float(text)
        except ValueError as exc:
            raise ValueError(wanted) from exc
        if not least <= number <= most:
            raise ValueError(wanted)
        return number

    return convert


def _switch(text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("true or false")
    return words[text.lower()]


def _names(text: str) -> tuple[str, ...]:
    """Returns names between commas; whether they are names of methods, only the method table knows."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ValueError("paths of methods with commas between them, such as generations.create,workspaces.*")
    return names


def _url(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError(f"an address that starts with https://, such as {DEFAULT_BASE_URL}")
    return text.rstrip("/")


def _safe_url(text: str) -> str:
    """Returns an address whose answers nobody can forge on their way."""
    parts = urlsplit(text)
    if parts.scheme != "https" and (parts.scheme, parts.hostname) not in LOCAL:
        raise ValueError("an address that starts with https://")
    return text


def _period(text: str) -> SpendPeriod:
    if text.lower() not in get_args(SpendPeriod):
        raise ValueError("day, month or ever")
    return cast(SpendPeriod, text.lower())  # it is one of them


def _isolation(text: str) -> IsolationLevel:
    if text.lower() not in get_args(IsolationLevel):
        raise ValueError("strong, moderate or weak")
    return cast(IsolationLevel, text.lower())  # it is one of them


def _level(text: str) -> str:
    levels = {
        "debug": "debug",
        "info": "info",
        "warn": "warning",
        "warning": "warning",
        "error": "error",
        "off": "off",
    }
    if text.lower() not in levels:
        raise ValueError("debug, info, warn, error or off")
    return levels[text.lower()]

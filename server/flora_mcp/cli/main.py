"""Entry point: reads the command line and the settings, and runs one command."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from flora_mcp.cli.command_line import Command, read
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.logs import log_to_stderr
from flora_mcp.cli.signals import interruptible_at_once
from flora_mcp.imports import import_quickly
from flora_mcp.settings import Settings, SettingsError

INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C has ended."""

HOMES = {
    "serve": "flora_mcp.cli.serve.command",
    "demo": "flora_mcp.cli.demo",
    "studio": "flora_mcp.cli.studio",
}
"""Where the `run(options, settings)` of each command is; imported when asked for: none waits for another's packages."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `flora-mcp` and returns its exit code: 0, 1 (it went wrong), 2 (not accepted) or 130 (Ctrl-C)."""
    try:
        with interruptible_at_once():
            command = read(sys.argv[1:] if arguments is None else arguments)
            settings = _settings(command)
            log_to_stderr(settings.log_level)
            module = import_quickly(HOMES[command.name])
        code: int = module.run(command.options, settings)
    except SettingsError as exc:
        return _end(str(exc), 2)
    except CommandError as exc:
        return _end(str(exc), exc.exit_code)
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _settings(command: Command) -> Settings:
    settings = Settings.from_environment()
    if command.data_directory is None:
        return settings
    return replace(settings, data_directory=command.data_directory)


def _end(message: str, exit_code: int) -> int:
    sys.stderr.write(f"flora-mcp: {' '.join(message.split())}\n")
    return exit_code

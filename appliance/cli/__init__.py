"""``till``: how the till is, and looking after one, from a terminal.

Each module of this package is a command of its name; its docstring's first line says what it does in ``till
--help``. It has ``options(parser)``, and ``run(arguments)``, which returns the exit code; ``arguments.settings`` is
where the settings are (commands that need none do not read them). A module whose name begins with "_" is no command.
"""

from __future__ import annotations

import argparse
import os
import pkgutil
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from appliance.domain.errors import DomainError
from appliance.machine.keyring import KeyringError
from appliance.settings import SettingsError
from appliance.storage.errors import StorageError
from appliance.till.errors import TillError

DEFAULT_SETTINGS: Final = Path("/etc/till/till.toml")


def now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="till", description="Gapless: the till from a terminal")
    parser.add_argument(
        "--settings", type=Path, default=DEFAULT_SETTINGS, help=f"default: {DEFAULT_SETTINGS}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in _wanted(sys.argv[1:]):
        _add(commands, name)
    os.umask(0o007)  # what the till writes is its own: names, books and PIN hashes are nobody else's
    arguments = parser.parse_args()
    try:
        return int(arguments.run(arguments))
    except (SettingsError, StorageError, DomainError, KeyringError, TillError) as error:
        print(f"till: {error}", file=sys.stderr)
        return 2
    except (EOFError, KeyboardInterrupt):
        print("\ntill: nothing was answered, so it stops here.", file=sys.stderr)
        return 2


def _wanted(arguments: list[str]) -> list[str]:
    """The commands to load: the one that is named, for a quick start of the card; all to tell of."""
    names = [each.name for each in pkgutil.iter_modules(__path__) if not each.name.startswith("_")]
    return [name for name in names if name in arguments] or names


def _add(commands: Any, name: str) -> None:
    module = import_module(f"{__name__}.{name}")
    words = (module.__doc__ or "").strip().splitlines()[0].rstrip(".")
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=f"{words}.")
    module.options(parser)
    parser.set_defaults(run=module.run)

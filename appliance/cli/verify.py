"""Whether a journal is intact: this till's, an export or the stick; says what is broken, and how."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from appliance import verify
from appliance.cli import now
from appliance.cli._books import file_of
from appliance.domain.money import currency
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.export import Export


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given; ``appliance/verify.py`` alone, without this command, takes the same."""
    parser.add_argument("paths", nargs="*", metavar="FOLDER-OR-FILE", help="default: this till's own journal")
    parser.add_argument("--anchor", action="append", default=[], metavar="NUMBER:CODE", help="as printed")
    parser.add_argument("--anchors", metavar="FILE", help="many of them, one a line")
    parser.add_argument("--key", action="append", default=[], metavar="HEX", help="from the hand-over sheet")


def run(arguments: argparse.Namespace) -> int:
    """Check; 0 if intact, 1 if broken, 2 if it could not be checked."""
    given = [f"--anchor={each}" for each in arguments.anchor] + [f"--key={each}" for each in arguments.key]
    given += [f"--anchors={arguments.anchors}"] if arguments.anchors else []
    if arguments.paths:
        return verify.main([*given, "--", *arguments.paths])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "journal"
        _export(arguments.settings, folder)
        return verify.main([*given, str(folder)])


def _export(settings_file: Path, folder: Path) -> None:
    settings = load(settings_file)
    database = Database.open(file_of(settings), now=now)
    try:
        Export(database, currency(settings.money.currency), settings.zone, Path(verify.__file__)).write(
            folder
        )
    finally:
        database.close()

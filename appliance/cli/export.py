"""The journal in a folder for the accountant, with the program that checks it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from appliance import verify
from appliance.cli import now
from appliance.cli._books import file_of
from appliance.domain.money import currency
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.export import Export


def options(parser: argparse.ArgumentParser) -> None:
    """What must be given."""
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")


def run(arguments: argparse.Namespace) -> int:
    """Export the journal of this till, while it goes on selling."""
    settings = load(arguments.settings)
    database = Database.open(file_of(settings), now=now)
    try:
        export = Export(database, currency(settings.money.currency), settings.zone, Path(verify.__file__))
        exported = export.write(arguments.folder, _show)
    finally:
        database.close()
    print(
        f"{arguments.folder}: {exported.entries:,} entries, {exported.receipts:,} of them sales and refunds."
    )
    print(f"To check it: python3 {arguments.folder / 'verify.py'} {arguments.folder}")
    return 0


def _show(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{100 * done // of} % ", end="" if done < of else "\n", file=sys.stderr, flush=True)

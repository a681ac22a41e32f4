"""The hand-over sheet: what a technician leaves at the counter. The till prints it.

The kiosk holds the printer, so this only asks for the paper, as every other paper is asked for: by an entry in the
file that both open.
"""

from __future__ import annotations

import argparse

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.cli._sheet import queue_sheet, sheet_of
from appliance.machine.keyring import Keyring
from appliance.receipts.hand_over import WHEN, HandOver, in_groups
from appliance.settings import load
from appliance.storage.database import Database


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--show", action="store_true", help="show it here instead of printing it")


def run(arguments: argparse.Namespace) -> int:
    """Ask for the sheet, or show it."""
    settings = load(arguments.settings)
    key = Keyring.load(settings.till.keys_file).public_key.hex()
    database = Database.open(file_of(settings), now=now)
    try:
        if arguments.show:
            _show(sheet_of(settings, database, key))
        else:
            queue_sheet(settings, database, key, now())
            print("The till prints it when its screen and its printer are on.")
    finally:
        database.close()
    return 0


def _show(sheet: HandOver) -> None:
    print(f"{sheet.till}, receipts {sheet.series}-000001 ...")
    print(f"Online shop  {sheet.shop or 'none'}\nVersion      {sheet.version}\n")
    for what, then in WHEN:
        print(f"{what}: {then}")
    print(f"\nTill         {in_groups(sheet.till_id)}")
    print(f"Its key      {in_groups(sheet.public_key)}")
    print(f"Entry {sheet.entries:<7}{in_groups(sheet.anchor)}")

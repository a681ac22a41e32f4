"""What the screen says of the stick, taken off it once a person has seen to it."""

from __future__ import annotations

import argparse

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.till.joining import ASIDE, LOST


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--seen", action="store_true", help="it was seen to: do not say it any more")


def run(arguments: argparse.Namespace) -> int:
    """Say what came to light when a stick was plugged in; 1 while nobody has seen to it."""
    settings = load(arguments.settings)
    database = Database.open(file_of(settings), now=now)
    try:
        facts = ShopFacts(database)
        found = [sentence for name in (LOST, ASIDE) if (sentence := facts.get(name)) is not None]
        if arguments.seen:
            facts.set(LOST, None)
            facts.set(ASIDE, None)
    finally:
        database.close()
    print("\n".join(found) or "Nothing came to light about the stick.")
    return 1 if found and not arguments.seen else 0

"""What is gone from the shop all at once, and the word that it is so."""

from __future__ import annotations

import argparse

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.settings import load
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts, Vanished


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--accept", action="store_true", help="it is so: let the till do as the shop says")


def run(arguments: argparse.Namespace) -> int:
    """Say what the till does not believe of the shop; 1 while nobody has said that it is so."""
    settings = load(arguments.settings)
    with Database.open(file_of(settings), now=now) as database:
        facts = ShopFacts(database)
        found = facts.vanished()
        if found is not None and arguments.accept:
            facts.accept_vanished()
    print(sentence(found) if found is not None else "Nothing is gone from the shop that should be there.")
    if found is not None and arguments.accept:
        print("The till does as the shop says, with its next look.")
    return 1 if found is not None and not arguments.accept else 0


def sentence(found: Vanished) -> str:
    """What is gone, and since when."""
    at = found.at.strftime("%Y-%m-%d %H:%M UTC")
    if found.is_other_shop:
        return (
            f"{at}: the shop at this address looks like another one: of its {found.of} oldest products "
            f"{found.count} are not there. Nothing is taken from it."
        )
    return (
        f"{at}: {found.count} of {found.of} products are gone from the shop at once. They stay on this till."
    )

"""A new till: its keys, its journal, its receipt series; prints what belongs on the hand-over sheet."""

from __future__ import annotations

import argparse
import uuid

from appliance.cli import now
from appliance.cli._pins import ask_pin
from appliance.cli._sheet import queue_sheet
from appliance.domain.staff import Role
from appliance.machine.computer import Computer
from appliance.machine.keyring import Keyring
from appliance.receipts.hand_over import in_groups
from appliance.settings import Settings, load
from appliance.storage.binding import found
from appliance.storage.database import Database
from appliance.storage.identity import Identity, TillIdentity
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff

PIN_FROM_CARD = "pin-from-card"
"""Kind of the entry: a person's PIN was set anew by whoever had the card in hand."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument(
        "--manager",
        metavar="NAME",
        help="the first manager: asks for the PIN. A till that is set up already only gets this person, or the new PIN",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the keys, if they are missing, and the journal of a new till."""
    settings = load(arguments.settings)
    manager: str | None = vars(arguments).get("manager")
    settings.till.data.mkdir(parents=True, exist_ok=True)
    if not settings.till.keys_file.exists():
        Keyring.make(settings.till.keys_file)
    computer = Computer.of(settings.till.keys_file, settings.till.data)
    till = TillIdentity(uuid.uuid4().hex, settings.till.series, settings.money.currency)
    database = Database.open(settings.database, now=now)
    try:
        if manager is None or not Identity(database).exists():
            found(database, computer.seal, computer.hardware_id, till, now())
        else:
            till = Identity(database).get()
        if manager is not None:
            employ(database, computer, settings, manager)
    finally:
        database.close()
    print(f"This till is {till.till_id}; its receipts begin with {till.series}-000001.")
    print("For the hand-over sheet: entries of its journal are signed with the key")
    print(f"    {in_groups(computer.keyring.public_key.hex())}")
    return 0


def employ(database: Database, computer: Computer, settings: Settings, name: str) -> None:
    """Let a manager sign in; the first one gets the hand-over sheet printed."""
    people, pin_hash = Staff(database), ask_pin(settings)
    is_first = not people.people()
    known = [person for person in people.people() if person.name == name]
    with database.transaction():
        if known:
            people.set_pin(known[0].person_id, pin_hash)
            journal = Journal(database, Identity(database).get(), settings.till.name, computer.seal)
            journal.note(PIN_FROM_CARD, known[0].person_id, now(), {"name": name})
        else:
            people.add(name, Role.MANAGER, pin_hash)
        if is_first:
            queue_sheet(settings, database, computer.public_key, now())

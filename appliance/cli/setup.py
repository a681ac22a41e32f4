"""A new till: its keys, its journal, its receipt series; prints what belongs on the hand-over sheet."""

from __future__ import annotations

import argparse
import uuid

from appliance.cli import now
from appliance.machine.computer import Computer
from appliance.machine.keyring import Keyring
from appliance.settings import load
from appliance.storage.binding import found
from appliance.storage.database import Database
from appliance.storage.identity import TillIdentity


def options(_parser: argparse.ArgumentParser) -> None:
    """Nothing may be given."""


def run(arguments: argparse.Namespace) -> int:
    """Make the keys, if they are missing, and the journal of a new till."""
    settings = load(arguments.settings)
    settings.till.data.mkdir(parents=True, exist_ok=True)
    if not settings.till.keys_file.exists():
        Keyring.make(settings.till.keys_file)
    computer = Computer.of(settings.till.keys_file, settings.till.data)
    till = TillIdentity(uuid.uuid4().hex, settings.till.series, settings.money.currency)
    database = Database.open(settings.database, now=now)
    try:
        found(database, computer.seal, computer.hardware_id, till, now())
    finally:
        database.close()
    print(f"This till is {till.till_id}; its receipts begin with {till.series}-000001.")
    print("For the hand-over sheet: entries of its journal are signed with the key")
    print(f"    {in_groups(computer.keyring.public_key.hex())}")
    return 0


def in_groups(text: str, size: int = 8) -> str:
    """A long number as people compare it: "7f3a91c2 5d0e4b11 ..."."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))

"""How the till is: what waits, when the shop last answered, the devices, the versions."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from importlib import metadata
from typing import Any

from appliance.cli import now
from appliance.cli._plain import plain
from appliance.cli._safety import look_at, weigh
from appliance.cli._stuck import stuck_lines
from appliance.machine.clock import Clock
from appliance.machine.hardware import hardware_id
from appliance.machine.keyring import KEY_BYTES, Keyring, KeyringError
from appliance.settings import Settings, load
from appliance.storage.database import Database
from appliance.storage.durability import sqlite_version
from appliance.storage.emergency import file_in_use, folder_on
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.safety import HeldBack
from appliance.storage.sealed import Sealer
from appliance.till.clock import Local
from appliance.till.sold_twice import line_of
from drivers.devices import DeviceError
from drivers.survey import survey


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Say how the till is; 1 when something needs a person."""
    facts, rows = look_at_till(load(arguments.settings))
    if arguments.json:
        print(json.dumps(facts, indent=2))
    else:
        _print(facts, rows)
    return 1 if facts["needs_a_person"] else 0


def look_at_till(settings: Settings) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """All facts, and the rows of safety for a person.

    Raises:
        StorageError: the till's file cannot be read.
    """
    keys = _keys(settings)
    stick = settings.second.place
    path = file_in_use(settings.database, stick, keys.public_key.hex()) if keys else settings.database
    database = Database.open(path, now=now)
    try:
        facts = _facts(settings, database, keys)
        safety = look_at(database, Clock(), hardware_id(path.parent), settings.zone)
        on_stick = folder_on(stick, keys.public_key.hex()) if stick and keys else None
        weigh(safety, database, stick, on_stick)
    finally:
        database.close()
    facts |= {**safety.facts, "needs_a_person": facts["needs_a_person"] or safety.needs_a_person}
    facts["devices"] = _devices()
    return facts, safety.rows


def _facts(settings: Settings, database: Database, keys: Keyring | None) -> dict[str, Any]:
    shop, counts = ShopFacts(database), Outbox(database).counts()
    contact, look = shop.contact(), shop.get("needs_a_look")
    oversold = OversoldUnits(database, Sealer(keys.data_key if keys else bytes(KEY_BYTES)))
    unprinted = PrintJobs(database).open()
    problems, held = Outbox(database).problems(), HeldBack(database).count()
    stuck = [*stuck_lines(database), *([look] if look else [])]
    return {
        "till": settings.till.name,
        "series": Identity(database).get().series,
        "shop": settings.shop.url or "none",
        "shop_reachable": contact.reachable,
        "shop_last_contact": _when(contact.last_at, settings),
        "shop_problem": contact.problem,
        "waiting": counts.due,
        "parked": counts.parked,
        "sent": counts.sent,
        "held_back": {"products": held.products, "pieces": held.pieces},
        "not_printed": len(unprinted),
        "sold_twice": sold_twice_lines(oversold, lambda at: at.astimezone(settings.zone)),
        "problems": [f"{each.receipt_number}: {each.reason}" for each in problems] + stuck,
        "needs_a_person": bool(counts.parked or oversold.open() or problems or stuck),
        "version": metadata.version("gapless") if _is_installed() else "of this folder",
        "sqlite": sqlite_version(),
        "journal": str(database.path),
    }


def sold_twice_lines(oversold: OversoldUnits, local: Local) -> list[str]:
    """A line for each oversell that nobody has seen to: the product, both buyers, and when each bought it."""
    return [line_of(each, local) for each in oversold.open()]


def _print(facts: dict[str, Any], safety: list[tuple[str, str]]) -> None:
    reachable = (
        "reachable" if facts["shop_reachable"] else f"out of reach ({facts['shop_problem'] or 'never tried'})"
    )
    rows = [
        ("Till", f"{facts['till']}, receipts {facts['series']}"),
        ("Shop", f"{facts['shop']}, {reachable}"),
        ("Last contact", facts["shop_last_contact"]),
        (
            "Sales",
            f"{facts['sent']} in the shop, {facts['waiting']} waiting, {facts['parked']} need a person",
        ),
        ("Not printed", str(facts["not_printed"])),
        *_held_back(**facts["held_back"]),
        *(("Sold twice", line) for line in facts["sold_twice"]),
        *(("Look at", line) for line in facts["problems"]),
        *safety,
        *(("Device", line) for line in facts["devices"]),
        ("Versions", f"Gapless {facts['version']}, SQLite {facts['sqlite']}"),
        ("Journal", facts["journal"]),
    ]
    for name, text in rows:
        print(f"{name:<14}{plain(text)}")


def _held_back(products: int, pieces: int) -> list[tuple[str, str]]:
    """A row if anything is held back from the web."""
    what = f"{products:,} {'product' if products == 1 else 'products'} held back from the web"
    return (
        [("Safety stock", f"{what} ({pieces:,} {'piece' if pieces == 1 else 'pieces'})")] if products else []
    )


def _keys(settings: Settings) -> Keyring | None:
    """The till's keys; without them customers' names are shown as sealed, and the stick is not known."""
    try:
        return Keyring.load(settings.till.keys_file)
    except KeyringError:
        return None


def _devices() -> list[str]:
    try:
        return survey()
    except DeviceError as error:
        return [str(error)]


def _is_installed() -> bool:
    try:
        metadata.version("gapless")
    except metadata.PackageNotFoundError:
        return False
    return True


def _when(at: datetime | None, settings: Settings) -> str:
    return "never" if at is None else at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M")

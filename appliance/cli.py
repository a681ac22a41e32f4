"""``till``: how the till is, and setting one up, from a terminal.

status    what waits, when the shop last answered, the devices, the versions
setup     a new till: its journal, its receipt series
staff     who may sign in
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from appliance.domain.errors import DomainError
from appliance.domain.staff import Role
from appliance.settings import Settings, SettingsError, load
from appliance.storage.database import Database
from appliance.storage.durability import sqlite_version
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.staff import Staff
from appliance.till.signing_in import PIN_LENGTH, hash_pin
from drivers.devices import DeviceError
from drivers.survey import survey

DEFAULT_SETTINGS: Final = Path("/etc/till/till.toml")


def now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def status(settings: Settings, arguments: argparse.Namespace) -> int:
    """Say how the till is; 1 when something needs a person."""
    database = Database.open(settings.database, now=now)
    try:
        facts = _facts(settings, database)
    finally:
        database.close()
    facts["devices"] = _devices()
    if arguments.json:
        print(json.dumps(facts, indent=2))
    else:
        _print(facts)
    return 1 if facts["needs_a_person"] else 0


def _facts(settings: Settings, database: Database) -> dict[str, Any]:
    shop, counts = ShopFacts(database), Outbox(database).counts()
    contact, look = shop.contact(), shop.get("needs_a_look")
    oversold, unprinted = OversoldUnits(database).open(), PrintJobs(database).open()
    problems = Outbox(database).problems()
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
        "not_printed": len(unprinted),
        "sold_twice": [
            f"{each.product_name}: {each.receipt_number} here, order {each.order_number} of {each.customer} online"
            for each in oversold
        ],
        "problems": [f"{each.receipt_number}: {each.reason}" for each in problems] + ([look] if look else []),
        "needs_a_person": bool(counts.parked or oversold or problems or look),
        "version": metadata.version("gapless") if _is_installed() else "of this folder",
        "sqlite": sqlite_version(),
        "journal": str(settings.database),
    }


def _print(facts: dict[str, Any]) -> None:
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
        *(("Sold twice", line) for line in facts["sold_twice"]),
        *(("Look at", line) for line in facts["problems"]),
        *(("Device", line) for line in facts["devices"]),
        ("Versions", f"Gapless {facts['version']}, SQLite {facts['sqlite']}"),
        ("Journal", facts["journal"]),
    ]
    for name, text in rows:
        print(f"{name:<14}{text}")


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


def setup(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Make the journal of a new till."""
    settings.till.data.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database, now=now)
    try:
        identity = Identity(database).create(uuid.uuid4().hex, settings.till.series, settings.money.currency)
    finally:
        database.close()
    print(f"This till is {identity.till_id}; its receipts begin with {identity.series}-000001.")
    return 0


def staff(settings: Settings, arguments: argparse.Namespace) -> int:
    """List who may sign in, or add somebody; the PIN is asked for, never given on the command line."""
    database = Database.open(settings.database, now=now)
    try:
        people = Staff(database)
        if arguments.add:
            pin = _ask_pin()
            people.add(arguments.add, Role(arguments.role), hash_pin(pin))
        for person in people.people():
            print(f"{person.name:<24}{person.role}")
    finally:
        database.close()
    return 0


def _ask_pin() -> str:
    pin = getpass.getpass(f"PIN, {PIN_LENGTH} digits: ")
    if getpass.getpass("Once more: ") != pin:
        raise SettingsError("the two PINs differ")
    return pin


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="till", description="Gapless: the till from a terminal")
    parser.add_argument(
        "--settings", type=Path, default=DEFAULT_SETTINGS, help=f"default: {DEFAULT_SETTINGS}"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "status", "how the till is", status).add_argument("--json", action="store_true")
    _command(commands, "setup", "make a new till's journal", setup)
    people = _command(commands, "staff", "who may sign in", staff)
    people.add_argument("--add", metavar="NAME")
    people.add_argument("--role", choices=[role.value for role in Role], default=Role.CASHIER.value)
    arguments = parser.parse_args()
    try:
        return int(arguments.run(load(arguments.settings), arguments))
    except (SettingsError, StorageError, DomainError) as error:
        print(f"till: {error}", file=sys.stderr)
        return 2


def _command(
    commands: Any, name: str, words: str, run: Callable[[Settings, argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words)
    parser.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())

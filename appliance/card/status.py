"""How the till is, for people in its own network: name, version, shop, disk, paper, backup, clock, trouble.

Only what is chosen here is said: no sale, no amount, no name of a person, no address, no secret, and no sentence that a
person typed. It looks on only; the till's file is opened for reading.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from appliance.card.health import LOCKED
from appliance.card.records import read_record
from appliance.card.sealing import NAME
from appliance.settings import Settings
from appliance.storage.backup_files import backups_in
from appliance.storage.errors import StorageError
from appliance.storage.glance import Glance, glance

IMAGE: Final = "usr/lib/gapless/image.json"
OLD_BACKUP: Final = timedelta(days=2)
OLD_CONTACT: Final = timedelta(hours=1)
LITTLE_ROOM_MB: Final = 200
_PRINTER: Final = "07"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing: what, how it is, and whether somebody should look at it."""

    name: str
    words: str
    is_well: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """All of it.

    Attributes:
        till: its name. at: when this was found out, in the shop's time zone.
        facts: in the order of the page.
        trouble: what the till's own look after itself found; ``looked_at`` says when that was, "" for never yet.
    """

    till: str
    at: datetime
    facts: tuple[Fact, ...]
    trouble: tuple[str, ...]
    looked_at: str

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not self.trouble and all(fact.is_well for fact in self.facts)

    def to_dict(self) -> dict[str, Any]:
        """For a program: the facts by their names in small letters."""
        return {
            "till": self.till,
            "at": self.at.isoformat(timespec="seconds"),
            "well": self.is_well,
            "facts": {fact.name.lower(): {"words": fact.words, "well": fact.is_well} for fact in self.facts},
            "trouble": list(self.trouble),
            "looked_at": self.looked_at,
        }


def find_status(settings: Settings, root: Path, now: datetime) -> Status:
    """Look at everything, once.

    Args:
        settings: of the till.
        root: the card, another one than "/" in a test.
        now: UTC.
    """
    health, setup = read_record(root / "run/till/health.json"), read_record(root / "run/till/setup.json")
    local = now.astimezone(settings.zone)
    problems = [str(each) for each in health.get("problems", [])]
    found = _glance(settings, local, is_locked=LOCKED in problems)
    facts = (
        Fact("Version", _version(read_record(root / IMAGE))),
        *_of_the_file(settings, found, local),
        _paper(found, root),
        _backup(settings, local),
        _room(settings, root),
        _clock(health, local),
    )
    mistakes = len(setup.get("problems", []))
    if mistakes:
        problems.append(f"settings: {mistakes} to put right, shown on the till's screen")
    return Status(settings.till.name, local, facts, tuple(problems), _looked_at(health, settings))


def _version(image: dict[str, Any]) -> str:
    number, commit = str(image.get("version", "")), str(image.get("commit", ""))[:10]
    return f"{number} ({commit})" if commit else number or "of a desk"


def _of_the_file(settings: Settings, found: Glance | str, now: datetime) -> Iterator[Fact]:
    if isinstance(found, str):
        yield Fact("Books", found, is_well=False)
        return
    yield _shop(settings, found, now)
    waiting = f"{_counted(found.unsent, 'waits', 'wait')} for the shop" if found.unsent else "nothing"
    if found.parked:
        waiting += f", {_counted(found.parked, 'needs', 'need')} a person"
    yield Fact("Unsent", waiting, is_well=not found.parked)


def _glance(settings: Settings, now: datetime, *, is_locked: bool) -> Glance | str:
    """How the file is, or why nobody knows: on a card that has locked itself a good one looks damaged."""
    try:
        return glance(settings.database, now)
    except StorageError as error:
        if is_locked:
            return "cannot be read until the till was switched off and on"
        return str(error) if settings.database.exists() else "none yet"


def _shop(settings: Settings, found: Glance, now: datetime) -> Fact:
    if not settings.shop.url:
        return Fact("Online shop", "none")
    last = found.last_contact_at
    heard = "never yet" if last is None else f"last {_when(last.astimezone(settings.zone), now)}"
    if found.reachable:
        return Fact("Online shop", f"answers, {heard}")
    is_long = last is None or now - last > OLD_CONTACT
    return Fact("Online shop", f"out of reach, {heard}", is_well=not is_long)


def _paper(found: Glance | str, root: Path) -> Fact:
    if not _has_printer(root):
        return Fact("Receipts", "no printer is plugged in", is_well=False)
    if isinstance(found, str) or not found.unprinted:
        return Fact("Receipts", "printer plugged in, nothing waits")
    why = f": {found.unprinted_why}" if found.unprinted_why else ""
    words = f"{_counted(found.unprinted, 'paper', 'papers')} not printed{why}"
    return Fact("Receipts", words, is_well=False)


def _has_printer(root: Path) -> bool:
    """Whether anything on USB says that it is a printer."""
    for interface in (root / "sys/bus/usb/devices").glob("*/bInterfaceClass"):
        try:
            if interface.read_text("ascii").strip() == _PRINTER:
                return True
        except OSError:  # pulled while we looked
            continue
    return False


def _backup(settings: Settings, now: datetime) -> Fact:
    try:
        found = backups_in(settings.backups)
    except OSError as error:
        return Fact("Last backup", f"the folder cannot be read ({error.strerror})", is_well=False)
    if not found:
        return Fact("Last backup", "none yet")
    at = found[0].made_at
    return Fact("Last backup", _when(at.astimezone(settings.zone), now), is_well=now - at < OLD_BACKUP)


def _room(settings: Settings, root: Path) -> Fact:
    try:
        total, _, free = shutil.disk_usage(settings.till.data)
    except OSError as error:
        return Fact("Card", f"cannot be read ({error.strerror})", is_well=False)
    free_mb = free // 1_000_000
    secret = "encrypted" if _is_encrypted(root) else "not encrypted"
    words = f"{free_mb / 1000:.1f} of {total / 1e9:.1f} GB free, {secret}"
    return Fact("Card", words, is_well=free_mb >= LITTLE_ROOM_MB)


def _is_encrypted(root: Path) -> bool:
    """Whether the data partition is open as an encrypted volume; seen without any device, as this page has none."""
    names = (root / "sys/block").glob("dm-*/dm/name")
    return any(each.read_text("ascii").strip() == NAME for each in names)


def _clock(health: dict[str, Any], now: datetime) -> Fact:
    is_set = health.get("clock_is_set")
    words = {True: "set", False: "not set by a time service", None: "not looked at yet"}[is_set]
    return Fact("Clock", f"{now:%H:%M}, {words}", is_well=is_set is not False)


def _looked_at(health: dict[str, Any], settings: Settings) -> str:
    try:
        return f"{datetime.fromisoformat(str(health['at'])).astimezone(settings.zone):%H:%M}"
    except (KeyError, ValueError):
        return ""


def _when(at: datetime, now: datetime) -> str:
    """A past instant for a person who knows what day it is."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"

"""What ``till status`` says of the till's hardware, its clock, its file and its copies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from appliance.domain.hardware import HALF, UNKNOWN, Part
from appliance.domain.witness import ClockTrust
from appliance.machine.clock import DISAGREES, Clock
from appliance.storage.binding import MUST_CONFIRM, Bindings
from appliance.storage.corrections import SHOP_CLOCK, Corrections
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.risk import at_risk
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import look
from appliance.storage.wal_watch import TOO_LARGE_BYTES

BACKUP: Final = "backup"
CARD_LOST: Final = "card_lost"
STICK_ASIDE: Final = "stick_aside"
"""Facts: the last backup; what the card lost and the stick brought back; what was found on a stick alone."""

_TRUST: Final = {
    ClockTrust.SYNCED: "right",
    ClockTrust.RESTORED: "not checked since the start; it may be behind",
    ClockTrust.UNSET: "NOT SET; receipts say so",
}


@dataclass(slots=True)
class Safety:
    """Facts for ``--json``, rows for a person, and whether a person is needed."""

    facts: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)
    needs_a_person: bool = False


def look_at(database: Database, clock: Clock, hardware_id: str, zone: Any) -> Safety:
    """Everything; nothing is written."""
    found, facts = Safety(), ShopFacts(database)
    _hardware(found, database, facts, hardware_id, zone)
    _clock(found, database, facts, clock, zone)
    _copies(found, facts)
    size = database.wal_bytes()
    found.facts["wal_bytes"] = size
    if size > TOO_LARGE_BYTES:
        found.needs_a_person = True
        found.rows.append(("Look at", f"a program holds the journal open: its log has {size >> 20} MB"))
    return found


def _hardware(found: Safety, database: Database, facts: ShopFacts, hardware_id: str, zone: Any) -> None:
    bindings = Bindings(database)
    bound, moved = bindings.last(), bindings.moved(hardware_id)
    why = str(moved) if moved else facts.get(MUST_CONFIRM)
    found.facts |= {
        "hardware": hardware_id,
        "bound_hardware": bound.hardware_id if bound else None,
        "bound_at": _when(bound.bound_at, zone) if bound else None,
        "moved": why,
    }
    if bound is None:
        found.rows.append(("Hardware", "not bound yet; the till does so when it starts"))
        return
    series = f"{bound.series} bound since {_when(bound.bound_at, zone)}"
    if why is None:
        found.rows.append(("Hardware", f"{_short(hardware_id)}; {series}"))
        return
    found.needs_a_person = True
    found.rows.append(("Hardware", f"{_short(hardware_id)}; {series} to {_short(bound.hardware_id)}"))
    found.rows.append(("Moved", f"{why}. Nothing is uploaded until a person confirms on the till's screen"))


def _short(fingerprint: str) -> str:
    halves = zip(Part, (fingerprint[:HALF], fingerprint[HALF:]), strict=True)
    return ", ".join(f"{part} {'unknown' if half == UNKNOWN else half[:8]}" for part, half in halves)


def _clock(found: Safety, database: Database, facts: ShopFacts, clock: Clock, zone: Any) -> None:
    clock.hear(facts.get(SHOP_CLOCK))
    trust, off = clock.witness().trust, clock.shop_says_off()
    journal = Journal(database, Identity(database).get())
    corrections = Corrections(database, journal, clock.now, clock.witness)
    last, newest = corrections.last(), corrections.newest_entry_at()
    if newest is not None and newest > clock.now():
        trust = ClockTrust.UNSET
    seconds = None if off is None else round(off.total_seconds())
    found.facts |= {
        "clock": str(trust),
        "clock_off_seconds": seconds,
        "clock_corrected_at": _when(last.wall, zone) if last else None,
        "clock_corrected_by_seconds": last.offset_seconds if last else None,
    }
    words = f"{_when(clock.now(), zone)}, {_TRUST[trust]}"
    if off is not None and abs(off) > DISAGREES:
        words += f"; the shop's clock differs by {seconds} s"
    found.rows.append(("Clock", words))
    if last is not None:
        found.rows.append(("Corrected", f"{_when(last.wall, zone)}, by {last.offset_seconds} s"))
    found.needs_a_person |= trust is ClockTrust.UNSET


def _copies(found: Safety, facts: ShopFacts) -> None:
    backup, lost, aside = _read(facts.get(BACKUP)), facts.get(CARD_LOST), facts.get(STICK_ASIDE)
    found.facts |= {"backup": backup, "card_lost": lost, "stick_aside": aside}
    if backup is None:
        found.rows.append(("Backup", "none yet"))
    else:
        found.rows.append(("Backup", str(backup.get("words", ""))))
        found.needs_a_person |= not backup.get("ok", False)
    for name, words in (("Card", lost), ("Stick", aside)):
        if words is not None:
            found.needs_a_person = True
            found.rows.append((name, words))


def weigh(found: Safety, database: Database, stick: Path | None, folder: Path | None) -> None:
    """What is on the card alone; ``folder`` is the till's on the stick, None if it is not there."""
    head = None if folder is None else look(RealDisk(), folder)
    risk = at_risk(database, head)
    found.facts |= {
        "stick": None if stick is None else str(stick),
        "stick_entries": None if head is None else head.seq,
        "at_risk_entries": risk.entries,
        "at_risk_receipts": list(risk.receipts),
    }
    if stick is None:
        words = "none in the settings"
    elif head is None:
        words, found.needs_a_person = f"not in {stick}", True
    else:
        words = f"{head.seq} entries in {folder}"
    found.rows.append(("Stick", words))
    found.rows.append(("At risk", risk.sentence))


def _read(text: str | None) -> dict[str, Any] | None:
    try:
        found = json.loads(text or "")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _when(at: datetime, zone: Any) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

"""Which hardware each receipt series belongs to, and whether this is still that hardware.

A card can be copied, and a backup of yesterday restored: then two tills would print the same receipt numbers, and
tell the shop one sale twice. So a till's id and series are bound to its hardware by an entry of the journal
("bound"). Where the hardware is another, or the shop knows more than this journal, the till has moved: it uploads
nothing until a person confirms, and then goes on as another till, with a new id and the next series (T1, T1B, T1C ...).

Two copies of one card that never met the shop in between may both choose T1B. Their ids differ, so no sale is told
twice; the shop's head of T1B then is not in one of the two journals, and that one moves on.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final

import apsw

from appliance.domain.hardware import Part, changed_parts
from appliance.domain.witness import Seal
from appliance.storage.codec import canonical
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity, TillIdentity
from appliance.storage.inheriting import inherit_unsent
from appliance.storage.instants import to_instant
from appliance.storage.journal import Journal

BOUND: Final = "bound"
SHOP_HEAD: Final = "shop_head"
"""Fact: the highest entry of this till that the shop holds, {"hash": hex, "receipt": "T1-000123", "seq": 41}."""
SHOP_SERIES: Final = "shop_series"
"""Fact, may be missing: series that the shop has seen from any till, ["T1", "T2"]."""
MUST_CONFIRM: Final = "must_confirm"
"""Fact: why nothing is uploaded until a person has confirmed; missing while all is well."""
RESTORED: Final = "restored"
"""Fact: the file was made anew from a stick. The card before may have printed numbers that nobody else knows."""
LONGEST_SERIES: Final = 8
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWYZ"
"""Without X: a till that sells from the stick has its series with an X behind it."""


class Why(enum.StrEnum):
    """Why this is not the till that the series belongs to."""

    OTHER_COMPUTER = "other computer"
    OTHER_CARD = "other card"
    OTHER_BOTH = "other computer and card"
    SHOP_KNOWS_MORE = "the shop knows more"
    RESTORED = "restored"


_BY_PARTS: Final[Mapping[tuple[Part, ...], Why]] = {
    (Part.COMPUTER,): Why.OTHER_COMPUTER,
    (Part.CARD,): Why.OTHER_CARD,
    (Part.COMPUTER, Part.CARD): Why.OTHER_BOTH,
}


@dataclass(frozen=True, slots=True)
class Binding:
    """One row: from this entry of the journal on, this id and series belong to that hardware."""

    seq: int
    till_id: str
    series: str
    hardware_id: str
    bound_at: datetime


def found(db: Database, seal: Seal, hardware_id: str, identity: TillIdentity, at: datetime) -> TillIdentity:
    """Set up a new till, in one transaction: who it is, the key that signs its journal, and its hardware.

    Raises:
        IdentityError: the file is a till's already.
    """
    with db.transaction():
        made = Identity(db).create(*identity)
        Bindings(db).begin(Journal(db, made, seal=seal), hardware_id, at)
    return made


def keep_binding(connection: apsw.Connection, seq: int, at: str, body: Mapping[str, Any]) -> None:
    """Add the row of a "bound" entry: when it is written, and when a journal is rebuilt."""
    connection.execute(
        "INSERT INTO binding (seq, till_id, series, hardware_id, bound_at) VALUES (?, ?, ?, ?, ?)",
        (seq, body["till_id"], body["series"], body["hardware_id"], at),
    )


class Bindings:
    """What the till was and is bound to."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db, self._facts = db, ShopFacts(db)

    def last(self) -> Binding | None:
        """What the till is bound to; None for a till of the first version that has not been started since."""
        row = self._db.one(
            "SELECT seq, till_id, series, hardware_id, bound_at FROM binding ORDER BY seq DESC LIMIT 1"
        )
        if row is None:
            return None
        seq, till_id, series, hardware_id, bound_at = row
        return Binding(seq, till_id, series, hardware_id, to_instant(bound_at))

    def begin(self, journal: Journal, hardware_id: str, at: datetime) -> None:
        """Each program says so when it starts: names a key that is new, and binds a till that never was, silently."""
        with self._db.transaction():
            journal.introduce_key(at)
            if self.last() is None:
                till = Identity(self._db).get()
                self._bind(journal, till, hardware_id, at, 0, {})

    def moved(self, hardware_id: str) -> Why | None:
        """Why this is not the till that it was bound as; None while it is. Costs less than 0.1 ms."""
        bound = self.last()
        if bound is None:
            return None
        if self._facts.get(RESTORED) is not None:
            return Why.RESTORED  # on other hardware too: whoever stands there has just put the stick in
        parts = changed_parts(bound.hardware_id, hardware_id)
        if parts:
            return _BY_PARTS[parts]
        return Why.SHOP_KNOWS_MORE if self._shop_knows_more(bound.series) else None

    def may_upload(self, hardware_id: str) -> bool:
        """Whether the shop may be told anything. The sync service asks each time, should the kiosk not run."""
        return self.moved(hardware_id) is None and self._facts.get(MUST_CONFIRM) is None

    def rebind(
        self, journal: Journal, hardware_id: str, at: datetime, who: tuple[int, str], till_id: str
    ) -> TillIdentity:
        """Go on as another till, in one transaction: new id, next series; what is unsent becomes inherited.

        Args:
            journal: writes under the new series from then on.
            hardware_id: of this computer and card.
            at: now.
            who: number and name of the person who confirmed.
            till_id: the new one, 32 hexadecimal digits.
        """
        with self._db.transaction() as connection:
            old, was = Identity(self._db).get(), self.last()
            why = self.moved(hardware_id) or self._facts.get(MUST_CONFIRM) or ""
            new = TillIdentity(till_id, self.next_series(), old.currency)
            before = {
                "hardware_id": was.hardware_id if was else "",
                "series": old.series,
                "till_id": old.till_id,
            }
            self._bind(journal, new, hardware_id, at, who[0], {"by": who[1], "was": before, "why": str(why)})
            inherit_unsent(connection)
            self._facts.set(MUST_CONFIRM, None)
            self._facts.set(SHOP_HEAD, None)
            self._facts.set(RESTORED, None)
        journal.series = new.series
        return new

    def next_series(self) -> str:
        """The first series after the till's first one that nobody is known to have used."""
        row = self._db.one("SELECT series FROM identity")
        base, used = str(row[0]) if row else "T", self._used()
        names = (base[: LONGEST_SERIES - len(letters)] + letters for letters in _suffixes())
        return next(name for name in names if name not in used)

    def _bind(
        self,
        journal: Journal,
        till: TillIdentity,
        hardware_id: str,
        at: datetime,
        person_id: int,
        more: Mapping[str, Any],
    ) -> None:
        body = {"hardware_id": hardware_id, "series": till.series, "till_id": till.till_id, **more}
        with self._db.transaction() as connection:
            stamp = journal.stamp(connection, at, BOUND)
            link = stamp.append(connection, BOUND, person_id, canonical(body))
            keep_binding(connection, link.seq, link.at, body)

    def _shop_knows_more(self, series: str) -> bool:
        head = _fact(self._facts.get(SHOP_HEAD))
        if not isinstance(head, dict) or str(head.get("receipt", "")).rpartition("-")[0] != series:
            return False  # of a series that was given up: already answered
        row = self._db.one("SELECT hex(hash) FROM journal WHERE seq = ?", (head.get("seq"),))
        return row is None or row[0] != str(head.get("hash", "")).upper()

    def _used(self) -> set[str]:
        head, known = _fact(self._facts.get(SHOP_HEAD)), _fact(self._facts.get(SHOP_SERIES))
        used = set(Identity(self._db).every_series())
        if isinstance(head, dict):
            used.add(str(head.get("receipt", "")).rpartition("-")[0])
        return used | {str(name) for name in known} if isinstance(known, list) else used


def _fact(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return None


def _suffixes() -> Iterator[str]:
    """B, C ... Z, AA, AB ..., as a spreadsheet counts; the first series itself is the A."""
    for number in count(2):
        letters, rest = "", number
        while rest:
            rest, place = divmod(rest - 1, len(_LETTERS))
            letters = _LETTERS[place] + letters
        yield letters

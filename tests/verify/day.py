"""A journal of every kind of entry, written by the real storage: two keys, two series, version 1 at its beginning."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from appliance import verify
from appliance.domain.money import currency
from appliance.domain.refund import Refundable
from appliance.domain.refund_planning import of_sale
from appliance.domain.staff import Person
from appliance.domain.tender import Payment, TenderKind
from appliance.storage import chain
from appliance.storage.binding import Bindings
from appliance.storage.cashing_up import CashingUp
from appliance.storage.database import Database
from appliance.storage.export import Export
from appliance.storage.identity import TillIdentity
from appliance.storage.journal import Journal
from appliance.storage.refunds import Refunds
from tests.storage.samples import NOON, TILL_ID, fresh_till, line_of, product, sale, seal, ticking

VERIFIER = Path(verify.__file__)


@dataclass
class Bench:
    """A till's journal, with what is needed to go on writing it."""

    db: Database
    identity: TillIdentity
    person: Person

    def __post_init__(self) -> None:
        self.now = ticking(step=timedelta(minutes=97))
        self.use_key(1)

    def use_key(self, number: int) -> None:
        self.journal = Journal(self.db, self.identity, "Till at the door", seal(number))
        self.refunds, self.cash = Refunds(self.db, self.journal), CashingUp(self.db, self.journal)

    def sell(self, number: int, *, by_card: bool = False) -> None:
        made = sale(number, 1 + number % 3, self.now())
        if number % 11 == 0:
            made = made.add(replace(line_of(product(900)), name='=2+3 "Crème brûlée" \u2028 日本 \U0001f370'))
        payment = Payment(made.total_minor)
        paid = (
            payment.card(made.total_minor, f"slip {number}")
            if by_card
            else payment.cash(made.total_minor + 55)
        )
        recorded = self.journal.record(made, paid, self.person, self.now())
        if number % 9 == 0:
            back = of_sale(f"{number + 10**6:032x}", Refundable(recorded.completed, {}), {1: 1})
            self.refunds.record(back, TenderKind.CASH, "Faulty", self.person, self.now())

    def write_day(self, day: int) -> None:
        person, now = self.person, self.now
        self.cash.float(10_000, "", person, now())
        for each in range(12):
            self.sell(day * 100 + each, by_card=each % 4 == 0)
        self.journal.note("no-sale", person.person_id, now())
        self.journal.void_sale(sale(day * 100 + 50, 2), person.person_id, now())
        self.journal.note("held", person.person_id, now(), {"note": "blue coat", "sale_id": f"{day:032x}"})
        self.journal.note("recalled", person.person_id, now(), {"sale_id": f"{day:032x}"})
        self.journal.note("approved", person.person_id, now(), {"by": 1, "what": "no-sale", "why": "change"})
        self.cash.paid_in(500, "found", person, now())
        self.cash.paid_out(700, "window cleaner", person, now(), {"by": 1})
        self.cash.close_day(person, now())


def make_bench(path: Path, days: int = 18) -> Bench:
    """A till that began with version 1, got a key, sold for days, moved to other hardware and a new key."""
    db, identity, person = fresh_till(path)
    with db.transaction() as connection:
        for _ in range(6):
            chain.replay(connection, _old_entry(chain.head(connection), person))
    bench = Bench(db, identity, person)
    Bindings(db).begin(bench.journal, "a" * 64, bench.now())
    for day in range(days // 2):
        bench.write_day(day)
    bench.journal.note("clock-corrected", 0, bench.now() - timedelta(days=2), {"by": "network"})
    bench.use_key(2)
    Bindings(db).begin(bench.journal, "a" * 64, bench.now())
    new_id = TILL_ID[::-1]
    Bindings(db).rebind(bench.journal, "b" * 64, bench.now(), (person.person_id, "Mara"), new_id)
    for day in range(days // 2, days):
        bench.write_day(day)
    return bench


def export(bench: Bench, folder: Path) -> Path:
    """An export of it, as the command makes it."""
    Export(bench.db, currency("EUR"), ZoneInfo("Europe/Dublin"), VERIFIER).write(folder)
    return folder


def rehashed(line: bytes, previous: str | None = None, **changes: Any) -> bytes:
    """A line with its entry changed and hashed again, as one without the key can; the old signature stays."""
    outer = json.loads(line)
    outer["previous"] = previous or outer["previous"]
    outer["entry"].update(changes)
    text = verify.canonical(outer["entry"]).encode()
    outer["hash"] = hashlib.sha256(bytes.fromhex(outer["previous"]) + text).hexdigest()
    return (verify.canonical(outer) + "\n").encode()


def resigned(original: list[bytes], first: int, key: int, **changes: Any) -> bytes:
    """The journal from an entry on, which is changed, written anew by one who has a key."""
    lines, previous = list(original[: first - 1]), json.loads(original[first - 1])["previous"]
    for number, line in enumerate(original[first - 1 :], first):
        body = json.loads(line)["entry"]["body"]
        again = {"body": body | {"head_hash": previous}} if "head_hash" in body else {}
        outer = json.loads(rehashed(line, previous, **(changes if number == first else again)))
        previous = outer["hash"]
        outer["signature"] = seal(key).sign(bytes.fromhex(previous)).hex()
        lines.append((verify.canonical(outer) + "\n").encode())
    return b"".join(lines)


def _old_entry(before: chain.Link, person: Person) -> chain.Entry:
    at = f"2026-11-20T08:00:{before.seq:02d}.000000Z"
    made = chain.Entry(
        before.seq + 1, "sign-in", at, person.person_id, '{"name":"Mara"}', "", 0, "", before.hash, b"", None
    )
    return replace(made, hash=made.right_hash)


__all__ = ["NOON", "Bench", "export", "make_bench", "rehashed", "resigned"]

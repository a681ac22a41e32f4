"""A cashier who sells in a loop, as a program: ``python seller.py FILE [SECONDS]``.

After each commit it says so on its standard output: ``draft ID LINES`` and ``sold NUMBER ID TOTAL MILLISECONDS``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.sale import Sale
from appliance.domain.staff import Person, Role
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from tests.storage.samples import NOON, paid, sale, seal, ticking

PERSON = Person(1, "Mara", Role.CASHIER)


def sales_to_make(db: Database, drafts: Drafts) -> Iterator[tuple[Sale, int]]:
    """Sales with the lines that they have already: first the draft that a crash left, then new ones."""
    (made,) = db.rows("SELECT count(*) FROM sale")[0]
    draft = drafts.load()
    first = made
    if draft is not None:
        yield sale(int(draft.sale.sale_id, 16)), len(draft.sale.lines)
        first = made + 1
    for number in count(first):
        yield sale(number), 0


def main(path: str, seconds: float = 3600.0) -> None:
    """Sell until killed or until the time is over."""
    with Database.open(path, now=ticking()) as db:
        journal, drafts = Journal(db, Identity(db).get(), seal=seal()), Drafts(db)
        until = time.monotonic() + seconds
        for whole, scanned in sales_to_make(db, drafts):
            for lines in range(scanned + 1, len(whole.lines) + 1):
                part = Sale(whole.sale_id, whole.opened_at, whole.tax, whole.lines[:lines], (), lines + 1)
                drafts.keep(part, None)
                print("draft", whole.sale_id, lines, flush=True)
            payment = paid(whole)
            start = time.perf_counter()
            recorded = journal.record(whole, payment, PERSON, NOON)
            took = (time.perf_counter() - start) * 1000
            number = recorded.completed.receipt_number
            print("sold", number, whole.sale_id, whole.total_minor, f"{took:.3f}", flush=True)
            if time.monotonic() > until:
                return


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))

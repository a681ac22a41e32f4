"""A sync service in the middle of a catalogue, as a program: ``python applying.py FILE SECONDS PRODUCTS FIRST``.

It applies pages of 100 products as a download does, from number FIRST on and round again with new prices, and tells
the shop of a sale now and then: four marks, each after the 20 ms that a quick shop takes to answer. It ends by saying
``applied PRODUCTS SECONDS``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.outbox import Outbox
from tests.storage.samples import NOON, products

PAGE = 100
ANSWER_SECONDS = 0.02


def now() -> datetime:
    """The wall clock: another price in each second."""
    return datetime.now(UTC)


def page(first: int) -> tuple[Product, ...]:
    """Products at a price that is new."""
    change = int(time.time()) % 1000
    return tuple(replace(each, price_minor=each.price_minor + change) for each in products(PAGE, first))


def tell(outbox: Outbox, order_id: int) -> int:
    """Mark one sale as sent, if one is due; returns the next order's number."""
    for entry in outbox.due(NOON, 1):
        steps: tuple[Callable[[], object], ...] = (
            partial(outbox.note_posted, entry.sale_id, NOON),
            partial(outbox.remember, entry.sale_id, order_id),
            partial(outbox.note_committing, entry.sale_id, NOON),
            partial(outbox.mark_sent, entry.sale_id, NOON),
        )
        for step in steps:
            time.sleep(ANSWER_SECONDS)
            step()
        order_id += 1
    return order_id


def main(path: str, seconds: float, how_many: int, first: int) -> None:
    """Apply and tell until the time is over."""
    with Database.open(path, now=now) as db:
        catalogue, outbox = Catalogue(db, now), Outbox(db)
        began, applied, order_id = time.monotonic(), 0, first
        print("ready", flush=True)
        while time.monotonic() < began + seconds:
            start = 1 + (first + applied) % how_many
            catalogue.apply(CatalogueChanges(page(start), read_at=now()), sleep=time.sleep)
            applied += PAGE
            order_id = tell(outbox, order_id)
        print("applied", applied, round(time.monotonic() - began, 3), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

"""A sync service that never rests, as a program: ``python syncing.py FILE SECONDS PRODUCTS``.

It applies the whole catalogue again and again, reads counts, marks sales as sent. At its end it folds
the log in and says ``applied PRODUCTS sent SALES``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.catalogue import CatalogueChanges
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.outbox import Outbox
from tests.storage.samples import NOON, products, ticking

PAGE = 100


def main(path: str, seconds: float, how_many: int) -> None:
    """Apply and mark until the time is over."""
    with Database.open(path, now=ticking()) as db:
        catalogue, outbox = Catalogue(db, ticking()), Outbox(db)
        until = time.monotonic() + seconds
        applied = sent = 0
        print("ready", flush=True)
        while time.monotonic() < until:
            first = 1 + applied % how_many
            catalogue.apply(CatalogueChanges(products(PAGE, first)), sleep=time.sleep)
            catalogue.set_stock(
                dict.fromkeys(range(first, first + PAGE), applied % 90), NOON, sleep=time.sleep
            )
            applied += PAGE
            for entry in outbox.due(NOON, 20):
                sent += 1
                outbox.note_posted(entry.sale_id, NOON)
                outbox.remember(entry.sale_id, sent)
                outbox.note_committing(entry.sale_id, NOON)
                outbox.mark_sent(entry.sale_id, NOON)
            time.sleep(0.005)
        db.checkpoint()
        print("applied", applied, "sent", sent, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))

"""The till's own speed while 100,000 sales wait for the shop, and on the same file when all are told, in one run.

The same sales and the same size of file, so that only the queue differs. A bare commit of one row is measured between,
to tell a disk that others used.

- scan: ``Selling.scan``, until the line is on the disk; of any product, and of one of the ten that sell best;
- pay: from the amount due to the sale on the disk;
- header and page: what the screen asks of what waits, each second and when it is shown.

Every sale in the file has three lines: one of all 2,000 products, two of the ten.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.domain.sale import Sale
from tests.bench.bench_sale import commit_bytes, connect
from tests.bench.measuring import Figure, figure, milliseconds, options, report
from tests.bench.scanning_till import ean
from tests.screens.till import Till
from tests.storage.samples import line_of, paid, product

QUEUED = 100_000
AT_ONCE = 1_000
PRODUCTS = 2_000
BEST_SELLERS = 10
LINES = 3
TARGET = 1.1


@dataclass
class Times:
    """Milliseconds of one state."""

    scan: list[float] = field(default_factory=list)
    best: list[float] = field(default_factory=list)
    pay: list[float] = field(default_factory=list)
    header: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)


def stocked(path: Path, goods: Sequence[Product]) -> Till:
    """A till with goods, and somebody who sells."""
    till = Till(path)
    till.catalogue.apply(CatalogueChanges(tuple(goods), read_at=till.clock()))
    till.sign_in()
    return till


def fill(till: Till, sales: int, goods: Sequence[Product]) -> None:
    """Queue sales as the till writes them, many in a transaction."""
    chance, rules, person = random.Random(1), till.catalogue.tax_rules(), till.person()
    for first in range(0, sales, AT_ONCE):
        with till.db.transaction():
            for number in range(first, min(first + AT_ONCE, sales)):
                sale = Sale(f"{number + 1:016x}" + "f" * 16, till.clock(), rules)
                for chosen in (chance.choice(goods), *chance.sample(goods[:BEST_SELLERS], LINES - 1)):
                    sale = sale.add(line_of(chosen))
                till.journal.record(sale, paid(sale), person, till.clock(), print_receipt=False)
    till.db.checkpoint()


def tell(till: Till) -> None:
    """The shop has them all."""
    for first in range(0, QUEUED * 2, AT_ONCE):
        due = till.outbox.due(till.clock(), AT_ONCE)
        if not due:
            break
        with till.db.transaction():
            for number, entry in enumerate(due, first + 1):
                till.outbox.adopt_sent(entry.sale_id, number, till.clock())
    till.db.checkpoint()


def sell(till: Till, times: Times, chance: random.Random, goods: Sequence[Product]) -> None:
    """One sale by hand, each step by the clock."""
    selling, tendering = till.counter.selling, till.counter.tendering
    for chosen in chance.sample(goods[BEST_SELLERS:], LINES - 1):
        times.scan.append(milliseconds(lambda number=chosen.product_id: selling.scan(ean(number))))  # type: ignore[misc]
    best = chance.choice(goods[:BEST_SELLERS])
    times.best.append(milliseconds(lambda: selling.scan(ean(best.product_id))))
    due = tendering.begin().total_minor
    times.pay.append(milliseconds(lambda: tendering.take_cash(due)))
    for job in till.printing.unprinted():
        till.printing.dismiss(job.job_id)


def measure(folder: Path, rounds: int, queued: int) -> dict[str, Times]:
    """Sell ``rounds`` times with all waiting, and again with none."""
    goods = [product(number, gtin=f"0{ean(number)}") for number in range(1, PRODUCTS + 1)]
    till, floor = stocked(folder / "till.db", goods), connect(folder / "floor.db")
    floor.execute("CREATE TABLE bytes (number INTEGER PRIMARY KEY, body BLOB)")
    fill(till, queued, goods)
    times = {"all": Times(), "none": Times()}
    for name, each in times.items():
        if name == "none":
            tell(till)
        chance = random.Random(3)
        for number in range(rounds):
            each.floor.append(milliseconds(lambda: commit_bytes(floor, bytes(1_000))))
            sell(till, each, chance, goods)
            each.header.append(milliseconds(till.counter.waiting.header))
            if number % 10 == 0:
                each.page.append(milliseconds(till.counter.waiting.view))
    till.close()
    floor.close()
    return times


def main(arguments: Sequence[str] | None = None, queued: int = QUEUED) -> dict[str, Times]:
    """Measure and print."""
    chosen = options("The till's own speed while many sales wait.", 300, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        times = measure(Path(folder), chosen.rounds, queued)
    words = {
        "scan": "scan",
        "best": "scan of a best seller",
        "pay": "pay, on the disk",
        "header": "header",
        "page": "page of what waits",
        "floor": "floor: a bare commit",
    }
    figures: list[Figure] = []
    facts: dict[str, float | str] = {}
    for name, said in words.items():
        none, many = (
            figure(f"{said}, {count} wait", getattr(times[which], name))
            for which, count in (("none", "none"), ("all", f"{queued:,}"))
        )
        figures += [none, many]
        facts[f"p50: {said}, many / none"] = round(many.p50_ms / none.p50_ms, 2)
    facts["target: scan and pay"] = TARGET
    report(f"With {queued:,} sales waiting", figures, facts, chosen.json)
    return times


if __name__ == "__main__":
    main()

"""Search at 10,000 and 100,000 products, as a cashier types: every beginning, from the second letter, of real texts.

Also a scan and a number typed by hand, for they read the same tables. Each search is for another text, and the
connection's page cache is the till's own.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.catalogue import CatalogueChanges, Category
from appliance.storage.catalogue import Catalogue
from tests.bench.measuring import Figure, figure, milliseconds, options, report
from tests.storage.samples import fresh_till, product, products, ticking

SIZES = (10_000, 100_000)
TARGET_P95_MS = 50.0


def texts(chance: random.Random, count: int, size: int) -> list[str]:
    """What a cashier types, one finger at a time: names, two words, part numbers."""
    typed: list[str] = []
    while len(typed) < count:
        name = product(chance.randrange(1, size)).name.lower()
        first, second, *_ = name.split()
        whole = chance.choice((name, first, f"{second} {first}", f"sku-{chance.randrange(size):06d}", "tea"))
        typed += [whole[:length] for length in range(2, min(len(whole), 14) + 1)]
    return typed[:count]


def measure(folder: Path, size: int, rounds: int) -> list[Figure]:
    """Fill a till with products and search it."""
    db, _, _ = fresh_till(folder / f"{size}.db")
    catalogue, chance = Catalogue(db, ticking()), random.Random(size)
    catalogue.set_categories([Category(number, f"Category {number}") for number in range(1, 13)])
    catalogue.apply(CatalogueChanges(products(size)))
    db.checkpoint()
    typed = texts(chance, rounds, size)
    searches = [milliseconds(partial(catalogue.search, text)) for text in typed]
    short = [took for took, text in zip(searches, typed, strict=True) if len(text) == 2]
    codes = [product(chance.randrange(1, size)).gtin or "" for _ in range(rounds)]
    scans = [milliseconds(partial(catalogue.find_barcode, code, code)) for code in codes]
    numbers = [milliseconds(partial(catalogue.find_number, chance.randrange(1, size))) for _ in range(rounds)]
    db.close()
    return [
        figure(f"search, {size:,} products", searches),
        figure(f"search, two letters, {size:,} products", short),
        figure(f"scan, {size:,} products", scans),
        figure(f"number typed, {size:,} products", numbers),
    ]


def main(arguments: Sequence[str] | None = None, sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Measure and print."""
    chosen = options("Search, scan and number at 10,000 and 100,000 products.", 2000, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        figures = [each for size in sizes for each in measure(Path(folder), size, chosen.rounds)]
    worst = max(each.p95_ms for each in figures if each.name.startswith("search"))
    facts: dict[str, float | str] = {"worst p95 of a search, ms": worst, "target, ms": TARGET_P95_MS}
    report("Finding products", figures, facts, chosen.json)
    return figures


if __name__ == "__main__":
    main()

"""Catalogue import per 1,000 products into an empty and a full catalogue, and sales meanwhile.

The floor is a bare insert of the same products: one table with the same columns and its key, one transaction for each
1,000, the till's pragmas. The till writes five indexes, the words for search, categories and counts as well, in small
transactions. Its pauses between them are left out here, and reported.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.storage.catalogue import Catalogue
from appliance.storage.product_rows import to_row
from tests.bench.bench_sale import connect
from tests.bench.measuring import Figure, figure, milliseconds, options, report
from tests.storage.samples import fresh_till, products, ticking

THOUSAND = 1000
PROGRAMS = Path(__file__).resolve().parents[1] / "storage"


class Bare:
    """The same products in one table with nothing but its key."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path)
        columns = ", ".join(f"c{number}" for number in range(1, len(to_row(products(1)[0]))))
        self.connection.execute(f"CREATE TABLE product (c0 INTEGER PRIMARY KEY, {columns})")

    def write(self, rows: Sequence[Product]) -> None:
        """Insert or replace products in one transaction."""
        values = [to_row(each) for each in rows]
        self.connection.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * len(values[0]))
        self.connection.executemany(f"INSERT OR REPLACE INTO product VALUES ({marks})", values)
        self.connection.execute("COMMIT")


def sales_meanwhile(name: str, folder: Path, seconds: float, *, applying: bool) -> Figure:
    """Sell in one process while another applies a catalogue and marks sales as sent."""
    path = folder / f"meanwhile-{applying}.db"
    fresh_till(path)[0].close()
    helper = [sys.executable, str(PROGRAMS / "syncing.py"), str(path), str(seconds + 1), "100000"]
    syncing = subprocess.Popen(helper, stdout=subprocess.PIPE, text=True) if applying else None
    if syncing is not None and syncing.stdout is not None:
        syncing.stdout.readline()
    selling = [sys.executable, str(PROGRAMS / "seller.py"), str(path), str(seconds)]
    said = subprocess.run(selling, capture_output=True, text=True, check=True).stdout
    if syncing is not None:
        syncing.communicate()
    return figure(name, [float(line.split()[4]) for line in said.splitlines() if line.startswith("sold")])


def measure(folder: Path, thousands: int, seconds: float) -> tuple[list[Figure], float]:
    """Import so many thousand products, twice; return the figures and the pause per 1,000."""
    db, _, _ = fresh_till(folder / "till.db")
    catalogue, bare = Catalogue(db, ticking()), Bare(folder / "bare.db")
    pauses: list[float] = []
    figures = []
    for name, change in (("new", 0), ("again, nothing changed", 0), ("again, new price", 1)):
        till_ms, bare_ms = [], []
        for number in range(thousands):
            page = products(THOUSAND, 1 + number * THOUSAND)
            page = tuple(replace(each, price_minor=each.price_minor + change) for each in page)
            apply = partial(catalogue.apply, CatalogueChanges(page), sleep=pauses.append)
            till_ms.append(milliseconds(apply))
            bare_ms.append(milliseconds(partial(bare.write, page)))
        figures += [figure(f"1,000 products, {name}", till_ms), figure(f"bare insert, {name}", bare_ms)]
    counts = dict.fromkeys(range(1, THOUSAND + 1), 7)
    start = time.perf_counter()
    catalogue.set_stock(counts, db.now(), sleep=pauses.append)
    figures.append(figure("1,000 counts that changed", [(time.perf_counter() - start) * 1000]))
    db.close()
    figures += [
        sales_meanwhile("5-line sale, quiet", folder, seconds, applying=False),
        sales_meanwhile("5-line sale, catalogue being applied", folder, seconds, applying=True),
    ]
    return figures, sum(pauses) * 1000 / (3 * thousands + 1)


def main(arguments: Sequence[str] | None = None, seconds: float = 6.0) -> list[Figure]:
    """Measure and print."""
    chosen = options("Catalogue import per 1,000 products.", 30, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        figures, pause_ms = measure(Path(folder), chosen.rounds, seconds)
    facts: dict[str, float | str] = {
        "p50: till / bare insert": round(figures[0].p50_ms / figures[1].p50_ms, 2),
        "p99 of a sale: applying / quiet": round(figures[-1].p99_ms / figures[-2].p99_ms, 2),
        "pauses per 1,000 products, ms": round(pause_ms, 1),
    }
    report("Importing the catalogue", figures, facts, chosen.json)
    return figures


if __name__ == "__main__":
    main()

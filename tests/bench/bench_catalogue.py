"""Catalogue import per 1,000 products into an empty and a full catalogue, and sales meanwhile.

The floor is a bare insert of the same products: one table with the same columns and its key, one transaction for each
1,000, the till's pragmas. The till writes five indexes, the words for search, categories and counts as well, in small
transactions. Its pauses between them are left out here, and reported.

Sales meanwhile: one process sells without a break on a file that holds 100,000 products; for as long again another
(``applying.py``) writes new prices to them, page after page, and tells the shop of sales. Both in turns, in one run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.storage.catalogue import Catalogue
from appliance.storage.product_rows import to_row
from tests.bench.bench_sale import connect
from tests.bench.measuring import Figure, figure, milliseconds, options, report
from tests.storage.samples import fresh_till, products, ticking

THOUSAND, PAGE = 1000, 100
CATALOGUE = 100_000
APPLYING = Path(__file__).with_name("applying.py")
SELLER = Path(__file__).resolve().parents[1] / "storage" / "seller.py"


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


@dataclass
class Meanwhile:
    """Sales in one process, while another is quiet or applies a catalogue, in turns on one file that holds it."""

    path: Path
    quiet_ms: list[float] = field(default_factory=list)
    applying_ms: list[float] = field(default_factory=list)
    applied: int = 0
    seconds: float = 0.0

    def turn(self, seconds: float) -> None:
        """Sell for a while in quiet, then for a while beside a sync service."""
        self.quiet_ms += self._sold(seconds)
        first = self.applied + 1
        helper = [sys.executable, str(APPLYING), str(self.path), str(seconds), str(CATALOGUE), str(first)]
        with subprocess.Popen(helper, stdout=subprocess.PIPE, text=True) as applying:
            assert applying.stdout is not None
            applying.stdout.readline()
            self.applying_ms += self._sold(seconds)
            _, applied, took = applying.stdout.readline().split()
        self.applied += int(applied)
        self.seconds += float(took)

    def _sold(self, seconds: float) -> list[float]:
        selling = [sys.executable, str(SELLER), str(self.path), str(seconds)]
        said = subprocess.run(selling, capture_output=True, text=True, check=True).stdout
        return [float(line.split()[4]) for line in said.splitlines() if line.startswith("sold")]


def sales_meanwhile(path: Path, seconds: float, turns: int) -> tuple[list[Figure], dict[str, float | str]]:
    """Sell in one process while another applies a catalogue and tells of sales."""
    meanwhile = Meanwhile(path)
    for _ in range(turns):
        meanwhile.turn(seconds)
    quiet = figure("5-line sale, quiet", meanwhile.quiet_ms)
    applying = figure("5-line sale, catalogue being applied", meanwhile.applying_ms)
    whole = CATALOGUE * meanwhile.seconds / meanwhile.applied
    return [quiet, applying], {
        "p50 of a sale: applying / quiet": round(applying.p50_ms / quiet.p50_ms, 2),
        "p99 of a sale: applying / quiet": round(applying.p99_ms / quiet.p99_ms, 2),
        "seconds for 100,000, selling without a break": round(whole),
    }


def first_load(path: Path, how_many: int) -> dict[str, float | str]:
    """Seconds for a new till's catalogue, nobody selling, pauses included."""
    db, _, _ = fresh_till(path)
    start = time.perf_counter()
    catalogue = Catalogue(db, ticking())
    for first in range(1, how_many + 1, PAGE):
        catalogue.apply(CatalogueChanges(products(PAGE, first)), sleep=time.sleep)
    took = time.perf_counter() - start
    db.close()
    return {f"seconds for a first load of {how_many:,}": round(took, 1)}


def measure(folder: Path, thousands: int) -> tuple[list[Figure], float]:
    """Import so many thousand products, three times; return the figures and the pause per 1,000."""
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
    return figures, sum(pauses) * 1000 / (3 * thousands + 1)


def main(
    arguments: Sequence[str] | None = None,
    loaded_products: int = CATALOGUE,
    seconds: float = 3.0,
    turns: int = 5,
) -> list[Figure]:
    """Measure and print."""
    chosen = options("Catalogue import per 1,000 products.", 30, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        figures, pause_ms = measure(Path(folder), chosen.rounds)
        full = Path(folder, "full.db")
        loaded = first_load(full, loaded_products)
        sold, ratios = sales_meanwhile(full, seconds, turns)
    facts: dict[str, float | str] = {
        "p50: till / bare insert": round(figures[0].p50_ms / figures[1].p50_ms, 2),
        "pauses per 1,000 products, ms": round(pause_ms, 1),
    }
    report("Importing the catalogue", figures + sold, facts | loaded | ratios, chosen.json)
    return figures + sold


if __name__ == "__main__":
    main()

"""Every schedule of network faults and power cuts against the real uploader, on a real file.

A schedule (``schedules``) says which fault strikes at each request, and whether the power goes before or after each
write. Every schedule with up to ``faults`` faults is run; then the faults stop, time passes, and shop and till are
compared: one completed order, its total, each unit taken once, nothing left on hold, and the till knows that order.

    python tests/faults/explore_upload.py --faults 2
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.staff import Person, Role
from appliance.domain.tax import TaxRules
from appliance.domain.tender import Payment
from appliance.shops.contract import OrderStatus, ShopError
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from tests.faults.model_shop import ModelShop
from tests.faults.schedules import Choices, Explored, command, walk, working_folder
from tests.storage.samples import seal

START: Final = datetime(2026, 11, 21, 9, tzinfo=UTC)
LATE: Final = timedelta(minutes=15)
SALE_ID: Final = "5a" * 16
STOCK: Final = {1: 100, 2: 100, 3: 100}
SOLD: Final = {1: 2, 2: 1, 3: 1}
PASSES: Final = 14


class PowerCutError(Exception):
    """The power went: everything in memory is gone, the file stays."""


class CutOutbox(Outbox):
    """The real outbox, with a power cut before or after each write where the schedule says so."""

    def __init__(self, database: Database, choose: Callable[[int], int]) -> None:
        super().__init__(database)
        self._choose = choose
        self._is_writing = False

    def note_posted(self, sale_id: str, at: datetime) -> None:
        self._cut(lambda: super(CutOutbox, self).note_posted(sale_id, at))

    def remember(self, sale_id: str, order_id: int) -> None:
        self._cut(lambda: super(CutOutbox, self).remember(sale_id, order_id))

    def hold_claim(self, sale_id: str, claim_id: int, order_id: int) -> None:
        self._cut(lambda: super(CutOutbox, self).hold_claim(sale_id, claim_id, order_id))

    def forget_order(self, sale_id: str) -> None:
        self._cut(lambda: super(CutOutbox, self).forget_order(sale_id))

    def note_committing(self, sale_id: str, at: datetime) -> None:
        self._cut(lambda: super(CutOutbox, self).note_committing(sale_id, at))

    def mark_sent(self, sale_id: str, at: datetime) -> None:
        self._cut(lambda: super(CutOutbox, self).mark_sent(sale_id, at))

    def adopt_sent(self, sale_id: str, order_id: int, at: datetime) -> None:
        self._cut(lambda: super(CutOutbox, self).adopt_sent(sale_id, order_id, at))

    def _cut(self, write: Callable[[], None]) -> None:
        if self._is_writing:  # a part of a larger transaction
            write()
            return
        when = self._choose(3)
        if when == 1:
            raise PowerCutError
        self._is_writing = True
        write()
        self._is_writing = False
        if when == 2:
            raise PowerCutError


@dataclass(slots=True)
class Clock:
    """Time that passes only when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time_span: timedelta) -> None:
        self.now += time_span


@dataclass(frozen=True, slots=True)
class Parts:
    """Which uploader and which sweep are explored."""

    telling: type[Telling] = Telling
    sweep: type[Sweep] = Sweep


def make_template(folder: Path) -> Path:
    """A till that has made one sale of three lines."""
    path = folder / "template.db"
    clock = Clock()
    database = Database.open(path, now=clock)
    identity = Identity(database).create("71" * 16, "T1", "EUR")
    lines = [
        SaleLine(
            0, f"Product {product}", count, 500, "standard", 230_000, product_id=product, stock_id=product
        )
        for product, count in SOLD.items()
    ]
    sale = Sale(SALE_ID, START, TaxRules(True, {}))
    for line in lines:
        sale = sale.add(line)
    payment = Payment(sale.total_minor).cash(5000)
    Journal(database, identity, "Till 1", seal()).record(
        sale, payment, Person(1, "Marta", Role.CASHIER), START, print_receipt=False
    )
    database.close()
    return path


def run(template: Path, folder: Path, prefix: tuple[int, ...], parts: Parts) -> tuple[list[str], Choices]:
    """Run one schedule on a fresh copy of the till; return what is wrong at the end, and the choices met."""
    path = folder / "till.db"
    for leftover in folder.glob("till.db*"):
        leftover.unlink()
    shutil.copy(template, path)
    choose, clock = Choices(prefix), Clock()
    shop = ModelShop(dict(STOCK), choose)
    database = Database.open(path, now=clock)
    try:
        _until_sent(database, shop, choose, clock, parts)
        _long_after(database, shop, clock, parts)
        return _wrong(database, shop), choose
    finally:
        database.close()


def _until_sent(database: Database, shop: ModelShop, choose: Choices, clock: Clock, parts: Parts) -> None:
    identity = Identity(database).get()
    for _ in range(PASSES):
        outbox = CutOutbox(database, choose)
        telling = parts.telling(shop, outbox, Journal(database, identity, "Till 1", seal()), clock)
        due = outbox.due(clock(), limit=10)
        if not due:
            return
        try:
            telling.tell(due[0])
        except (ShopError, PowerCutError):
            clock.pass_by(timedelta(seconds=20))


def _long_after(database: Database, shop: ModelShop, clock: Clock, parts: Parts) -> None:
    shop.choose = lambda _kinds: 0
    outbox, journal = Outbox(database), Journal(database, Identity(database).get(), "Till 1")
    for _ in range(3):
        clock.pass_by(LATE * 2)
        shop.settle(all_of_them=True)
        try:
            for entry in outbox.due(clock(), limit=10):
                parts.telling(shop, outbox, journal, clock).tell(entry)
            parts.sweep(shop, outbox, journal, clock, LATE).run()
        except ShopError:
            continue


def _wrong(database: Database, shop: ModelShop) -> list[str]:
    wrong = list(shop.problems)
    counts = Outbox(database).counts()
    if (counts.due, counts.parked, counts.sent) != (0, 0, 1):
        wrong.append("the till does not count it as sent")
    committed = [order for order in shop.orders.values() if order.status is OrderStatus.COMMITTED]
    if len(committed) != 1:
        wrong.append(f"{len(committed)} completed orders")
    if {product: STOCK[product] - left for product, left in shop.pieces.items()} != SOLD:
        wrong.append("units")
    if any(order.status is OrderStatus.RESERVED for order in shop.orders.values()):
        wrong.append("left on hold")
    return wrong


def explore(
    faults: int,
    sample: int | None = None,
    seed: int = 1,
    parts: Parts = Parts(),  # frozen
    until_wrong: bool = False,
) -> Explored:
    """Run every schedule with up to so many faults, or a random sample of those with exactly so many."""
    with working_folder() as folder:
        template = make_template(folder)
        return walk(lambda prefix: run(template, folder, prefix, parts), faults, sample, seed, until_wrong)


def main() -> int:
    """Print a table; 1 if any schedule ended wrong."""
    return command(__doc__ or "", explore)


if __name__ == "__main__":
    sys.exit(main())

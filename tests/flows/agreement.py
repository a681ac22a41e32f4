"""Whether shop and till agree, from the shop's own file, against what the cashier saw herself."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from appliance import verify
from appliance.demo.books import ShopBooks, read_books
from appliance.demo.cashier import cents, good
from appliance.demo.goods import GOODS
from appliance.demo.stage import Stage, wait_until
from appliance.domain.sale import Sale
from appliance.storage.chain import ENTRIES, Entry
from appliance.storage.codec import draft_from_text
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.lines import to_line
from appliance.storage.outbox import Outbox
from appliance.storage.print_jobs import PrintJobs

Basket = Sequence[str]
"""The product numbers of one sale, one for each piece."""


@dataclass(frozen=True, slots=True)
class TillFile:
    """The till's file as a test reads it, beside the two programs that use it."""

    journal: Journal
    drafts: Drafts
    outbox: Outbox
    print_jobs: PrintJobs
    database: Database

    def z_reports(self) -> int:
        """How many days were closed."""
        return len(self.database.rows("SELECT number FROM z_report"))

    def held(self) -> list[Counter[str]]:
        """What is set aside, sale by sale."""
        rows = self.database.rows("SELECT body FROM held_sale ORDER BY held_at")
        return [pieces(draft_from_text(body)[0]) for (body,) in rows]

    def lines(self) -> bytes:
        """The whole journal, as the stick must hold it."""
        rows = self.database.rows(f"{ENTRIES} ORDER BY seq")
        return "".join(to_line(Entry(*row)) for row in rows).encode()

    def baskets(self) -> list[Counter[str]]:
        """What was sold, sale by sale, oldest first."""
        return [pieces(each.sale) for each in reversed(self.journal.last(10_000))]


@contextmanager
def till_file(stage: Stage, path: Path | None = None) -> Iterator[TillFile]:
    """Open the till's file for a look; ``path`` where it is not on the card."""
    database = Database.open(path or stage.database_path, now=stage.now)
    try:
        journal = Journal(database, Identity(database).get(), "Till 1")
        yield TillFile(journal, Drafts(database), Outbox(database), PrintJobs(database), database)
    finally:
        database.close()


def pieces(sale: Sale) -> Counter[str]:
    """How many of each product number a sale holds."""
    counts: Counter[str] = Counter()
    for line in sale.lines:
        counts[line.sku] += line.quantity
    return counts


def total_minor(basket: Basket) -> int:
    """What a basket costs, by the price tags."""
    return sum(cents(good(sku)) for sku in basket)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How shop and till stand to what the cashier saw. The defaults are what must be.

    Attributes:
        sales: that she made. orders: completed ones of this till in the shop.
        missing, doubled: sales that the shop does not have, orders too many.
        unfinished: orders left half-way. parked: sales set aside for a person.
        money_difference_minor: the shop's total less what she took.
        stock_differences: by product number, pieces that the shop counts more or less than it should.
        other_sales: baskets that the till holds and she did not sell, or the other way round.
        receipt_numbers_missing: numbers left out between the first and the last.
        first_broken_entry: of the journal's chain.
    """

    sales: int
    orders: int
    missing: int = 0
    doubled: int = 0
    unfinished: int = 0
    parked: int = 0
    money_difference_minor: int = 0
    stock_differences: dict[str, int] = field(default_factory=dict)
    other_sales: list[Counter[str]] = field(default_factory=list)
    receipt_numbers_missing: list[int] = field(default_factory=list)
    first_broken_entry: int | None = None


def judge(stage: Stage, sold: Sequence[Basket]) -> Agreement:
    """Compare the shop's books and the till's journal with the baskets that the cashier saw completed."""
    books = read_books(stage.shop_file)
    with till_file(stage) as till:
        completed = till.journal.last(10_000)
        parked, broken = till.outbox.counts().parked, till.journal.verify()
    ids = {each.sale.sale_id for each in completed}
    numbers = sorted(int(each.receipt_number.rpartition("-")[2]) for each in completed)
    return Agreement(
        sales=len(sold),
        orders=len(books.till_orders),
        missing=len(ids - books.sale_ids) + max(0, len(sold) - len(ids)),
        doubled=books.doubled + len(books.sale_ids - ids),
        unfinished=books.unfinished,
        parked=parked,
        money_difference_minor=books.taken_minor - sum(map(total_minor, sold)),
        stock_differences=_stock_differences(books, sold),
        other_sales=_others([pieces(each.sale) for each in reversed(completed)], sold),
        receipt_numbers_missing=sorted(set(range(1, len(completed) + 1)) ^ set(numbers)),
        first_broken_entry=broken,
    )


def wait_for_agreement(stage: Stage, sold: Sequence[Basket], seconds: float) -> Agreement:
    """Wait until the shop has all, and the late look has seen to what was left over; then judge.

    What was told by claiming is left out: its late look comes within two hours, and it leaves nothing half-way.
    """

    def settled() -> bool:
        books = read_books(stage.shop_file)
        if len(books.till_orders) < len(sold) or books.unfinished:
            return False
        with till_file(stage) as till:
            unchecked = [each for each in till.outbox.unchecked(stage.now()) if not each.inherited]
            return not till.outbox.waiting() and not unchecked

    wait_until("shop and till have settled everything", settled, seconds, every=0.2)
    return judge(stage, sold)


def stick_lines(stage: Stage) -> bytes:
    """What the stick holds of a till that has had one id."""
    return b"".join(file.read_bytes() for file in stage.stick.glob("gapless-*/journal.jsonl"))


def wait_for_stick(stage: Stage, seconds: float = 10) -> str:
    """Wait until the stick holds the journal's entries exactly; then what ``verify.py`` says of it."""

    def is_level() -> bool:
        with till_file(stage) as till:
            return till.lines() == stick_lines(stage)

    wait_until("the stick holds the journal's entries, byte for byte", is_level, seconds)
    return verified(stage)


def verified(stage: Stage) -> str:
    """What the accountant's own check says of each folder on the stick; it must find nothing wrong."""
    folders = map(str, sorted(stage.stick.glob("gapless-*")))
    command = [sys.executable, verify.__file__, *folders]
    said = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout.strip()


def _others(till: list[Counter[str]], sold: Sequence[Basket]) -> list[Counter[str]]:
    mine = [Counter(basket) for basket in sold]
    if till == mine:
        return []
    return [each for each in till if each not in mine] + [each for each in mine if each not in till] or till


def _stock_differences(books: ShopBooks, sold: Sequence[Basket]) -> dict[str, int]:
    gone = Counter(sku for basket in sold for sku in basket)
    differences = {each.sku: books.stock.get(each.sku, 0) - (each.stock - gone[each.sku]) for each in GOODS}
    return {sku: difference for sku, difference in differences.items() if difference}

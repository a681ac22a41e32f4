"""Whether shop and till agree at the end of the day: counted from the shop's side, against the cashier's own book."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from appliance import verify
from appliance.demo.books import ShopBooks, read_books
from appliance.demo.day import LAST_ONE, Day
from appliance.demo.goods import GOODS
from appliance.demo.stage import Stage
from appliance.machine.keyring import Keyring
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.oversold import OversoldUnits
from appliance.storage.sealed import Sealer


@dataclass(frozen=True, slots=True)
class Oversold:
    """The unit that was sold on both sides.

    Attributes:
        found: the till found it.
        shown: the screen named both parties.
        till_party, shop_party: who they are.
    """

    found: bool
    shown: bool
    till_party: str
    shop_party: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the day ended. Amounts in cents; differences are the shop's figure less the cashier's.

    Attributes:
        sales: sales that the cashier made. sold_offline: of them, without a network.
        orders_in_shop: completed orders of this till in the shop.
        missing: sales that the shop does not have. doubled: orders too many. unfinished: orders left half-way.
        money_difference_minor: the shop's total of them less what the cashier took.
        journal_difference_minor: the till's own total less what the cashier took.
        stock_differences: by SKU, pieces that the shop counts more or less than it should.
        receipts_printed: papers that came out, the X report included.
        on_stick: sales that the stick holds too. stick_words: what `verify.py` says of it, "" if it is not intact.
        seconds: of the whole day.
    """

    sales: int
    sold_offline: int
    orders_in_shop: int
    missing: int
    doubled: int
    unfinished: int
    money_difference_minor: int
    journal_difference_minor: int
    stock_differences: dict[str, int]
    receipts_printed: int
    on_stick: int
    stick_words: str
    oversold: Oversold
    seconds: float
    agrees: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        clean = not any(
            (
                self.missing,
                self.doubled,
                self.unfinished,
                self.money_difference_minor,
                self.journal_difference_minor,
                self.stock_differences,
            )
        )
        whole = self.orders_in_shop == self.on_stick == self.sales and self.receipts_printed >= self.sales
        whole = whole and bool(self.stick_words)
        object.__setattr__(self, "agrees", clean and whole and self.oversold.found and self.oversold.shown)

    def write(self, path: Path) -> None:
        """Save it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def table(self) -> str:
        """For a person."""
        rows = [
            ("Sales", f"{self.sales}, of them {self.sold_offline} without a network"),
            ("Orders in the shop", f"{self.orders_in_shop}, {self.missing} missing, {self.doubled} doubled"),
            ("Money", f"{self.money_difference_minor} cents of difference"),
            ("Stock", f"{sum(map(abs, self.stock_differences.values()))} pieces of difference"),
            ("Papers", f"{self.receipts_printed} printed"),
            ("On the stick", f"{self.on_stick} sales, {self.stick_words or 'NOT INTACT'}"),
            ("Sold twice", f"{self.oversold.till_party} and {self.oversold.shop_party}"),
            ("Time", f"{self.seconds:.1f} s"),
            ("Verdict", "shop and till agree" if self.agrees else "SHOP AND TILL DO NOT AGREE"),
        ]
        return "\n" + "\n".join(f"{name:<20}{text}" for name, text in rows)


def judge(stage: Stage, day: Day, seconds: float) -> Verdict:
    """Compare the shop's books with what the cashier and the web shopper know that they did."""
    books = read_books(stage.shop_file)
    sales, journal_minor, oversold = _till_side(stage, day)
    return Verdict(
        sales=day.book.sales,
        sold_offline=day.sold_offline,
        orders_in_shop=len(books.till_orders),
        missing=len(sales - books.sale_ids) + max(0, day.book.sales - len(sales)),
        doubled=books.doubled + len(books.sale_ids - sales),
        unfinished=books.unfinished,
        money_difference_minor=books.taken_minor - day.book.taken_minor,
        journal_difference_minor=journal_minor - day.book.taken_minor,
        stock_differences=_stock_differences(books, day),
        receipts_printed=len(stage.papers()),
        on_stick=_sales_on(stage.stick),
        stick_words=_verified(stage.stick),
        oversold=oversold,
        seconds=round(seconds, 1),
    )


def _till_side(stage: Stage, day: Day) -> tuple[set[str], int, Oversold]:
    database = Database.open(stage.database_path, now=stage.now)
    try:
        journal = Journal(database, Identity(database).get(), "Till 1")
        completed = journal.last(10_000)
        sealer = Sealer(Keyring.load(stage.folder / "keys.toml").data_key)
        found = [each for each in OversoldUnits(database, sealer).all() if each.customer]
    finally:
        database.close()
    name = next(good.name for good in GOODS if good.sku == LAST_ONE)
    mine = next((each for each in found if each.product_name == name), None)
    till_party = mine.receipt_number if mine else "nobody"
    shop_party = f"order {mine.order_number} of {mine.customer}" if mine else "nobody"
    words = " ".join(day.oversold_shown)
    shown = mine is not None and mine.receipt_number in words and mine.customer in words
    return (
        {each.sale.sale_id for each in completed},
        sum(each.sale.total_minor for each in completed),
        Oversold(mine is not None, shown, till_party, shop_party),
    )


def _sales_on(stick: Path) -> int:
    """Counted in the lines themselves, by nothing of the till's."""
    lines = [line for file in stick.glob("*/journal.jsonl") for line in file.read_text("utf-8").splitlines()]
    return sum(json.loads(line)["entry"]["kind"] == "sale" for line in lines)


def _verified(stick: Path) -> str:
    """What the accountant's own check says, "" if it finds anything wrong."""
    command = [sys.executable, verify.__file__, *map(str, stick.glob("gapless-*"))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    intact = [line for line in said.stdout.splitlines() if line.startswith("intact")]
    return f"intact by verify.py: {intact[0].split(': ', 2)[-1]}" if intact and said.returncode == 0 else ""


def _stock_differences(books: ShopBooks, day: Day) -> dict[str, int]:
    differences = {}
    for good in GOODS:
        expected = good.stock - day.book.units.get(good.sku, 0) - day.bought_online.get(good.sku, 0)
        actual = books.stock.get(good.sku, 0)
        if actual != expected:
            differences[good.sku] = actual - expected
    return differences

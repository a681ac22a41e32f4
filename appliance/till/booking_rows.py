"""What a list from paper comes to, before it is booked: row by row, with names, prices, and what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.booking import Written, normal_text, sentence
from appliance.domain.catalogue import Product
from appliance.domain.money import Currency
from appliance.domain.sale import Sale
from appliance.domain.tax import TaxRules
from appliance.domain.tender import Payment, TenderKind
from appliance.storage.catalogue import Catalogue
from appliance.till.lines import Said, make_line

NOTHING_WRITTEN: Final = "Nothing is on the list yet."
_MANY: Final = 100
_MAY_BE_A_NUMBER: Final = 10
"""From so many pieces on, quantity and number may have been written the wrong way round."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One item of the list.

    Attributes:
        written: as it stands on the list.
        name: of the product, "" if there is none.
        unit_price_minor: of one; amount_minor: of all, tax included.
        wrong: why it cannot be booked, "" if it can; trouble: the same as a sentence with its name and place.
        hints: what to look at, which stops nothing.
    """

    written: Written
    name: str = ""
    unit_price_minor: int = 0
    amount_minor: int = 0
    wrong: str = ""
    trouble: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be booked.

    Attributes:
        rows: all items, in their order.
        sales: each with how it was paid; empty while something is wrong.
        sold_at: when they were made (UTC); tender, slip: how they were paid.
        day_trouble: why nothing can be booked on that day, "" if it can.
    """

    rows: tuple[ListRow, ...]
    sales: tuple[tuple[Sale, Payment], ...]
    sold_at: datetime
    tender: TenderKind
    slip: str = ""
    day_trouble: str = ""

    @property
    def troubles(self) -> tuple[str, ...]:
        """All that must be mended first, in words."""
        wrong = tuple(each for each in (self.day_trouble, *(row.trouble for row in self.rows)) if each)
        return wrong if wrong or self.rows else (NOTHING_WRITTEN,)

    @property
    def text(self) -> str:
        """The list as everybody would write it."""
        return normal_text(tuple(row.written for row in self.rows))

    @property
    def count(self) -> int:
        """How many sales it is."""
        return len({row.written.sale for row in self.rows})

    @property
    def items(self) -> int:
        """Pieces over all sales."""
        return sum(row.written.quantity for row in self.rows if not row.trouble)

    @property
    def total_minor(self) -> int:
        """What all of it comes to, before cash rounding; of what can be read so far."""
        if self.sales:
            return sum(sale.total_minor for sale, _ in self.sales)
        return sum(row.amount_minor for row in self.rows)

    def amount_of(self, sale: int) -> int:
        """What one sale of the list comes to."""
        return sum(row.amount_minor for row in self.rows if row.written.sale == sale)


class ListReading:
    """Finds what the numbers mean, at the prices of the moment when the sales were made."""

    def __init__(self, catalogue: Catalogue, currency: Currency) -> None:
        self._catalogue, self._currency = catalogue, currency

    def tax_rules(self) -> TaxRules:
        """How the shop taxes."""
        return self._catalogue.tax_rules()

    def rows(self, items: Sequence[Written], sold_at: datetime, now: datetime) -> tuple[ListRow, ...]:
        """A row for each item."""
        products = {each.number: self._catalogue.find_number(each.number) for each in items if not each.wrong}
        pieces: dict[int, int] = {}
        for each in items:
            product = None if each.wrong else products[each.number]
            if product is not None:
                pieces[product.stock_id] = pieces.get(product.stock_id, 0) + each.quantity
        tax, among = self._catalogue.tax_rules(), any(each.sale > 1 for each in items)
        rows = []
        for each in items:
            product = products.get(each.number)
            if each.wrong or product is None:
                wrong = each.wrong or f"no product has the number {each.number}{self._turned(each)}"
                rows.append(ListRow(each, wrong=wrong, trouble=sentence(each, wrong, among_sales=among)))
            else:
                hints = self._hints(each, product, pieces[product.stock_id], sold_at, now)
                rows.append(self._row(each, product, tax, sold_at, hints))
        return tuple(rows)

    def add(self, sale: Sale, written: Written, sold_at: datetime) -> Sale:
        """Add an item to a sale, as a scan does."""
        product = self._catalogue.find_number(written.number)
        if product is None:
            return sale
        return sale.add(make_line(product, Said(), written.quantity, sale.tax, sold_at, self._currency))

    def _row(
        self, written: Written, product: Product, tax: TaxRules, sold_at: datetime, hints: tuple[str, ...]
    ) -> ListRow:
        line = make_line(product, Said(), written.quantity, tax, sold_at, self._currency)
        amount = Sale("", sold_at, tax).line_gross_minor(line)
        return ListRow(written, product.name, line.unit_price_minor, amount, hints=hints)

    def _turned(self, written: Written) -> str:
        """Said of "612x2" where there is a 612 and no 2."""
        if written.quantity > 1 and self._catalogue.find_number(written.quantity) is not None:
            return f"; {written.number} of number {written.quantity} is {written.number}x{written.quantity}"
        return ""

    def _hints(
        self, written: Written, product: Product, pieces: int, sold_at: datetime, now: datetime
    ) -> tuple[str, ...]:
        hints = []
        if written.quantity >= _MAY_BE_A_NUMBER and (turned := self._turned(written)):
            hints.append(f"{written.quantity} pieces{turned}")
        elif written.quantity >= _MANY:
            hints.append(f"{written.quantity} pieces")
        today = product.price_at(now)
        if today != product.price_at(sold_at):
            hints.append(f"today {self._currency.amount(today)}")
        left = product.available
        if left is not None and pieces > left and not product.backorders:
            hints.append(f"only {left} left" if left > 0 else "none left")
        return tuple(hints)

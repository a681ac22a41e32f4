"""A sale: lines, quantities, totals. Immutable; each step returns a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from appliance.domain.errors import AmountError, NoSuchLineError, QuantityError
from appliance.domain.money import MAX_MINOR
from appliance.domain.tax import TaxRules, TaxTotal

_LONGEST_GTIN: Final = 14

MAX_QUANTITY: Final = 9_999
"""More than this on one line is a barcode read as a quantity."""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of a sale, with everything that it was sold at: a later price change does not reach it.

    Attributes:
        position: 1, 2, 3 ... in the order of scanning; never used again after a void.
        product_id: the shop's number, None for something that the catalogue does not know.
        parent_id: the variable product's number for a variation.
        stock_id: the product whose count it draws on, None if nothing is counted.
        name: as shown and printed.
        number: the short product number, None without one.
        sku: the shop's stock keeping unit, "" without one.
        barcode: the raw text scanned, "" if it was typed or tapped.
        quantity: whole pieces, at least 1. Weighed goods are one piece whose unit price is that of its
            weight.
        unit_price_minor: price of one, with or without tax as the shop keeps its prices.
        tax_class: slug of the class; rate_ppm: its rate when it was sold, in parts per million.
        tax_label: the shop's name of the tax.
        weight_grams: what a price label or weight code said, None for pieces.
        note: second line on screen and receipt, such as "0.432 kg at 12.90".
        regular_unit_price_minor: what one would have cost, where the price was changed by hand; else None.
        price_approved_by: the manager who approved the lower price, None where nobody had to.
    """

    position: int
    name: str
    quantity: int
    unit_price_minor: int
    tax_class: str
    rate_ppm: int
    tax_label: str = ""
    product_id: int | None = None
    parent_id: int | None = None
    stock_id: int | None = None
    number: int | None = None
    sku: str = ""
    barcode: str = ""
    weight_grams: int | None = None
    note: str = ""
    regular_unit_price_minor: int | None = None
    price_approved_by: int | None = None

    @property
    def regular_minor(self) -> int:
        """What one would cost without a change by hand."""
        changed = self.regular_unit_price_minor
        return self.unit_price_minor if changed is None else changed

    @property
    def amount_minor(self) -> int:
        """Quantity times unit price, with or without tax as the shop keeps its prices."""
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale in progress.

    Attributes:
        sale_id: 32 hexadecimal digits, made at the till, the sale's name for ever and everywhere.
        opened_at: when its first line was added (UTC).
        tax: the shop's tax rules when it was opened.
        lines: in the order of scanning.
        voided: lines taken off before payment, kept for the report and for undo.
        next_position: the position of the next new line.
    """

    sale_id: str
    opened_at: datetime
    tax: TaxRules
    lines: tuple[SaleLine, ...] = ()
    voided: tuple[SaleLine, ...] = ()
    next_position: int = 1

    @property
    def is_empty(self) -> bool:
        """True while nothing is to be paid."""
        return not self.lines

    @property
    def items(self) -> int:
        """Pieces over all lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def last(self) -> SaleLine | None:
        """The line that was touched last: + and - act on it."""
        return self.lines[-1] if self.lines else None

    @property
    def tax_total_minor(self) -> int:
        """Tax over all lines, each rounded on its own."""
        return sum(self.line_tax_minor(line) for line in self.lines)

    @property
    def total_minor(self) -> int:
        """What the customer pays, tax included, before cash rounding."""
        amount = sum(line.amount_minor for line in self.lines)
        return amount if self.tax.prices_include_tax else amount + self.tax_total_minor

    def line_tax_minor(self, line: SaleLine) -> int:
        """Tax of one line."""
        return self.tax.tax_minor(line.amount_minor, line.rate_ppm)

    def line_gross_minor(self, line: SaleLine) -> int:
        """What one line adds to the total, tax included."""
        extra = 0 if self.tax.prices_include_tax else self.line_tax_minor(line)
        return line.amount_minor + extra

    def tax_totals(self) -> tuple[TaxTotal, ...]:
        """Net, tax and gross per rate, highest rate first."""
        sums: dict[int, list[int]] = {}
        labels: dict[int, str] = {}
        for line in self.lines:
            gross, tax = self.line_gross_minor(line), self.line_tax_minor(line)
            entry = sums.setdefault(line.rate_ppm, [0, 0])
            entry[0] += gross
            entry[1] += tax
            labels.setdefault(line.rate_ppm, line.tax_label)
        return tuple(
            TaxTotal(rate, labels[rate], gross - tax, tax, gross)
            for rate, (gross, tax) in sorted(sums.items(), reverse=True)
        )

    def line(self, position: int) -> SaleLine:
        """The line at a position.

        Raises:
            NoSuchLineError: there is none (any more).
        """
        for line in self.lines:
            if line.position == position:
                return line
        raise NoSuchLineError("This line is no longer in the sale.")

    def add(self, line: SaleLine) -> Sale:
        """Add a line, or raise the newest line's quantity when it is the same thing at the same price.

        The position of the given line is ignored and set here. Only the newest line is joined, so that the
        screen's newest line is always what was just scanned.
        """
        newest = self.last
        if newest is not None and _same(newest, line):
            return self.with_quantity(newest.position, newest.quantity + line.quantity)
        checked = replace(line, position=self.next_position, quantity=_checked(line.quantity))
        return replace(self, lines=(*self.lines, checked), next_position=self.next_position + 1)

    def with_quantity(self, position: int, quantity: int) -> Sale:
        """Set the quantity of a line.

        Raises:
            NoSuchLineError: there is no such line.
            QuantityError: less than one (void the line instead), too large to be meant, or more pieces at a price
                that a manager approved for fewer.
        """
        line = self.line(position)
        if line.price_approved_by is not None and quantity > line.quantity:
            raise QuantityError(f"This price was approved for {line.quantity}. Scan what comes on top.")
        changed = replace(line, quantity=_checked(quantity))
        return replace(self, lines=_replaced(self.lines, changed))

    def with_price(self, position: int, unit_price_minor: int, approved_by: int | None = None) -> Sale:
        """Change the unit price of a line by hand; back at its regular price it is as if nothing was changed.

        Raises:
            NoSuchLineError: there is no such line.
            AmountError: below nothing, or too large to be meant.
        """
        line = self.line(position)
        if not 0 <= unit_price_minor * line.quantity <= MAX_MINOR:
            raise AmountError("This price cannot be meant.")
        regular = None if unit_price_minor == line.regular_minor else line.regular_minor
        changed = replace(
            line,
            unit_price_minor=unit_price_minor,
            regular_unit_price_minor=regular,
            price_approved_by=approved_by if regular is not None else None,
        )
        return replace(self, lines=_replaced(self.lines, changed))

    def void(self, position: int) -> Sale:
        """Take a line off. It is kept under ``voided``, from where :meth:`restore` brings it back.

        Raises:
            NoSuchLineError: there is no such line.
        """
        gone = self.line(position)
        rest = tuple(line for line in self.lines if line is not gone)
        return replace(self, lines=rest, voided=(*self.voided, gone))

    def restore(self, position: int) -> Sale:
        """Bring a voided line back to its place.

        Raises:
            NoSuchLineError: no such line was voided.
        """
        for line in self.voided:
            if line.position == position:
                lines = sorted((*self.lines, line), key=lambda each: each.position)
                kept = tuple(each for each in self.voided if each is not line)
                return replace(self, lines=tuple(lines), voided=kept)
        raise NoSuchLineError("This line was not taken off.")


def _same(first: SaleLine, second: SaleLine) -> bool:
    weighed = first.weight_grams is not None or second.weight_grams is not None
    return (
        _sold_as(first) == _sold_as(second) and not weighed and _says_the_same(first.barcode, second.barcode)
    )


def _sold_as(line: SaleLine) -> tuple[object, ...]:
    price = (line.unit_price_minor, line.regular_unit_price_minor)
    return line.product_id, *price, line.note, line.sku, line.name


def _says_the_same(first: str, second: str) -> bool:
    """Whether two codes of one product say no more than which it is; a longer one may hold its batch."""
    return first == second or max(len(first), len(second)) <= _LONGEST_GTIN


def _replaced(lines: Iterable[SaleLine], changed: SaleLine) -> tuple[SaleLine, ...]:
    return tuple(changed if line.position == changed.position else line for line in lines)


def _checked(quantity: int) -> int:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityError(f"{quantity} is not a quantity from 1 to {MAX_QUANTITY}.")
    return quantity

"""What comes back, as the cashier ticks it: lines of a receipt, or products without one. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from appliance.domain.catalogue import Product
from appliance.domain.refund import NOTHING, Refund, Refundable
from appliance.domain.refund_planning import Unproven, amount_minor
from appliance.domain.sale import MAX_QUANTITY, SaleLine
from appliance.till.refunding import Refunding


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list.

    Attributes:
        key: what the list knows it by. name: of the product.
        chosen: pieces that come back now; 0: it is not ticked.
        most: how many can. Nothing can any more where it is 0.
        sold: how many were sold; 0 without a receipt.
        amount_minor: for what is ticked, else for all that can come back, else for all that came back.
        is_damaged: what comes back does not go to the shelf.
        last_at: when some of it came back before.
    """

    key: int
    name: str
    chosen: int
    most: int
    sold: int
    amount_minor: int
    is_damaged: bool = False
    last_at: datetime | None = None


class ComingBack(Protocol):
    """What the screen does with either kind."""

    def rows(self) -> list[Row]:
        """All lines, in their order."""

    def tick(self, key: int) -> None:
        """Tick a line with all that can come back, or take the tick away."""

    def set_quantity(self, key: int, quantity: int) -> None:
        """So many pieces; none takes the tick away, and more than can come back are as many as can."""

    def set_damaged(self, key: int, is_damaged: bool) -> None:
        """Where its pieces go."""

    def tick_all(self) -> None:
        """Everything that can come back."""

    def scan(self, product: Product, unit_price_minor: int) -> int | None:
        """One more piece of a product that was scanned; its line, None if it cannot come back here."""

    def plan(self) -> Refund | None:
        """The refund; None while nothing is ticked. Raises a DomainError that says what cannot be meant."""


class OfReceipt:
    """Lines of a sale."""

    def __init__(self, refunding: Refunding, refundable: Refundable) -> None:
        """Nothing is ticked at first."""
        self._refunding = refunding
        self.refundable = refundable
        self._chosen: dict[int, int] = {}
        self._damaged: set[int] = set()

    @property
    def sale_id(self) -> str:
        """Whose lines these are."""
        return self.refundable.completed.sale.sale_id

    def rows(self) -> list[Row]:
        """See ComingBack."""
        return [self._row(line) for line in self.refundable.completed.sale.lines]

    def tick(self, key: int) -> None:
        """See ComingBack."""
        self.set_quantity(key, 0 if self._chosen.get(key) else MAX_QUANTITY)

    def set_quantity(self, key: int, quantity: int) -> None:
        """See ComingBack."""
        most = self.refundable.left(self._line(key))
        self._chosen[key] = max(0, min(quantity, most))

    def set_damaged(self, key: int, is_damaged: bool) -> None:
        """See ComingBack."""
        (self._damaged.add if is_damaged else self._damaged.discard)(key)

    def tick_all(self) -> None:
        """See ComingBack."""
        for line in self.refundable.completed.sale.lines:
            self.set_quantity(line.position, MAX_QUANTITY)

    def scan(self, product: Product, unit_price_minor: int) -> int | None:
        """See ComingBack. The price is that of the receipt."""
        lines = [
            line
            for line in self.refundable.completed.sale.lines
            if line.product_id == product.product_id
            and self._chosen.get(line.position, 0) < self.refundable.left(line)
        ]
        if not lines:
            return None
        key = lines[0].position
        self.set_quantity(key, self._chosen.get(key, 0) + 1)
        return key

    def plan(self) -> Refund | None:
        """See ComingBack."""
        if not any(self._chosen.values()):
            return None
        return self._refunding.of_sale(self.refundable, self._chosen, self._damaged)

    def _line(self, position: int) -> SaleLine:
        return self.refundable.completed.sale.line(position)

    def _row(self, line: SaleLine) -> Row:
        position, left = line.position, self.refundable.left(line)
        before = self.refundable.returned.get(position, NOTHING)
        chosen = self._chosen.get(position, 0)
        return Row(
            key=position,
            name=line.name,
            chosen=chosen,
            most=left,
            sold=line.quantity,
            amount_minor=amount_minor(self.refundable, line, chosen or left) if left else before.amount_minor,
            is_damaged=position in self._damaged,
            last_at=before.last_at,
        )


class OfShelf:
    """Products without a receipt, as they were scanned."""

    def __init__(self, refunding: Refunding) -> None:
        """Nothing was scanned yet."""
        self._refunding = refunding
        self._pieces: dict[int, Unproven] = {}
        self._last_key = 0

    def rows(self) -> list[Row]:
        """See ComingBack."""
        return [
            Row(
                key,
                each.product.name,
                each.quantity,
                MAX_QUANTITY,
                0,
                self._refunding.gross_minor(each),
                each.is_damaged,
            )
            for key, each in self._pieces.items()
        ]

    def tick(self, key: int) -> None:
        """See ComingBack. A tick that goes takes the line with it."""
        self.set_quantity(key, 0)

    def set_quantity(self, key: int, quantity: int) -> None:
        """See ComingBack."""
        if quantity > 0:
            self._pieces[key] = replace(self._pieces[key], quantity=min(quantity, MAX_QUANTITY))
        else:
            self._pieces.pop(key, None)

    def set_damaged(self, key: int, is_damaged: bool) -> None:
        """See ComingBack."""
        self._pieces[key] = replace(self._pieces[key], is_damaged=is_damaged)

    def tick_all(self) -> None:
        """See ComingBack. All are ticked anyway."""

    def scan(self, product: Product, unit_price_minor: int) -> int | None:
        """See ComingBack."""
        known = (
            key
            for key, each in self._pieces.items()
            if (each.product.product_id, each.unit_price_minor) == (product.product_id, unit_price_minor)
        )
        key = next(known, 0)
        if key:
            self.set_quantity(key, self._pieces[key].quantity + 1)
            return key
        self._last_key += 1
        self._pieces[self._last_key] = Unproven(product, 1, unit_price_minor)
        return self._last_key

    def plan(self) -> Refund | None:
        """See ComingBack."""
        pieces: Sequence[Unproven] = tuple(self._pieces.values())
        return self._refunding.of_products(pieces) if pieces else None

"""Counting the shelf while selling goes on: scan, say how many, compare, and let a manager approve.

The rules stand in ``domain.shelf_count``. The count lives in the file: each touch is kept before the screen hears of
it, so leaving the page, a sale in between and a power cut lose nothing. It works without a network: what is expected is
what this till knows, and the correction is a difference, which a web sale in between is not harmed by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from appliance.domain.approval import Approval, Guarded
from appliance.domain.catalogue import Product
from appliance.domain.shelf_count import Comparison, CountLine, checked, compare
from appliance.storage.catalogue import Catalogue
from appliance.storage.counts import Counts, Settled
from appliance.till.approving import Approving
from appliance.till.clock import Now
from appliance.till.errors import NotCountedError
from appliance.till.recognising import FoundReceipt, Recognised, Recognising, Unknown
from appliance.till.selling import Selling

GONE: Final = "The shop no longer counts {name}. Take it off the count."


@dataclass(frozen=True, slots=True)
class CountedPiece:
    """A piece was counted; its product's line as it is now."""

    line: CountLine


CountResult = CountedPiece | Unknown | FoundReceipt


class Counting:
    """The one count of this till."""

    def __init__(
        self,
        catalogue: Catalogue,
        counts: Counts,
        recognising: Recognising,
        selling: Selling,
        approving: Approving,
        now: Now,
    ) -> None:
        self._catalogue = catalogue
        self._counts = counts
        self._recognising = recognising
        self._selling = selling
        self._approving = approving
        self._now = now

    def lines(self) -> list[CountLine]:
        """What was counted so far, what was touched last at the end."""
        return self._counts.lines()

    def went(self, line: CountLine) -> int:
        """Pieces of a line that went while people were still at it, and of which nobody has said whether they counted.

        Asked of the newest line, those count too that went since it was touched.
        """
        if line.stock_id != self._counts.newest():
            return max(-line.moved, 0)
        product = self._catalogue.get(line.product_id)
        if product is None or product.on_hand is None:
            return max(-line.moved, 0)
        return max(line.expected - self._expected(product) - line.moved, 0)

    def age(self, stock_id: int) -> datetime | None:
        """When the shop was last asked for this count (UTC)."""
        return self._catalogue.stock_age(stock_id)

    def promised(self) -> dict[int, int]:
        """Pieces in web orders that are not sent yet, by ``stock_id``: they must not be counted with the shelf."""
        return self._counts.promised()

    def scan(self, text: str, symbology: str | None = None) -> CountResult:
        """One more piece of what was scanned.

        Raises:
            NotCountedError: the shop does not count this product.
            QuantityError, NotSignedInError: as the names say.
        """
        found = self._recognising.scanned(text, symbology)
        return CountedPiece(self._piece(found.product, 1)) if isinstance(found, Recognised) else found

    def add_number(self, number: int) -> CountResult:
        """One more piece of the product with a short number. Raises as :meth:`scan`."""
        found = self._recognising.number(number)
        return CountedPiece(self._piece(found.product, 1)) if isinstance(found, Recognised) else found

    def add(self, stock_id: int, pieces: int) -> CountLine:
        """So many more of a line, or fewer. Raises as :meth:`scan`."""
        return self._piece(self._product(self._line(stock_id)), pieces)

    def set(self, stock_id: int, counted: int) -> CountLine:
        """Say how many pieces of a line lie on the shelf now. Raises as :meth:`scan`."""
        line = self._line(stock_id)
        return self._keep(line.said(counted, self._expected(self._product(line))))

    def remove(self, stock_id: int) -> None:
        """Forget a line, as if it had not been counted."""
        self._counts.remove(stock_id)

    def compare(self) -> Comparison:
        """All lines against what should have been there, the largest difference first."""
        return compare(self.lines())

    def reveal(self) -> Comparison:
        """The same, for a page that shows it; the journal keeps what was counted before that.

        Raises:
            NotSignedInError: nobody is signed in.
        """
        comparison = self.compare()
        self._counts.note_compared(comparison.lines, self._selling.signed_in(), self._now())
        return comparison

    def approve(self, comparison: Comparison, approval: Approval | None = None) -> Settled:
        """Correct the stock by what was compared; the shop hears of it as of a sale. The count is empty then.

        Raises:
            NotCountedError: nothing was counted.
            ApprovalNeededError, ApprovalError: a manager must have approved exactly these numbers.
            StorageError: it could not be written; the count is still there.
        """
        if not comparison.lines:
            raise NotCountedError("Nothing was counted yet.")
        person = self._selling.signed_in()
        about = comparison.mark
        with self._approving.allowing(Guarded.STOCK_COUNT, person, approval, about) as words:
            lines = self.compare()
            for line in lines.lines:
                self._expected(self._product(line))  # refused if nobody counts it any more
            if approval is None or lines.mark != about:
                raise NotCountedError("Something was counted meanwhile. Compare again.")
            return self._counts.settle(lines.lines, person, self._now(), approval, words)

    def give_up(self) -> None:
        """Forget the whole count.

        Raises:
            NotSignedInError: nobody is signed in.
        """
        self._counts.give_up(self._selling.signed_in(), self._now())

    def _piece(self, product: Product, pieces: int) -> CountLine:
        expected = self._expected(product)
        line = self._counts.get(product.stock_id)
        if line is not None:
            is_newest = self._counts.newest() == line.stock_id
            return self._keep(line.piece(pieces, expected, is_newest=is_newest))
        return self._keep(
            CountLine(
                stock_id=product.stock_id,
                product_id=product.product_id,
                parent_id=product.parent_id,
                name=product.name,
                sku=product.sku,
                counted=checked(pieces),
                expected=expected,
                counted_at=self._now(),
                person_id=0,
            )
        )

    def _keep(self, line: CountLine) -> CountLine:
        kept = replace(line, counted_at=self._now(), person_id=self._selling.signed_in().person_id)
        self._counts.put(kept)
        return kept

    def _expected(self, product: Product) -> int:
        """What should lie on the shelf now.

        Raises:
            NotCountedError: the shop does not count it.
        """
        if product.on_hand is None:
            raise NotCountedError(f"{product.name} is not counted. Turn on its stock in the shop.")
        stock_id, sale = product.stock_id, self._selling.sale
        lines = () if sale is None else sale.lines
        in_hand = sum(line.quantity for line in lines if line.stock_id == stock_id)
        owed = min(max(-product.on_hand, 0), self._counts.owed(stock_id)) if product.on_hand < 0 else 0
        return product.on_hand - product.reserved - in_hand + owed

    def _line(self, stock_id: int) -> CountLine:
        line = self._counts.get(stock_id)
        if line is None:
            raise NotCountedError("This was not counted yet. Scan a piece of it.")
        return line

    def _product(self, line: CountLine) -> Product:
        product = self._catalogue.get(line.product_id)
        if product is None or product.stock_id != line.stock_id:
            raise NotCountedError(GONE.format(name=line.name))
        return product

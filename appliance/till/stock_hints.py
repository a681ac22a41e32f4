"""How many are left, counting the sale in progress too, and the words for it."""

from __future__ import annotations

from appliance.domain.catalogue import Product
from appliance.domain.sale import Sale, SaleLine
from appliance.storage.catalogue import Catalogue
from appliance.till.clock import Local, clock_time


class StockHints:
    """Says on a line that it takes the last one, and how old that knowledge is.

    Remembers what it said until it is told to forget, since the screen asks for each line at each drawing.
    """

    def __init__(self, catalogue: Catalogue, local: Local) -> None:
        self._catalogue = catalogue
        self._local = local
        self._said: dict[int, str | None] = {}

    def forget(self) -> None:
        """Look again: the sale or the shop's counts have changed."""
        self._said.clear()

    def left(self, product: Product, sale: Sale | None) -> int | None:
        """Available less what the sale in progress takes; None if the shop does not count it."""
        if product.available is None:
            return None
        return product.available - _taken(product.stock_id, sale)

    def of_line(self, sale: Sale, line: SaleLine) -> str | None:
        """The hint on a line, None for nothing to look at."""
        if line.position not in self._said:
            self._said[line.position] = self._look(sale, line)
        return self._said[line.position]

    def _look(self, sale: Sale, line: SaleLine) -> str | None:
        product = None if line.product_id is None else self._catalogue.get(line.product_id)
        if product is None or product.available is None or product.backorders:
            return None
        left = product.available - _taken(product.stock_id, sale)
        if left > 0:
            return None
        if left == 0:
            words = "Last one"
        elif product.available > 0:
            words = f"Only {product.available} left"
        else:
            words = "None left"
        read_at = self._catalogue.stock_age(product.stock_id)
        return words if read_at is None else f"{words}, as of {clock_time(read_at, self._local)}"


def _taken(stock_id: int, sale: Sale | None) -> int:
    return 0 if sale is None else sum(line.quantity for line in sale.lines if line.stock_id == stock_id)

"""Somebody who counts at a till on the bench."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from appliance.domain.approval import Guarded
from appliance.domain.barcodes import BarcodeRules
from appliance.domain.money import currency
from appliance.domain.shelf_count import CountLine
from appliance.storage.counts import Counts
from appliance.storage.stock_moves import StockMoves
from appliance.till.counting import CountedPiece, Counting
from appliance.till.recognising import Recognising

if TYPE_CHECKING:
    from tests.till.conftest import Bench

EUR = currency("EUR")


class Shelf:
    """Someone who counts at a till."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.begin()

    def begin(self) -> None:
        """Build the count anew, as when the till starts."""
        bench = self.bench
        rules = BarcodeRules.from_texts(EUR, in_store=["21{item5}{weight5}c"], receipt_series=["T1"])
        self.moves = StockMoves(bench.database, bench.journal)
        counts = Counts(bench.database, bench.journal, self.moves, lambda: uuid.uuid4().hex)
        recognising = Recognising(bench.catalogue, rules, bench.clock, bench.local)
        self.counting = Counting(
            bench.catalogue, counts, recognising, bench.selling, bench.approving, bench.clock
        )

    def scan(self, *skus: str) -> CountLine:
        for sku in skus:
            found = self.counting.scan(sku)
            assert isinstance(found, CountedPiece), found
            line = found.line
        return line

    def variances(self) -> dict[int, int]:
        return {line.stock_id: line.variance for line in self.counting.lines()}

    def shop_says(self, product_id: int, quantity: int) -> None:
        """The shop's count is read again."""
        self.bench.catalogue.set_stock({product_id: quantity}, self.bench.clock())

    def on_hand(self, product_id: int) -> int:
        product = self.bench.catalogue.get(product_id)
        assert product is not None
        assert product.on_hand is not None
        return product.on_hand

    def approve(self) -> None:
        comparison = self.counting.reveal()
        word = self.bench.approve(Guarded.STOCK_COUNT, comparison.mark, "Counted twice")
        self.counting.approve(comparison, word)

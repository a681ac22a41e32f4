"""Who stands at a till of the campaign: sells, takes goods back, counts the shelf."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from appliance.domain.catalogue import Product
from appliance.domain.refund_planning import of_sale
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.staff import Person, Role
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.domain.tender import Payment, TenderKind
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.refunds import Refunds
from appliance.storage.stock_moves import StockMoves
from tests.faults.campaign_judge import Books
from tests.faults.campaign_till import Place, open_till
from tests.storage.samples import seal
from tests.sync.conftest import Clock

MARTA = Person(1, "Marta", Role.CASHIER)


@dataclass(slots=True)
class Seller:
    """For one thread.

    Attributes:
        chance: which baskets. skus: what is sold.
        database: the till's file, by a connection of this thread.
        books: what was done.
    """

    chance: random.Random
    skus: list[str]
    database: Database
    books: Books = field(default_factory=Books)

    @classmethod
    def at(cls, place: Place, seed: int, skus: list[str]) -> Seller:
        """Open the till's file in this thread."""
        return cls(random.Random(seed), skus, open_till(place))

    @property
    def journal(self) -> Journal:
        """The till's."""
        return Journal(self.database, Identity(self.database).get(), "Till", seal())

    def sell(self) -> None:
        """A sale of one to five products of the till's own catalogue, paid in cash or by card."""
        now, tax = datetime.now(UTC), Catalogue(self.database, Clock()).tax_rules()
        sale = Sale(uuid.uuid4().hex, now, tax)
        for sku in self.chance.sample(self.skus, self.chance.randint(1, min(5, len(self.skus)))):
            product, quantity = self._product(sku), self.chance.randint(1, 3)
            rate = tax.rate(product.tax_class)
            sale = sale.add(
                SaleLine(
                    0,
                    product.name,
                    quantity,
                    product.price_minor,
                    product.tax_class,
                    rate.rate_ppm,
                    product_id=product.product_id,
                    parent_id=product.parent_id,
                    stock_id=product.stock_id,
                    sku=product.sku,
                )
            )
            self.books.units[product.stock_id] += quantity
        payment = Payment(sale.total_minor)
        is_cash = self.chance.random() < 0.5
        paid = payment.cash(sale.total_minor + 500) if is_cash else payment.card(sale.total_minor, "4711")
        recorded = self.journal.record(sale, paid, MARTA, now, print_receipt=False)
        self.books.sales.append(recorded.completed)

    def give_back(self) -> None:
        """Money and goods back for some pieces of any sale of before; nothing if all of it came back already."""
        refunds = Refunds(self.database, self.journal, has_paper=False)
        found = refunds.refundable(self.chance.choice(self.books.sales).sale.sale_id)
        left = {line: found.left(line) for line in found.completed.sale.lines if found.left(line) > 0}
        if not left:
            return
        line = self.chance.choice(list(left))
        quantity = self.chance.randint(1, left[line])
        refund = of_sale(uuid.uuid4().hex, found, {line.position: quantity})
        done = refunds.record(refund, TenderKind.CASH, "Faulty", MARTA, datetime.now(UTC))
        self.books.refunds.append(done.completed)
        self.books.units[line.stock_id or 0] -= quantity

    def count(self) -> None:
        """The shelf has a few pieces more of one product, and fewer of another, than it should have."""
        changes = dict.fromkeys(self.chance.sample(self.skus, min(2, len(self.skus))), 0)
        lines = []
        for sku in changes:
            product = self._product(sku)
            by = self.chance.choice([-3, -2, -1, 1, 2, 3])
            self.books.units[product.stock_id] -= by
            lines.append(
                StockMoveLine(
                    product.product_id, product.parent_id, product.stock_id, product.name, by, product.sku
                )
            )
        move_id = uuid.uuid4().hex
        moves = StockMoves(self.database, self.journal)
        moves.record(MoveKind.COUNT, lines, "Counted", MARTA, datetime.now(UTC), move_id=move_id)
        self.books.moves.add(move_id)

    def _product(self, sku: str) -> Product:
        found = Catalogue(self.database, Clock()).find_barcode(None, sku)
        assert found is not None, sku
        return found

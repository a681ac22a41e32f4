"""What the screen of giving back remembers: the receipt, what is ticked, which way the money goes, and why."""

from __future__ import annotations

from appliance.domain.approval import Approval
from appliance.domain.catalogue import Product
from appliance.domain.errors import DomainError
from appliance.domain.refund import Refund
from appliance.domain.tender import TenderKind
from appliance.till.coming_back import ComingBack, OfReceipt, OfShelf, Row
from appliance.till.lines import price_of
from appliance.till.recognising import FoundReceipt, Recognised, Unknown
from appliance.till.refunding import Proof, Refunded, split_code
from appliance.ui.counter import Counter


class Giving:
    """One refund in the making; nothing is written before `give`.

    Attributes:
        coming: what comes back, None as long as no receipt was found.
        chosen: the line that the keys act on.
        tender: which way the money goes; reason: its number from 1, 0 for none yet.
        code: what was scanned or typed as the receipt's code.
        wrong: why what is ticked cannot be given, "" if it can.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._refunding = counter.refunding
        self.begin()

    def begin(self) -> None:
        """Forget all."""
        self.coming: ComingBack | None = None
        self.chosen: int | None = None
        self.tender = TenderKind.CASH
        self.reason = 0
        self.code = self.wrong = ""

    # what comes back

    @property
    def receipt(self) -> OfReceipt | None:
        """The receipt that was found."""
        return self.coming if isinstance(self.coming, OfReceipt) else None

    @property
    def proof(self) -> Proof:
        """Whether the receipt is ours."""
        receipt = self.receipt
        return Proof.NOT_SEEN if receipt is None else self._refunding.proof(receipt.sale_id, self.code)

    def open_receipt(self, text: str) -> None:
        """Take up a receipt by what was scanned or typed; the same one again keeps what is ticked, if it still can be.

        Raises:
            NoSuchReceiptError: this till has none.
        """
        found, code = self._refunding.find(text), split_code(text)[1]
        receipt = self.receipt
        is_same = receipt is not None and receipt.sale_id == found.completed.sale.sale_id
        code = code or (self.code if is_same else "")
        if receipt is None or receipt.refundable != found:
            self.begin()
            self.coming, self.tender = OfReceipt(self._refunding, found), found.tender
        self.code = code

    def open_sale(self, sale_id: str) -> None:
        """Take up the receipt of a sale, by its id."""
        self.begin()
        found = self._refunding.refundable(sale_id)
        self.coming, self.tender = OfReceipt(self._refunding, found), found.tender

    def open_shelf(self) -> None:
        """Go on without a receipt."""
        self.begin()
        self.coming = OfShelf(self._refunding)

    def scan(self, found: Recognised | Unknown | FoundReceipt) -> str:
        """Take what a scan or a number means; returns what is wrong with it, "" for nothing."""
        if isinstance(found, Unknown):
            return found.reason
        if isinstance(found, Recognised) and self.coming is not None:
            now = self._counter.now()
            return self._add(found.product, price_of(found.product, found.said, now))
        return "Scan the receipt first, or go on without one."

    def _add(self, product: Product, price_minor: int) -> str:
        key = None if self.coming is None else self.coming.scan(product, price_minor)
        if key is None:
            return f"{product.name}: nothing more of it can come back on this receipt."
        self.chosen = key
        return ""

    def rows(self) -> list[Row]:
        """All lines."""
        return [] if self.coming is None else self.coming.rows()

    def row(self) -> Row | None:
        """The chosen line, if it can still be changed."""
        return next((row for row in self.rows() if row.key == self.chosen and row.most), None)

    def tap(self, key: int) -> None:
        """A line was tapped: it is ticked and chosen; the chosen one loses its tick."""
        row = next((row for row in self.rows() if row.key == key), None)
        if row is None or not row.most or self.coming is None:
            return
        if key == self.chosen or not row.chosen:
            self.coming.tick(key)
        self.chosen = key

    def change_quantity(self, by: int) -> None:
        """One piece more or fewer of the chosen line."""
        row = self.row()
        if row is not None and self.coming is not None:
            self.coming.set_quantity(row.key, row.chosen + by)

    def set_damaged(self, is_damaged: bool) -> None:
        """Where the chosen line's pieces go."""
        row = self.row()
        if row is not None and self.coming is not None:
            self.coming.set_damaged(row.key, is_damaged)

    def tick_all(self) -> None:
        """Everything that can come back."""
        if self.coming is not None:
            self.coming.tick_all()

    # the money

    def plan(self) -> Refund | None:
        """The refund as it is ticked now; None where nothing is, or where it cannot be given (``wrong``)."""
        self.wrong = ""
        try:
            return None if self.coming is None else self.coming.plan()
        except DomainError as refused:
            self.wrong = str(refused)
            return None

    def pieces(self) -> int:
        """How many come back."""
        return sum(row.chosen for row in self.rows())

    def amount_minor(self, refund: Refund) -> int:
        """What leaves the till for it."""
        return refund.total_minor + self._refunding.rounding_minor(refund, self.tender)

    def other_way(self) -> None:
        """The money goes the other way."""
        self.tender = TenderKind.CARD if self.tender is TenderKind.CASH else TenderKind.CASH

    def needs_manager(self, refund: Refund) -> bool:
        """Whether a manager will be asked; for the words on the key. `give` asks by itself."""
        receipt = self.receipt
        if receipt is None or self.proof is not Proof.GENUINE:
            return True
        rounding = self._refunding.rounding_minor(refund, self.tender)
        return not receipt.refundable.is_covered(self.tender, refund.total_minor, rounding)

    def give(self, refund: Refund, reason: str, slip: str, approval: Approval | None = None) -> Refunded:
        """Give the money back. Raises as `Refunding.give_back`."""
        return self._refunding.give_back(refund, self.tender, reason, slip, approval, code=self.code)

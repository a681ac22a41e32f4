"""Selling: from a scan, a number or a tile to a line of the sale, and the changes to its lines.

The sale lives in the file: each step is kept before the screen hears of it, together with the tenders
already taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.domain.approval import Guarded
from appliance.domain.barcodes import BarcodeRules
from appliance.domain.catalogue import Product
from appliance.domain.errors import NoSuchLineError
from appliance.domain.money import Currency
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.staff import Person
from appliance.domain.tender import Payment
from appliance.storage.catalogue import Catalogue
from appliance.storage.drafts import Drafts
from appliance.storage.journal import Journal
from appliance.till.clock import Local, NewId, Now
from appliance.till.errors import ApprovalNeededError, NotSignedInError
from appliance.till.lines import QUANTITY_LOWERED, lowered, make_line
from appliance.till.recognising import FoundReceipt, Recognised, Recognising, Unknown
from appliance.till.resuming import load_draft
from appliance.till.stock_hints import StockHints


@dataclass(frozen=True, slots=True)
class Added:
    """A line was added, or its quantity raised; ``hint`` says what to look at, None for nothing."""

    line: SaleLine
    product: Product
    hint: str | None


ScanResult = Added | Unknown | FoundReceipt


class Selling:
    """The sale in progress; at most one."""

    def __init__(
        self,
        catalogue: Catalogue,
        drafts: Drafts,
        journal: Journal,
        rules: BarcodeRules,
        currency: Currency,
        now: Now,
        new_id: NewId,
        local: Local,
    ) -> None:
        self._catalogue = catalogue
        self._drafts = drafts
        self._journal = journal
        self._currency = currency
        self._now = now
        self._new_id = new_id
        self._recognising = Recognising(catalogue, rules, now, local)
        self._hints = StockHints(catalogue, local)
        self._cashier: Person | None = None
        self._sale: Sale | None = None
        self._payment: Payment | None = None

    @property
    def sale(self) -> Sale | None:
        """The sale in progress, None when none is open."""
        return self._sale

    @property
    def payment(self) -> Payment | None:
        """The tenders already taken towards it, None before the first."""
        return self._payment

    @property
    def cashier(self) -> Person | None:
        """Who sells."""
        return self._cashier

    @property
    def voidable(self) -> bool:
        """Whether the cashier alone can give the sale up: no tender was taken for it, not even given back since."""
        return self._payment is None and not (self._sale and self._drafts.gave_back(self._sale.sale_id))

    def hand_over(self, person: Person | None) -> None:
        """Let another person go on; the sale stays as it is."""
        self._cashier = person

    def resume(self) -> bool:
        """Take up the sale that was kept before the till stopped. True if there is one."""
        draft = load_draft(self._drafts, self._journal, self._now)
        if draft is not None:
            self._sale, self._payment = draft.sale, draft.payment
        return draft is not None

    def scan(self, text: str, symbology: str | None = None) -> ScanResult:
        """Add what was scanned; opens a sale when none is open.

        Args:
            text: as the scanner read it.
            symbology: the AIM identifier without its bracket, None when the scanner sends none.
        """
        found = self._recognising.scanned(text, symbology)
        return self._add(found, 1) if isinstance(found, Recognised) else found

    def add_number(self, number: int, quantity: int = 1) -> ScanResult:
        """Add a product by its short number.

        Raises:
            QuantityError: too large to be meant.
        """
        found = self._recognising.number(number)
        return self._add(found, quantity) if isinstance(found, Recognised) else found

    def add_product(self, product_id: int, quantity: int = 1) -> ScanResult:
        """Add a product by a tile or a search hit. Raises as ``add_number``."""
        found = self._recognising.product(product_id)
        return self._add(found, quantity) if isinstance(found, Recognised) else found

    def set_quantity(self, position: int, quantity: int) -> SaleLine:
        """Set the quantity of a line. A lower one is journalled, and counted with the lines that are taken off.

        Raises:
            NoSuchLineError, QuantityError, TenderError: as the names say.
            NotSignedInError: it is lowered, and nobody is signed in.
        """
        sale = self._open()
        before, changed = sale.line(position), sale.with_quantity(position, quantity)
        if quantity < before.quantity:
            note = lowered(sale.sale_id, before, quantity, sale.total_minor - changed.total_minor)
            who = self.signed_in().person_id
            self.keep(changed, lambda: self._journal.note(QUANTITY_LOWERED, who, self._now(), note))
        else:
            self.keep(changed)
        return self._open().line(position)

    def change_quantity(self, position: int, delta: int) -> SaleLine | None:
        """Raise or lower a quantity; at nothing the line is voided and None comes back."""
        quantity = self._open().line(position).quantity + delta
        if quantity > 0:
            return self.set_quantity(position, quantity)
        self.void(position)
        return None

    def void(self, position: int) -> SaleLine:
        """Take a line off; ``undo`` brings it back."""
        sale = self._open()
        line = sale.line(position)
        self.keep(sale.void(position))
        return line

    def undo(self) -> SaleLine | None:
        """Bring back the line that was voided last, None without one."""
        if self._sale is None or not self._sale.voided:
            return None
        line = self._sale.voided[-1]
        self.keep(self._sale.restore(line.position))
        return line

    def void_sale(self) -> None:
        """Give the sale up. The journal keeps what was in it.

        Raises:
            ApprovalNeededError: a tender was taken for it, or given back since (``Tendering.void_sale``).
            NotSignedInError: nobody is signed in.
        """
        if self._sale is not None and not self.voidable:
            raise ApprovalNeededError(Guarded.VOID_AFTER_TENDER, self._sale.sale_id)
        if self._sale is not None and (self._sale.lines or self._sale.voided):
            self._journal.void_sale(self._sale, self.signed_in().person_id, self._now())
        elif self._sale is not None:
            self._drafts.drop()
        self.start_new()

    def take_up(self, sale: Sale) -> None:
        """Go on with a sale that the file knows as the one in progress (for holding)."""
        self._sale, self._payment = sale, None
        self._hints.forget()

    def start_new(self) -> None:
        """Forget the sale: it was completed or given up, and the file knows."""
        self._sale = self._payment = None
        self._hints.forget()

    def keep_payment(self, payment: Payment | None, also: Callable[[], object] = lambda: None) -> None:
        """Keep the tenders taken so far with the sale, and write what ``also`` does (for tendering)."""
        taken = payment if payment is not None and payment.tenders else None
        self._drafts.keep(self._open(), taken, also)
        self._payment = taken

    def signed_in(self) -> Person:
        """Who sells.

        Raises:
            NotSignedInError: nobody is signed in.
        """
        if self._cashier is None:
            raise NotSignedInError("Sign in first.")
        return self._cashier

    def look_again(self) -> None:
        """The shop's counts may have changed: forget what was said about them."""
        self._hints.forget()

    def hint(self, position: int) -> str | None:
        """What to look at on a line, such as "Last one, as of 13:40"; None for nothing."""
        sale = self._open()
        return self._hints.of_line(sale, sale.line(position))

    def left(self, product: Product) -> int | None:
        """How many are left when this sale is paid; None if the shop does not count it."""
        return self._hints.left(product, self._sale)

    def unit_price(self, product: Product) -> int:
        """Its price now, in minor units."""
        return product.price_at(self._now())

    def _open(self) -> Sale:
        if self._sale is None:
            raise NoSuchLineError("No sale is open.")
        return self._sale

    def _add(self, found: Recognised, quantity: int) -> Added:
        now = self._now()
        sale = self._sale or Sale(self._new_id(), now, self._catalogue.tax_rules())
        line = make_line(found.product, found.said, quantity, sale.tax, now, self._currency)
        changed = sale.add(line)
        self.keep(changed)
        newest = changed.lines[-1]
        return Added(newest, found.product, self._hints.of_line(changed, newest))

    def keep(self, sale: Sale, also: Callable[[], object] = lambda: None) -> None:
        """Go on with the sale as it is now, once the file has it, with what ``also`` writes (for pricing).

        Raises:
            TenderError: more than its total is already paid.
        """
        payment = None if self._payment is None else self._payment.of_total(sale.total_minor)
        self._drafts.keep(sale, payment, also)
        self._sale, self._payment = sale, payment
        self._hints.forget()

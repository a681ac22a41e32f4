"""A whole till for the tests of screens: real activities on a real file, and devices that a test can unplug."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance.domain.barcodes import BarcodeRules
from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.domain.errors import DomainError
from appliance.domain.money import currency
from appliance.domain.sale import Sale
from appliance.domain.staff import Person, Role
from appliance.domain.tax import TaxRate, TaxRules
from appliance.receipts.wording import ReceiptHeader
from appliance.storage.bookings import Bookings
from appliance.storage.cashing_up import CashingUp as CashRecords
from appliance.storage.catalogue import Catalogue
from appliance.storage.counts import Counts
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.held import HeldSales
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.mending import Mending
from appliance.storage.order_notes import OrderNotes
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.refunds import Refunds
from appliance.storage.staff import Staff
from appliance.storage.stock_list import StockList
from appliance.storage.stock_moves import StockMoves
from appliance.till.approving import Approving
from appliance.till.booking import Booking
from appliance.till.booking_rows import ListReading
from appliance.till.cashing_up import CashingUp
from appliance.till.counting import Counting
from appliance.till.errors import TillError
from appliance.till.finding import Finding
from appliance.till.holding import Holding
from appliance.till.paper import Paper
from appliance.till.price_listing import PriceListing
from appliance.till.pricing import Pricing
from appliance.till.printing import Printing
from appliance.till.recognising import Recognising
from appliance.till.refunding import Refunding
from appliance.till.reporting import Reporting
from appliance.till.reprinting import Reprinting
from appliance.till.running_out import RunningOut
from appliance.till.selling import Selling
from appliance.till.settling import Settling
from appliance.till.signing_in import SigningIn, hash_pin
from appliance.till.tendering import Completed, Tendering
from appliance.till.unbooking import Unbooking
from appliance.till.waiting import Waiting
from appliance.ui.counter import Counter
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter
from tests.screens.clock import Clock
from tests.storage.blank import begun
from tests.storage.samples import seal, sealer
from tests.till.stuck import putting_right

PEPPER = bytes(range(32))
FRIDAY = datetime(2025, 11, 21, 14, 32, tzinfo=UTC)
DUBLIN = ZoneInfo("Europe/Dublin")
PIN = "1234"
FREE_PERCENT = 10
"""So much a cashier may lower a price alone."""
PEOPLE = (
    ("Marta", Role.CASHIER),
    ("Ciarán", Role.MANAGER),
    ("Aoife", Role.CASHIER),
    ("Yusuf", Role.CASHIER),
    ("Nora", Role.CASHIER),
    ("Technician", Role.TECHNICIAN),
)
GOODS = (
    (331, "Claw hammer 450 g", 2490),
    (402, "Wood screws 4 × 40 (200)", 875),
    (707, "Oak hook rail, 5 hooks", 4600),
    (1209, "Enamel mug, forest green", 1290),
    (902, "Furniture oil 500 ml", 1790),
    (55, "Kindling, 3 kg net", 650),
    (347, "Masking tape", 395),
    (12, "One screw", 2),
    (13, "A free leaflet", 0),
)
PICTURED = ((331, 1), (402, 2), (707, 1), (1209, 3), (902, 1), (55, 1))
"""The sale of the design's pictures: nine items, 151.50."""
_SHOWN_HASHES: dict[str, str] = {}


class Till:
    """The counter, and everything behind it that a test looks at or breaks."""

    def __init__(
        self, path: Path, *, rounding_step_minor: int = 1, code: str = "EUR", crowd: int = len(PEOPLE)
    ) -> None:
        self.clock = Clock(FRIDAY)
        self.path, self.currency = path, currency(code)
        self.db = self._open()
        identity = Identity(self.db).create("0123456789abcdef" * 2, "T1", code)
        self.printer = FakeReceiptPrinter()
        self.drawer = FakeCashDrawer(self.printer)
        self.outbox, self.oversold, self.facts = (
            Outbox(self.db),
            OversoldUnits(self.db, sealer()),
            ShopFacts(self.db),
        )
        self.catalogue, self.journal = (
            Catalogue(self.db, self.clock),
            Journal(self.db, identity, "Till 1", replace(seal(), witness=self.clock.witness)),
        )
        self.mending = Mending(self.db, self.journal)
        self._fill(crowd)
        self.at_close: list[Callable[[], None]] = []
        local, now = self.local, self.clock
        paper = Paper(ReceiptHeader("Holm & Ash"), self.currency, local)
        self.printing = Printing(
            PrintJobs(self.db),
            self._open,
            self.printer,
            self.drawer,
            paper.compose,
            now,
            poll_seconds=0.02,
        )
        ids, drafts = count(1), Drafts(self.db)

        def new_id() -> str:
            return f"{next(ids):032x}"

        rules = BarcodeRules.from_texts(self.currency, receipt_series=("T1",))
        selling = Selling(
            self.catalogue,
            drafts,
            self.journal,
            rules,
            self.currency,
            now,
            new_id,
            local,
        )
        staff = Staff(self.db)
        signing_in = SigningIn(staff, self.journal, now, PEPPER)
        approving = Approving(staff, self.journal, signing_in, now)
        recognising = Recognising(self.catalogue, rules, now, local)
        bookings, step = Bookings(self.db, self.journal), rounding_step_minor
        undoing = Unbooking(bookings, approving, step, now, new_id, local)
        reading = ListReading(self.catalogue, self.currency)
        counts = Counts(self.db, self.journal, StockMoves(self.db, self.journal), new_id)
        self.counter = Counter(
            "Holm & Ash",
            "Till 1",
            self.currency,
            selling,
            Finding(self.catalogue),
            Tendering(
                selling, self.journal, self.printing, self.currency, rounding_step_minor, now, approving
            ),
            self.printing,
            Waiting(
                putting_right(self.db, self.journal, approving, self.currency, now),
                self.oversold,
                self.facts,
                self.journal,
                self.printing,
                self.currency,
                now,
                local,
            ),
            signing_in,
            Reporting(self.journal, self.printing, now, local),
            approving,
            CashingUp(selling, CashRecords(self.db, self.journal), approving, self.printing, now),
            Holding(selling, HeldSales(self.db, self.journal, sealer()), drafts, approving, now),
            Pricing(selling, self.journal, approving, FREE_PERCENT, now),
            Reprinting(selling, self.journal, self.printing, now),
            RunningOut(StockList(self.db)),
            Refunding(
                selling,
                self.catalogue,
                Refunds(self.db, self.journal),
                self.printing,
                approving,
                rounding_step_minor,
                now,
                new_id,
                journal=self.journal,
            ),
            recognising,
            Settling(self.oversold, self.journal, OrderNotes(self.db), now, local),
            now,
            local,
            (DomainError, TillError, StorageError),
            counting=Counting(self.catalogue, counts, recognising, selling, approving, now),
            booking=Booking(bookings, undoing, reading, recognising, step, now, new_id, local),
            price_listing=PriceListing(self.catalogue, self.printing, now),
        )

    @staticmethod
    def local(at: datetime) -> datetime:
        return at.astimezone(DUBLIN)

    def person(self, name: str = "Marta") -> Person:
        return next(each for each in self.counter.signing_in.people() if each.name == name)

    def sign_in(self, name: str = "Marta") -> None:
        self.counter.selling.hand_over(self.person(name))

    def scan_pictured_sale(self) -> None:
        self.sell(*PICTURED)

    def sell(self, *numbers: tuple[int, int]) -> None:
        for number, quantity in numbers:
            self.counter.selling.add_number(number, quantity)

    def pay(self, *numbers: tuple[int, int], by_card: bool = False) -> Completed:
        """A sale, sold and paid at once."""
        if self.counter.selling.cashier is None:
            self.sign_in()
        self.sell(*numbers)
        tendering = self.counter.tendering
        due = tendering.begin().total_minor
        done = tendering.take_card(due, "4711") if by_card else tendering.take_cash(due)
        assert isinstance(done, Completed)
        return done

    def close(self) -> None:
        for leave in self.at_close:
            leave()
        self.printing.stop()
        self.db.close()

    def _open(self) -> Database:
        return Database.open(begun(self.path), now=self.clock)

    def _fill(self, crowd: int) -> None:
        rates = {
            "standard": TaxRate("standard", 230_000, "VAT 23%"),
            "reduced-rate": TaxRate("reduced-rate", 135_000, "VAT 13.5%"),
        }
        self.catalogue.set_tax(TaxRules(True, rates))
        self.catalogue.apply(CatalogueChanges(tuple(_product(*row) for row in GOODS)))
        staff = Staff(self.db)
        for name, role in (*PEOPLE, *((f"Helper {at}", Role.CASHIER) for at in range(1, 30)))[:crowd]:
            # Hashing takes its time by design, so all share one PIN and one hash.
            staff.add(name, role, _SHOWN_HASHES.setdefault(PIN, "") or _hash())


def _hash() -> str:
    _SHOWN_HASHES[PIN] = hash_pin(PIN, PEPPER)
    return _SHOWN_HASHES[PIN]


def _product(number: int, name: str, price_minor: int) -> Product:
    tax_class = "reduced-rate" if number == 55 else "standard"
    return Product(10_000 + number, name, price_minor, sku=str(number), number=number, tax_class=tax_class)


@contextmanager
def open_till(folder: Path, **plan: object) -> Iterator[Till]:
    """A till on a file of its own, with its print thread running."""
    made = Till(folder / "till.db", **plan)  # type: ignore[arg-type]
    made.printing.start()
    try:
        yield made
    finally:
        made.close()


def sale_of(till: Till) -> Sale:
    sale = till.counter.selling.sale
    assert sale is not None
    return sale


def lines(till: Till) -> list[tuple[int | None, int]]:
    """Number and quantity of each line."""
    sale = till.counter.selling.sale
    return [(line.number, line.quantity) for line in sale.lines] if sale is not None else []

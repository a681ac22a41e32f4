"""A till on a real file: a small shop's catalogue, two people, printing on a fake printer, and a clock set by hand."""

from __future__ import annotations

import functools
import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.barcodes import BarcodeRules
from appliance.domain.catalogue import CatalogueChanges, Category, Product
from appliance.domain.money import currency
from appliance.domain.staff import Person, Role
from appliance.domain.tax import TaxRate, TaxRules
from appliance.domain.witness import ClockTrust, Witness
from appliance.receipts.wording import ReceiptHeader
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
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
from appliance.till.approving import Approving
from appliance.till.holding import Holding
from appliance.till.paper import Paper
from appliance.till.pricing import Pricing
from appliance.till.printing import Printing
from appliance.till.refunding import Refunding
from appliance.till.reporting import Reporting
from appliance.till.selling import Selling
from appliance.till.settling import Settling
from appliance.till.signing_in import SigningIn, hash_pin
from appliance.till.tendering import Tendering
from appliance.till.waiting import Waiting
from drivers.devices import CashDrawer, ReceiptPrinter
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter
from tests.storage.blank import begun
from tests.storage.samples import seal, sealer
from tests.till.stuck import putting_right

EUR = currency("EUR")
PEPPER = bytes(range(32))
START = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)
COUNTED_AT = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)
PARIS_WINTER = timezone(timedelta(hours=1))
HEADER = ReceiptHeader("Holm & Ash", "Hardware and home", (("14 Quay Street", "091 555 014"),))

HAMMER = Product(
    331, "Claw hammer 450 g", 2490, sku="331", gtin="05012345678900", manages_stock=True, on_hand=8
)
SCREWS = Product(402, "Wood screws 4 x 40 (200)", 875, sku="402", manages_stock=True, on_hand=40)
RAIL = Product(707, "Oak hook rail, 5 hooks", 4600, sku="RAIL-5", manages_stock=True, on_hand=1)
MUG = Product(
    1209, "Enamel mug, forest green", 1290, sku="1209", gtin="09501101530003", manages_stock=True, on_hand=3
)
KINDLING = Product(55, "Kindling, 3 kg net", 650, sku="55", tax_class="reduced-rate")
HAM = Product(12, "Cooked ham", 1990, sku="12", tax_class="reduced-rate")
SHIRT_S = Product(
    901, "T-shirt, S", 1500, 900, sku="TS-S", manages_stock=True, parent_manages_stock=True, on_hand=2
)
SHIRT_M = Product(
    902, "T-shirt, M", 1500, 900, sku="TS-M", manages_stock=True, parent_manages_stock=True, on_hand=2
)
CANDLES = Product(23, "Beeswax candles", 980, sku="23", manages_stock=True, on_hand=0, backorders=True)
LEAFLET = Product(77, "Leaflet", 0, sku="77")
PRODUCTS = (HAMMER, SCREWS, RAIL, MUG, KINDLING, HAM, SHIRT_S, SHIRT_M, CANDLES, LEAFLET)

TAX = TaxRules(
    True,
    {
        "standard": TaxRate("standard", 230_000, "VAT 23%"),
        "reduced-rate": TaxRate("reduced-rate", 135_000, "VAT 13.5%"),
    },
)


@functools.cache
def hashed(pin: str) -> str:
    """Hashing takes its time on purpose; once a run is enough."""
    return hash_pin(pin, PEPPER)


class HandClock:
    """A clock that stands until it is moved; setting ``at`` moves the hands alone, not the uptime."""

    def __init__(self) -> None:
        self.at = START
        self.starts = 1
        self.uptime_ms = 3_600_000

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time_passed: float) -> None:
        self.at += timedelta(**time_passed)
        self.uptime_ms += timedelta(**time_passed) // timedelta(milliseconds=1)

    def reboot(self) -> None:
        """The machine starts anew; how long it was off, nobody knows."""
        self.starts += 1
        self.uptime_ms = 0

    def witness(self) -> Witness:
        return Witness(f"{self.starts:032x}", self.uptime_ms, ClockTrust.SYNCED)


class Bench:
    """A till and what it is built of; ``restart`` builds it anew on the same file, as after a power cut."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = HandClock()
        self.printer = FakeReceiptPrinter()
        self.drawer = FakeCashDrawer(self.printer)
        self.devices: tuple[ReceiptPrinter, CashDrawer] | None = None
        self.rounding_step_minor = 1
        self.keep: Callable[[], bool] = lambda: True
        self._ids = itertools.count(1)
        self.database = self.open()
        self.build()

    def open(self) -> Database:
        return Database.open(begun(self.path), now=self.clock)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(PARIS_WINTER)

    def new_id(self) -> str:
        return f"{next(self._ids):032x}"

    def build(self) -> None:
        database = self.database
        identity = Identity(database)
        if not identity.exists():
            identity.create("f" * 32, "T1", "EUR")
            self.fill(database)
        self.staff = Staff(database)
        self.catalogue = Catalogue(database, self.clock)
        self.drafts, self.outbox, self.facts = Drafts(database), Outbox(database), ShopFacts(database)
        self.oversold, self.jobs = OversoldUnits(database, sealer()), PrintJobs(database)
        self.journal = Journal(
            database, identity.get(), "Till 1", replace(seal(), witness=self.clock.witness)
        )
        self.marta, self.sean = sorted(self.staff.people(), key=lambda person: person.name)
        rules = BarcodeRules.from_texts(
            EUR, in_store=["21{item5}{weight5}c", "22{item5}{price5}c"], receipt_series=["T1"]
        )
        self.printing = Printing(
            self.jobs,
            self.open,
            *(self.devices or (self.printer, self.drawer)),
            Paper(HEADER, EUR, self.local).compose,
            self.clock,
            poll_seconds=0.02,
            keep=self.keep,
        )
        self.selling = Selling(
            self.catalogue, self.drafts, self.journal, rules, EUR, self.clock, self.new_id, self.local
        )
        self.selling.hand_over(self.marta)
        self.signing_in = SigningIn(self.staff, self.journal, self.clock, PEPPER)
        self.approving = Approving(self.staff, self.journal, self.signing_in, self.clock)
        step, approving = self.rounding_step_minor, self.approving
        self.tendering = Tendering(
            self.selling, self.journal, self.printing, EUR, step, self.clock, approving
        )
        self.pricing = Pricing(self.selling, self.journal, approving, 10, self.clock)
        held = HeldSales(database, self.journal, sealer())
        self.holding = Holding(self.selling, held, self.drafts, approving, self.clock)
        self.refunds = Refunds(database, self.journal)
        self.refunding = Refunding(
            self.selling,
            self.catalogue,
            self.refunds,
            self.printing,
            approving,
            step,
            self.clock,
            self.new_id,
            journal=self.journal,
            every_series=identity.every_series,
        )
        self.settling = Settling(self.oversold, self.journal, OrderNotes(database), self.clock, self.local)
        self.reporting = Reporting(self.journal, self.printing, self.clock, self.local)
        self.mending = Mending(database, self.journal)
        self.putting_right = putting_right(database, self.journal, approving, EUR, self.clock)
        self.waiting = Waiting(
            self.putting_right,
            self.oversold,
            self.facts,
            self.journal,
            self.printing,
            EUR,
            self.clock,
            self.local,
        )

    def fill(self, database: Database) -> None:
        catalogue, staff = Catalogue(database, self.clock), Staff(database)
        catalogue.set_tax(TAX)
        catalogue.set_categories([Category(1, "Hardware")])
        catalogue.apply(CatalogueChanges(PRODUCTS, read_at=COUNTED_AT))
        for name, role, pin in (("Marta", Role.CASHIER, "1234"), ("Sean", Role.MANAGER, "4321")):
            staff.add(name, role, hashed(pin))

    def attach(self, printer: ReceiptPrinter, drawer: CashDrawer) -> None:
        """Work with other devices than the fakes."""
        self.devices = (printer, drawer)
        self.build()

    def restart(self) -> None:
        self.stop()
        self.database = self.open()
        self.build()

    def stop(self) -> None:
        self.printing.stop()
        self.database.close()

    def approve(self, what: Guarded, about: str = "", why: str = "The customer asked") -> Approval:
        """Sean's word, with his PIN."""
        return self.approving.approve(what, self.sean.person_id, "4321", why, about)

    def sell(self, *product_ids: int, given_minor: int | None = None) -> str:
        """Sell and take cash; the sale's id."""
        for product_id in product_ids:
            self.selling.add_product(product_id)
        assert self.selling.sale is not None
        sale_id = self.selling.sale.sale_id
        self.tendering.take_cash(given_minor or self.tendering.payment.cash_due_minor)
        return sale_id

    def kinds(self) -> list[str]:
        """The kinds of all journal entries, in order."""
        return [row[0] for row in self.database.rows("SELECT kind FROM journal ORDER BY seq")]

    def learn_price(self, product_id: int, price_minor: int) -> None:
        """The shop changes a price."""
        product = self.catalogue.get(product_id)
        assert product is not None
        changed = replace(product, price_minor=price_minor)
        self.catalogue.apply(CatalogueChanges((changed,), read_at=COUNTED_AT))

    def entry(self, kind: str) -> Any:
        """The body of the newest journal entry of a kind."""
        rows = self.database.rows(
            "SELECT body FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1", (kind,)
        )
        return json.loads(rows[0][0])

    @contextmanager
    def broken(self, table: str) -> Iterator[None]:
        """The file refuses every new or changed row of one table."""
        for deed in ("INSERT", "UPDATE", "DELETE"):
            name = f"broken_{deed.lower()}"
            self.database.rows(
                f"CREATE TEMP TRIGGER {name} BEFORE {deed} ON main.{table} "
                "BEGIN SELECT raise(ABORT, 'broken on purpose'); END"
            )
        yield
        for deed in ("insert", "update", "delete"):
            self.database.rows(f"DROP TRIGGER broken_{deed}")

    def people(self) -> tuple[Person, Person]:
        return self.marta, self.sean

    @staticmethod
    def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for the print thread."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.005)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "till.db")
    yield bench
    bench.stop()

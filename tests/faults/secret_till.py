"""A till with keys of its own, and what is typed on it that nobody else may ever read."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.domain.barcodes import BarcodeRules
from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.money import currency
from appliance.domain.staff import Role
from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.machine.keyring import Keyring
from appliance.receipts.wording import ReceiptHeader
from appliance.storage.cashing_up import CashingUp as CashRecords
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.held import HeldSales
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.refunds import Refunds
from appliance.storage.sealed import Sealer
from appliance.storage.staff import Staff
from appliance.till.approving import Approving
from appliance.till.cashing_up import CashingUp
from appliance.till.holding import Holding
from appliance.till.paper import Paper
from appliance.till.printing import Printing
from appliance.till.refunding import Refunding
from appliance.till.selling import Selling
from appliance.till.signing_in import SigningIn, hash_pin
from appliance.till.tendering import Tendering
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter
from tests.storage.samples import RULES, TILL_ID, product

EUR = currency("EUR")
PINS = {"Mara": "7306", "Sean": "9182"}


class Clock:
    """A second later each time it is asked."""

    def __init__(self) -> None:
        self._seconds = itertools.count()

    def __call__(self) -> datetime:
        return datetime(2026, 11, 21, 9, tzinfo=UTC) + timedelta(seconds=next(self._seconds))

    def witness(self) -> Witness:
        return Witness("c" * 32, next(self._seconds) * 1000, ClockTrust.SYNCED)


class Till:
    """A whole till with keys of its own, on a real file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        (folder / "data").mkdir()
        self.keys = Keyring.make(folder / "keys.toml")
        db = self.db = Database.open(folder / "data" / "till.db", now=self.clock)
        self.identity = Identity(db).create(TILL_ID, "T1", "EUR")
        catalogue, staff = Catalogue(db, self.clock), Staff(db)
        catalogue.set_tax(RULES)
        goods = tuple(product(number, gtin=None) for number in range(1, 20))
        catalogue.apply(CatalogueChanges(goods, read_at=self.clock()))
        for name, role in (("Mara", Role.CASHIER), ("Sean", Role.MANAGER)):
            staff.add(name, role, hash_pin(PINS[name], self.keys.pepper))
        seal = Seal(self.clock.witness, self.keys.sign, self.keys.public_key)
        journal = self.journal = Journal(db, self.identity, "Till 1", seal)
        journal.introduce_key(self.clock())
        self.sealer = Sealer(self.keys.data_key)
        self.mara, self.sean = staff.people()
        printer = FakeReceiptPrinter()
        paper = Paper(ReceiptHeader("Shop", "", ()), EUR, lambda at: at)
        self.printing = Printing(
            PrintJobs(db),
            lambda: Database.open(folder / "data" / "till.db", now=self.clock),
            printer,
            FakeCashDrawer(printer),
            paper.compose,
            self.clock,
            poll_seconds=0.02,
        )
        drafts, ids = Drafts(db), itertools.count(1)
        rules = BarcodeRules.from_texts(EUR, in_store=[], receipt_series=["T1"])
        new_id: Callable[[], str] = lambda: f"{next(ids):032x}"  # noqa: E731
        self.selling = Selling(catalogue, drafts, journal, rules, EUR, self.clock, new_id, lambda at: at)
        self.signing_in = SigningIn(staff, journal, self.clock, self.keys.pepper)
        self.approving = Approving(staff, journal, self.signing_in, self.clock)
        self.tendering = Tendering(self.selling, journal, self.printing, EUR, 1, self.clock, self.approving)
        self.holding = Holding(
            self.selling, HeldSales(db, journal, self.sealer), drafts, self.approving, self.clock
        )
        refunds = Refunds(db, journal)
        self.refunding = Refunding(
            self.selling,
            catalogue,
            refunds,
            self.printing,
            self.approving,
            1,
            self.clock,
            new_id,
            journal=journal,
        )
        self.cash = CashingUp(
            self.selling, CashRecords(db, journal), self.approving, self.printing, self.clock
        )

    def sell(self, slip: str = "") -> str:
        self.selling.add_product(3)
        if slip:
            self.tendering.take_card(self.tendering.payment.due_minor, slip)
        else:
            self.tendering.take_cash(self.tendering.payment.cash_due_minor)
        return f"T1-{self.db.rows('SELECT max(number) FROM sale')[0][0]:06d}"

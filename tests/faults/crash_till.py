"""The till under the power cut: the project's own parts, built as the programs build them, on a watched disk.

A seeded defect is a subclass of :class:`Parts` that builds one part wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from nacl.signing import SigningKey

from appliance.domain.barcodes import BarcodeRules
from appliance.domain.catalogue import CatalogueChanges, Category, Product
from appliance.domain.money import currency
from appliance.domain.staff import Role
from appliance.domain.tax import TaxRate, TaxRules
from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.machine.signatures import is_signed_by
from appliance.storage import cashing_up as cash
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.binding import found
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.facts import ShopFacts
from appliance.storage.held import HeldSales
from appliance.storage.identity import Identity, TillIdentity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.refunds import Refunds
from appliance.storage.sealed import Sealer
from appliance.storage.second_medium import SecondMedium
from appliance.storage.staff import Staff
from appliance.storage.stick_disk import Disk, RealDisk
from appliance.storage.stick_owner import Owner
from appliance.till.approving import Approving
from appliance.till.cashing_up import CashingUp
from appliance.till.holding import Holding
from appliance.till.joining import Joining
from appliance.till.keeping import Keeping
from appliance.till.printing import Printing
from appliance.till.refunding import Refunding
from appliance.till.selling import Selling
from appliance.till.signing_in import SigningIn
from appliance.till.tendering import Tendering
from drivers.document import Document
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter
from tests.faults.crash_stick import STICK

EUR: Final = currency("EUR")
FILE: Final = "till.db"
BACKUPS: Final = "backups"
HARDWARE: Final = "ab" * 32
WHO: Final = TillIdentity("f" * 32, "T1", "EUR")
NEVER_SECONDS: Final = 1e6
OPENS_AT: Final = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TAX: Final = TaxRules(
    True,
    {
        "standard": TaxRate("standard", 230_000, "VAT 23%"),
        "reduced-rate": TaxRate("reduced-rate", 135_000, "VAT 13.5%"),
    },
)
GOODS: Final = (
    Product(331, "Claw hammer 450 g", 2490, sku="331", manages_stock=True, on_hand=80),
    Product(402, "Wood screws 4 x 40 (200)", 875, sku="402", manages_stock=True, on_hand=400),
    Product(55, "Kindling, 3 kg net", 650, sku="55", tax_class="reduced-rate"),
    Product(
        901, "T-shirt, S", 1500, 900, sku="TS-S", manages_stock=True, parent_manages_stock=True, on_hand=20
    ),
    Product(
        902, "T-shirt, M", 1500, 900, sku="TS-M", manages_stock=True, parent_manages_stock=True, on_hand=20
    ),
    Product(77, "Leaflet", 0, sku="77"),
)


class Moments:
    """A clock, ids and a seal that are the same each time the same day is lived."""

    def __init__(self, begins: int = 0) -> None:
        self._ticks = itertools.count(begins)
        self._ids = itertools.count(begins + 1)
        key = SigningKey(bytes(range(32)))
        self.seal = Seal(self._witness, lambda message: key.sign(message).signature, bytes(key.verify_key))
        self._uptime_ms = itertools.count(100_000 + begins, 137)

    def now(self) -> datetime:
        return OPENS_AT + next(self._ticks) * timedelta(seconds=1)

    def new_id(self) -> str:
        return f"{next(self._ids) * 0x9E3779B97F4A7C15 % 2**64:016x}" * 2

    def _witness(self) -> Witness:
        return Witness("c0ffee00" * 4, next(self._uptime_ms), ClockTrust.SYNCED)


def local(at: datetime) -> datetime:
    """The shop's wall clock."""
    return at.astimezone(UTC)


def _no_paper(_journal: Journal, job: object) -> Document:
    raise AssertionError(f"nothing is printed here: {job}")


class Parts:
    """Builds the till's parts; a defect builds one of them otherwise."""

    wal_frames = 1_000
    """After so many frames a commit folds the write-ahead log in, as the till's own setting says."""

    def open(self, path: Path, now: Callable[[], datetime], vfs: str | None) -> Database:
        return Database.open(path, now=now, vfs=vfs)

    def journal(self, db: Database, till_name: str, seal: Seal) -> Journal:
        return Journal(db, Identity(db).get(), till_name, seal)

    def drafts(self, db: Database) -> Drafts:
        return Drafts(db)

    def outbox(self, db: Database) -> Outbox:
        return Outbox(db)

    def jobs(self, db: Database) -> PrintJobs:
        return PrintJobs(db)

    def held(self, db: Database, journal: Journal) -> HeldSales:
        return HeldSales(db, journal, Sealer(bytes(32)))

    def medium(self, place: Path, owner: Owner, disk: Disk) -> SecondMedium:
        return SecondMedium(place, owner, is_mount=False, disk=disk)

    def keep(self, till: Till) -> bool:
        """What paper waits for."""
        return till.keeping.wait(20.0)

    def checkpoint(self, db: Database) -> bool:
        return db.checkpoint()

    def back_up(self, db: Database, folder: Path) -> Path:
        """Make a backup; where it is."""
        made = Backups(folder, Keep(99, 99, 99, newest=99)).make(db)
        assert not made.problem, made.problem
        return made.file.path

    def afterwards(self, till: Till) -> None:
        """What the program does when it has answered; the right one has nothing left to do."""

    def keeps_sync(self, _file: str) -> bool:
        """Whether a sync of a file reaches the disk."""
        return True


class Till:
    """Both programs' sides of one till: a connection for the kiosk, one for the sync service, and the keeping thread.

    The keeping thread does nothing unless it is asked: what happens, happens in the day's order.
    """

    def __init__(
        self, folder: Path, moments: Moments, parts: Parts, vfs: str | None = None, stick: Disk | None = None
    ) -> None:
        self.folder, self.moments, self.parts, self.vfs, self.stick = folder, moments, parts, vfs, stick
        self.path = folder / FILE
        self.kiosk = parts.open(self.path, moments.now, vfs)
        parts.checkpoint(self.kiosk)  # as the kiosk does at its start
        if not Identity(self.kiosk).exists():
            found(self.kiosk, moments.seal, HARDWARE, WHO, moments.now())
            furnish_shop(self.kiosk, moments.now)
        self.sync = parts.open(self.path, moments.now, vfs)
        for db in (self.kiosk, self.sync):
            db.rows(f"PRAGMA wal_autocheckpoint = {parts.wal_frames}")
        self.owner = Owner(*Identity(self.kiosk).get(), moments.seal.public_key.hex(), "Till 1")
        self._build()

    def _build(self) -> None:
        parts, moments, kiosk = self.parts, self.moments, self.kiosk
        self.journal = parts.journal(kiosk, "Till 1", moments.seal)
        self.drafts, self.jobs = parts.drafts(kiosk), parts.jobs(kiosk)
        self.catalogue, staff = Catalogue(kiosk, moments.now), Staff(kiosk)
        self.telling, self.applying = parts.outbox(self.sync), Catalogue(self.sync, moments.now)
        self.facts = ShopFacts(self.sync)
        self.person = next(person for person in staff.people() if person.role is Role.MANAGER)
        rules = BarcodeRules.from_texts(EUR, in_store=[], receipt_series=["T1"])
        printer = FakeReceiptPrinter()
        self.printing = Printing(  # its threads are not started: what they write is a step of the day
            self.jobs, self._again, printer, FakeCashDrawer(printer), _no_paper, moments.now
        )
        signing_in = SigningIn(staff, self.journal, moments.now, bytes(32))
        self.approving = approving = Approving(staff, self.journal, signing_in, moments.now)
        self.selling = selling = Selling(
            self.catalogue, self.drafts, self.journal, rules, EUR, moments.now, moments.new_id, local
        )
        selling.hand_over(self.person)
        self.tendering = Tendering(selling, self.journal, self.printing, EUR, 1, moments.now, approving)
        held, refunds = parts.held(kiosk, self.journal), Refunds(kiosk, self.journal)
        self.holding = Holding(selling, held, self.drafts, approving, moments.now)
        self.refunding = Refunding(
            selling,
            self.catalogue,
            refunds,
            self.printing,
            approving,
            1,
            moments.now,
            moments.new_id,
            journal=self.journal,
        )
        records = cash.CashingUp(kiosk, self.journal)
        self.cashing_up = CashingUp(selling, records, approving, self.printing, moments.now)
        self.keeping = Keeping(
            self._again,
            lambda _: parts.medium(self.folder / STICK, self.owner, self.stick or RealDisk()),
            Joining(lambda db: parts.journal(db, "Till 1", moments.seal), is_signed_by),
            poll_seconds=NEVER_SECONDS,
            look_seconds=NEVER_SECONDS,
        )
        if self.stick is not None:
            self.keeping.start()

    def _again(self) -> Database:
        return self.parts.open(self.path, self.moments.now, self.vfs)

    def close(self) -> None:
        """Both programs end in peace."""
        self.keeping.stop(20.0)
        self.sync.close()
        self.kiosk.close()


def furnish_shop(db: Database, now: Callable[[], datetime]) -> None:
    """A new till's goods and people."""
    catalogue, staff = Catalogue(db, now), Staff(db)
    catalogue.set_tax(TAX)
    catalogue.set_categories([Category(1, "Hardware")])
    catalogue.apply(CatalogueChanges(GOODS, read_at=OPENS_AT))
    for name, role in (("Marta", Role.CASHIER), ("Sean", Role.MANAGER)):
        staff.add(name, role, "no hash")

"""The sync service as it runs: the real service on a real file, real HTTP to the demo's shop, a cable that can fail."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.demo.books import ShopBooks, read_books
from appliance.demo.network import Network
from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.demo.shopper import buy_online
from appliance.domain.catalogue import Product
from appliance.domain.money import currency
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.staff import Person, Role
from appliance.domain.tender import Payment
from appliance.domain.witness import ClockTrust, Witness
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.mending import Mending
from appliance.storage.mirror import Mirror
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.sync.backoff import Backoff
from appliance.sync.download import Download
from appliance.sync.oversell import Oversell
from appliance.sync.service import Service
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from appliance.sync.witnessing import Witnessing
from appliance.syncd.parts import build_errands
from tests.storage.blank import begun
from tests.storage.samples import seal, sealer

MARTA = Person(1, "Marta", Role.CASHIER)


@dataclass(slots=True)
class Clock:
    """The real time, and what a test adds to it."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class Machine:
    """Which start of the machine it is, and how long it lasted."""

    boot_id: str = "b0" * 16
    uptime_ms: int = 60_000

    def witness(self) -> Witness:
        return Witness(self.boot_id, self.uptime_ms, ClockTrust.SYNCED)


@dataclass(slots=True)
class Counter:
    """A till's file, the shop that it belongs to, and the service between them."""

    shop_file: Path
    shop_url: str
    network: Network
    database: Database
    clock: Clock
    service: Service
    machine: Machine
    demo: DemoShop | None = None

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.database, self.clock)

    @property
    def oversold(self) -> OversoldUnits:
        return OversoldUnits(self.database, sealer())

    def product(self, sku: str) -> Product:
        found = self.catalogue.find_barcode(None, sku)
        assert found is not None, sku
        return found

    def sell(self, **quantities: int) -> str:
        """Sell products by number, as the till does: sell(p331=1, p402=2)."""
        now = self.clock()
        tax = self.catalogue.tax_rules()
        sale = Sale(uuid.uuid4().hex, now, tax)
        for name, quantity in quantities.items():
            product = self.product(name.removeprefix("p"))
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
                    stock_id=product.stock_id,
                    sku=product.sku,
                )
            )
        return self.record(sale)

    def record(self, sale: Sale) -> str:
        """Write a sale into the journal, paid in cash."""
        journal = Journal(self.database, Identity(self.database).get(), "Till 1", seal())
        payment = Payment(sale.total_minor).cash(sale.total_minor)
        journal.record(sale, payment, MARTA, self.clock(), print_receipt=False)
        return sale.sale_id

    def another(self, shop: WooCommerce, database: Database, boot_id: str) -> Service:
        """The service of another machine, of which this was the card."""
        return build_service(shop, database, self.clock, Machine(boot_id))

    def books(self) -> ShopBooks:
        return read_books(self.shop_file)

    def buy_online(self, sku: str, name: str) -> None:
        buy_online(self.shop_url, sku, name)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A till that has its catalogue and has told everything."""
    clock = Clock()
    shop = DemoShop(tmp_path / "shop.db", now=lambda: clock().timestamp())
    fill(shop.database)
    with shop, Network.in_front_of(shop.url) as network:
        database = Database.open(begun(tmp_path / "till.db"), now=clock)
        Identity(database).create("71" * 16, "T1", "EUR")
        http = HttpClient(network.url, deadline_seconds=2.0)
        woocommerce = WooCommerce(
            http, KEY, SECRET, currency("EUR"), now=clock, new_id=lambda: uuid.uuid4().hex
        )
        machine = Machine()
        service = build_service(woocommerce, database, clock, machine)
        service.run_once()
        yield Counter(tmp_path / "shop.db", shop.url, network, database, clock, service, machine, shop)
        http.close()
        database.close()


def build_service(shop: WooCommerce, database: Database, clock: Clock, machine: Machine) -> Service:
    """The service as the program builds it, with a clock that a test can turn."""
    facts, outbox, catalogue = ShopFacts(database), Outbox(database), Catalogue(database, clock)
    journal = Journal(database, Identity(database).get(), "Till 1", seal())
    told = Mending(database, journal).told
    late, key = timedelta(minutes=15), seal().public_key.hex()
    errands = build_errands(shop, database, journal, late, key, clock)
    return Service(
        telling=Telling(shop, outbox, told, clock, key),
        download=Download(
            shop, catalogue, facts, "EUR", clock, lambda _seconds: None, Mirror.on(database, sealer())
        ),
        sweep=Sweep(
            shop,
            outbox,
            told,
            clock,
            late,
            lambda: 0.0,
            errands.refunds.told_back_minor,
            errands.set_back.suspect,
        ),
        oversell=Oversell(shop, catalogue, outbox, OversoldUnits(database, sealer()), clock),
        outbox=outbox,
        facts=facts,
        version=database.version,
        idle=database.checkpoint,
        now=clock,
        backoff=Backoff(random.Random(1).random),
        poll=timedelta(seconds=75),
        witnessing=Witnessing(
            shop,
            facts,
            outbox,
            journal,
            lambda: Identity(database).get().series,
            machine.witness,
            clock,
        ),
        errands=errands,
    )

"""Made-up goods, sales and people for the tests of storage and its benches: always the same for the same numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from nacl.signing import SigningKey

from appliance.domain.catalogue import Product
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.staff import Person, Role
from appliance.domain.tax import TaxRate, TaxRules
from appliance.domain.tender import Payment
from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.machine.keyring import Keyring
from appliance.storage.database import Database
from appliance.storage.identity import Identity, TillIdentity
from appliance.storage.journal import Journal
from appliance.storage.sealed import Sealer
from appliance.storage.staff import Staff
from tests.storage.blank import begun

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TILL_ID = "0123456789abcdef" * 2
RULES = TaxRules(
    prices_include_tax=True,
    rates={
        "standard": TaxRate("standard", 230_000, "VAT 23%"),
        "reduced-rate": TaxRate("reduced-rate", 135_000, "VAT 13.5%"),
        "zero-rate": TaxRate("zero-rate", 0, "VAT 0%"),
    },
)
_WORDS = tuple(
    name
    for row in (
        "apple barley candle dark espresso fennel ginger honey indigo juniper kettle lavender mustard nutmeg",
        "olive pepper quince rose saffron thyme umbrella vanilla walnut yarrow zest crème brûlée cocoa linen",
        "oak paper red small large soft wild fresh dried ground whole organic winter summer blue green white",
        "black gold",
    )
    for name in row.split()
)


@cache
def seal(number: int = 1) -> Seal:
    """The made-up till's seal: a key and a start of the machine that are always the same for the same number."""
    uptimes = count(1_000)
    keys = Keyring(SigningKey(bytes([number]) * 32), pepper=bytes(32), data_key=bytes(32))
    return Seal(
        witness=lambda: Witness(f"{number:032x}", next(uptimes), ClockTrust.SYNCED),
        sign=keys.sign,
        public_key=keys.public_key,
    )


def sealer(number: int = 1) -> Sealer:
    """The made-up till's sealer of customers' names."""
    return Sealer(bytes([number + 100]) * 32)


def ticking(start: datetime = NOON, step: timedelta = timedelta(seconds=1)) -> Clock:
    """A clock that moves on by one step each time it is read."""
    return Clock(start, step)


class Clock:
    """A clock that moves on by itself."""

    def __init__(self, start: datetime, step: timedelta) -> None:
        self._ticks = count()
        self._start, self._step = start, step

    def __call__(self) -> datetime:
        return self._start + next(self._ticks) * self._step


def product(number: int, /, **changes: object) -> Product:
    """The made-up product with this number: three words, a GTIN, a price, and 50 pieces in the shop."""
    first, second, third = (_WORDS[(number * step) % len(_WORDS)] for step in (1, 7, 13))
    values: dict[str, object] = {
        "product_id": number,
        "name": f"{first.capitalize()} {second} {third} {number % 1000} g",
        "price_minor": 99 + number * 37 % 5000,
        "sku": f"SKU-{number:06d}",
        "gtin": f"{20_000_000_000_000 + number}",
        "category_ids": (number % 12 + 1,),
        "manages_stock": True,
        "on_hand": 50,
    }
    return Product(**{**values, **changes})  # type: ignore[arg-type]


def products(how_many: int, first: int = 1) -> tuple[Product, ...]:
    """Made-up products with consecutive numbers."""
    return tuple(product(number) for number in range(first, first + how_many))


def line_of(chosen: Product, quantity: int = 1) -> SaleLine:
    """A line that sells a product."""
    return SaleLine(
        position=0,
        name=chosen.name,
        quantity=quantity,
        unit_price_minor=chosen.price_minor,
        tax_class="standard",
        rate_ppm=230_000,
        tax_label="VAT 23%",
        product_id=chosen.product_id,
        stock_id=chosen.stock_id if chosen.manages_stock else None,
        number=chosen.product_id,
        sku=chosen.sku,
        barcode=chosen.gtin or "",
    )


def sale(number: int, lines: int = 5, at: datetime = NOON) -> Sale:
    """The made-up sale with this number; the same number gives the same sale."""
    made = Sale(f"{number:032x}", at, RULES)
    for step in range(lines):
        made = made.add(line_of(product(1 + (number * lines + step) % 200), 1 + step % 2))
    return made


def paid(made: Sale, given_more: int = 0) -> Payment:
    """A sale paid in cash."""
    return Payment(made.total_minor).cash(made.total_minor + given_more)


def fresh_till(path: Path, now: Clock | None = None) -> tuple[Database, TillIdentity, Person]:
    """A new till's file, with its identity and one cashier."""
    db = Database.open(begun(path), now=now or ticking())
    identity = Identity(db).create(TILL_ID, "T1", "EUR")
    return db, identity, Staff(db).add("Mara", Role.CASHIER, "no hash")


def sold_till(path: Path, sales: int) -> Path:
    """A till's file with so many made-up sales, of which the shop has heard of none."""
    db, identity, person = fresh_till(path)
    journal = Journal(db, identity, seal=seal())
    for number in range(sales):
        made = sale(number)
        journal.record(made, paid(made), person, NOON)
    db.close()
    return path

"""A completed sale: the one of the reference picture."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale, Payment
from appliance.receipts.wording import ReceiptHeader, contact_rows

COMPLETED_AT = datetime(2025, 11, 21, 13, 33, tzinfo=UTC)
LINES = (
    ("Claw hammer 450 g", 1, 2490, 230_000, ""),
    ("Wood screws 4 × 40, 200 pcs", 2, 875, 230_000, ""),
    ("Oak hook rail, 5 hooks", 1, 4600, 230_000, ""),
    ("Enamel mug, forest green", 3, 1290, 230_000, ""),
    ("Furniture oil 500 ml", 1, 1790, 230_000, "19.90, 2.00 off"),
    ("Kindling, 3 kg net", 1, 650, 135_000, ""),
)


def in_galway(at: datetime) -> datetime:
    return at.astimezone(timezone(timedelta(hours=1)))


@pytest.fixture
def header() -> ReceiptHeader:
    return ReceiptHeader(
        "Holm & Ash",
        "Hardware and home",
        contact_rows("14 Quay Street, Galway H91 X2F4", "091 555 014", "IE 6388047V", "holmandash.ie"),
        ("Something not right?", "Bring it back within 30 days. This code is all we need, online or not."),
        "Thank you, see you soon.",
    )


@pytest.fixture
def completed() -> Callable[..., CompletedSale]:
    def make(
        pay: Callable[[Payment], Payment] = lambda due: due.cash(20000),
        *,
        included: bool = True,
        step: int = 1,
        lines: tuple[tuple[str, int, int, int, str], ...] = LINES,
    ) -> CompletedSale:
        sale = Sale("a" * 32, COMPLETED_AT, TaxRules(included, {}))
        for name, quantity, price, rate, note in lines:
            label = f"VAT {rate // 10_000}%"
            sale = sale.add(SaleLine(0, name, quantity, price, "standard", rate, label, note=note))
        payment = pay(Payment(sale.total_minor, step))
        return CompletedSale(sale, payment, "T1-000123", COMPLETED_AT, 1, "Marta", "Till 1")

    return make


@pytest.fixture
def local() -> Callable[[datetime], datetime]:
    return in_galway

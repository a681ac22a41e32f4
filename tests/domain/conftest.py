from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRules

settings.register_profile("till", deadline=None)  # the machine may be busy with the other tests
settings.load_profile("till")

SaleOf = Callable[..., Sale]


@pytest.fixture(scope="session")
def sale_of() -> SaleOf:
    """Makes a sale of (quantity, unit price in minor units, rate in parts per million)."""

    def make(lines: Iterable[tuple[int, int, int]], *, included: bool = True) -> Sale:
        sale = Sale("a" * 32, datetime(2026, 11, 21, 14, 0, tzinfo=UTC), TaxRules(included, {}))
        for place, (quantity, price, rate) in enumerate(lines, start=1):
            sale = sale.add(
                SaleLine(0, f"Thing {place}", quantity, price, "standard", rate, product_id=place)
            )
        return sale

    return make

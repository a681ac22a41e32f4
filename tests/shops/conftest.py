"""Shops to sell against: the demo's, started for the tests, and a real WooCommerce where one is given."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.domain.money import currency
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from tests.shops.counter import Counter, Owner, ShopAt


def new_id() -> str:
    return uuid.uuid4().hex


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def demo_shop(tmp_path: Path) -> Iterator[DemoShop]:
    """A small shop without products."""
    with DemoShop(tmp_path / "shop.db") as shop:
        yield shop


@pytest.fixture
def connect() -> Iterator[Callable[..., Counter]]:
    """Build a till's side of a shop, and the owner's side, which makes products."""
    yield from _connecting()


@pytest.fixture(scope="module")
def connect_module() -> Iterator[Callable[..., Counter]]:
    """The same, for shops that several tests share."""
    yield from _connecting()


def _connecting() -> Iterator[Callable[..., Counter]]:
    clients: list[HttpClient] = []

    def build(
        url: str,
        key: str = KEY,
        secret: str = SECRET,
        code: str = "EUR",
        ca_file: str | None = None,
        deadline: float = 60,
    ) -> Counter:
        http = HttpClient(url, ca_file=ca_file, deadline_seconds=deadline)
        clients.append(http)
        shop = WooCommerce(http, key, secret, currency(code), now=now, new_id=new_id)
        owner = Owner(http, key, secret, now=now, new_id=new_id)
        again = partial(build, url, key, secret, code, ca_file, deadline)
        return Counter(shop, owner, currency(code), lambda: again().shop)

    yield build
    for each in clients:
        each.close()


def _real(build: Callable[..., Counter]) -> Counter:
    http = HttpClient(os.environ["TILL_SHOP_URL"], ca_file=os.environ.get("TILL_SHOP_CA"))
    rest = Owner(http, os.environ["TILL_SHOP_KEY"], os.environ["TILL_SHOP_SECRET"], now=now, new_id=new_id)
    code = rest.read("/wc/v3/settings/general/woocommerce_currency")["value"]
    http.close()
    keys = os.environ["TILL_SHOP_KEY"], os.environ["TILL_SHOP_SECRET"]
    return build(os.environ["TILL_SHOP_URL"], *keys, code, os.environ.get("TILL_SHOP_CA"))


SHOPS = ["demo", *(["real"] if "TILL_SHOP_URL" in os.environ else [])]
"""The real one is not skipped where it is missing: it is not there."""


@pytest.fixture(params=SHOPS)
def counter(request: pytest.FixtureRequest, connect: Callable[..., Counter]) -> Counter:
    """A till's side and an owner's side of each shop that there is."""
    if request.param == "real":
        return _real(connect)
    shop: DemoShop = request.getfixturevalue("demo_shop")
    opened = connect(shop.url)
    for tax_class, rate in (("standard", "23.0000"), ("reduced-rate", "13.5000"), ("zero-rate", "0.0000")):
        opened.owner.write(
            "/wc/v3/taxes", {"country": "IE", "rate": rate, "name": f"VAT {rate}", "class": tax_class}
        )
    return opened


@pytest.fixture
def shop_at() -> Iterator[ShopAt]:
    """Build the till's side of the shop at an address."""
    clients: list[HttpClient] = []

    def build(url: str, key: str = KEY, now: datetime | None = None) -> WooCommerce:
        clients.append(HttpClient(url, deadline_seconds=5))
        clock = (lambda: now) if now else (lambda: datetime.now(UTC))
        return WooCommerce(
            clients[-1], key, SECRET, currency("EUR"), now=clock, new_id=lambda: uuid.uuid4().hex
        )

    yield build
    for each in clients:
        each.close()

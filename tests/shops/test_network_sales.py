"""The real service under each way in which the network can fail: one sale each, and afterwards one order each."""

from __future__ import annotations

import random
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.demo.books import read_books
from appliance.demo.goods import GOODS
from appliance.demo.network import Network
from appliance.demo.network_faults import KINDS
from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.storage.outbox import Outbox
from appliance.sync.service import Service
from tests.faults.campaign_seller import Seller
from tests.faults.campaign_till import Place, open_till, serving
from tests.shops.scripted import json_answer, scripted
from tests.shops.signed_again import signing_again
from tests.sync.conftest import Clock

LATE_SECONDS = 0.1
MUCH_LATER_SECONDS = 0.3


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """Somebody between till and shop who has made a certificate of his own."""
    certificate = tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-subj", "/CN=localhost", "-keyout", str(certificate), "-out", str(tmp_path / "c.pem")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", certificate)
    with scripted(json_answer("200 OK", {}), context=context) as server:
        yield server.url


def test_one_sale_under_each_kind_is_one_order_when_all_is_calm(tmp_path: Path, untrusted: str) -> None:
    shop = DemoShop(tmp_path / "shop.db")
    fill(shop.database)
    with shop, Network.in_front_of(shop.url) as network:
        network.again = signing_again(KEY, SECRET)
        network.road.late_seconds, network.road.drip_seconds = LATE_SECONDS, 0.01
        network.road.much_later_seconds = MUCH_LATER_SECONDS
        place = Place(tmp_path / "till.db", "T1", network.url, shop.url, KEY, SECRET, deadline_seconds=0.15)
        late = replace(place, late=timedelta(minutes=15), deadline_seconds=9)
        clock, boot = Clock(), "b0" * 16
        with (
            open_till(place) as database,
            serving(late, database, clock, boot) as calm,
            serving(place, database, clock, boot) as service,
            serving(replace(place, cable_url="http://shop.invalid"), database, clock, boot) as nameless,
            serving(replace(place, cable_url=untrusted), database, clock, boot) as stranger,
        ):
            calm.run_once()
            seller = Seller(random.Random(5), ["402", "331", "55", "1209"], database)
            for kind in KINDS:
                network.mode = kind
                try_twice(service, seller)
                network.mode = "up"
                calm.round(force=True)
            try_twice(nameless, seller)
            try_twice(stranger, seller)
            time.sleep(MUCH_LATER_SECONDS)
            for _ in range(3):
                clock.ahead += timedelta(minutes=20)
                calm.round(force=True)
            counts = Outbox(database).counts()
    books = read_books(tmp_path / "shop.db")
    assert (counts.due, counts.parked, counts.sent) == (0, 0, len(KINDS) + 2)
    assert sorted(books.till_orders) == sorted(
        (each.sale.sale_id, each.sale.total_minor) for each in seller.books.sales
    )
    assert books.unfinished == 0
    sold = sum(seller.books.units.values())
    assert sum(good.stock for good in GOODS) - sum(books.stock.values()) == sold


def try_twice(service: Service, seller: Seller) -> None:
    """Two tries at one more sale, which the network does not let through."""
    seller.sell()
    for _ in range(2):
        service.round(force=True)

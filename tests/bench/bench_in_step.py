"""How soon each side knows of the other's sales: the real loop of the sync service, in a process of its own.

The demo's shop, in another process, answers each request after 100 ms: the cable between them waits so long. In one
run, in turns:

- up: from the moment when a sale is on the till's disk until its order is completed in the shop's file. The service
  notices by looking at the till's file twice a second, as at the counter;
- down: from a web order's being in the shop until the till's file shows one piece less, asking each 5 seconds;
- floor: the two bare requests that a sale takes, through the same cable.
"""

from __future__ import annotations

import logging
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import requests

from appliance.demo.goods import GOODS
from appliance.demo.network import Network
from appliance.demo.shopper import buy_online
from appliance.storage.catalogue import Catalogue
from tests.bench.measuring import figure, milliseconds, options, report
from tests.faults.campaign_seller import Seller
from tests.faults.campaign_shop import demo_shop
from tests.faults.campaign_till import Place, open_till, serving
from tests.sync.conftest import Clock

SHOP_SECONDS = 0.1
POLL_SECONDS = 5.0
LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 15.0
UP_TARGET_MS, DOWN_TARGET_MS = 2_000, 10_000
SKUS = [good.sku for good in GOODS if good.stock > 10]


@dataclass
class Result:
    """Milliseconds of each way."""

    up_ms: list[float] = field(default_factory=list)
    down_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)


def keep_in_step(place: Place) -> None:
    """The sync service as its program runs it, until killed."""
    logging.disable(logging.INFO)
    with open_till(place) as database, serving(place, database, Clock(), "b0" * 16) as service:
        service.run(threading.Event())


@contextmanager
def in_step(folder: Path, poll_seconds: float) -> Iterator[tuple[str, Network, Seller]]:
    """A shop that answers after a while, a till beside it, and the service between them."""
    context = multiprocessing.get_context("forkserver")
    with ExitStack() as stack:
        owner = stack.enter_context(demo_shop(context, folder))
        network = stack.enter_context(Network.in_front_of(owner.url))
        place = Place(
            folder / "till.db",
            "T1",
            network.url,
            owner.url,
            owner.key,
            owner.secret,
            late=timedelta(minutes=15),
            deadline_seconds=30.0,
            poll=timedelta(seconds=poll_seconds),
            first_wait_seconds=2.0,
            longest_wait_seconds=120.0,
        )
        database = stack.enter_context(open_till(place))
        with serving(place, database, Clock(), "b0" * 16) as service:
            service.run_once()
        network.pause_seconds = SHOP_SECONDS
        program = context.Process(target=keep_in_step, args=(place,), daemon=True)
        program.start()
        stack.callback(program.kill)
        yield owner.url, network, Seller(random.Random(1), SKUS, database)


def measure(folder: Path, rounds: int, poll_seconds: float) -> Result:
    """Sell ``rounds`` times on each side."""
    result, chance = Result(), random.Random(2)
    with in_step(folder, poll_seconds) as (shop_url, network, seller):
        with closing(sqlite3.connect(folder / "shop.db", isolation_level=None)) as books:
            seller.sell()
            _until(lambda: _is_completed(books, seller))
            for _ in range(rounds):
                time.sleep(chance.uniform(0.04, 0.3) * poll_seconds)
                seller.sell()
                result.up_ms.append(milliseconds(lambda: _until(lambda: _is_completed(books, seller))))
                result.floor_ms.append(milliseconds(lambda: _two_bare(network)))
        catalogue = Catalogue(seller.database, Clock())
        for number in range(rounds):
            time.sleep(chance.uniform(0, poll_seconds))
            sku = SKUS[number % len(SKUS)]
            before = _on_hand(catalogue, sku)
            buy_online(shop_url, sku, "Niamh Byrne")
            result.down_ms.append(
                milliseconds(lambda sku=sku, was=before: _until(lambda: _on_hand(catalogue, sku) != was))  # type: ignore[misc]
            )
    return result


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("the other side never heard of it")
        time.sleep(LOOK_SECONDS)


def _is_completed(books: sqlite3.Connection, seller: Seller) -> bool:
    return bool(
        books.execute(
            "SELECT 1 FROM shop_order AS o JOIN order_meta AS m ON m.order_id = o.id "
            "WHERE m.key = 'till_sale_id' AND m.value = ? AND o.status = 'completed'",
            (seller.books.sales[-1].sale.sale_id,),
        ).fetchall()
    )


def _on_hand(catalogue: Catalogue, sku: str) -> int | None:
    found = catalogue.find_barcode(None, sku)
    assert found is not None
    return found.on_hand


def _two_bare(network: Network) -> None:
    for _ in range(2):
        requests.get(f"{network.url}/wp-json/", timeout=30)


def main(arguments: Sequence[str] | None = None, poll_seconds: float = POLL_SECONDS) -> Result:
    """Measure and print."""
    chosen = options("How soon each side knows of the other's sales.", 20, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        result = measure(Path(folder), chosen.rounds, poll_seconds)
    up = figure("paid at the till -> completed in the shop", result.up_ms)
    down = figure(f"bought online -> seen, asking each {poll_seconds:g} s", result.down_ms)
    floor = figure("the same two requests, bare", result.floor_ms)
    facts: dict[str, float | str] = {
        "the shop answers after, ms": SHOP_SECONDS * 1000,
        "up: the longest, ms": round(max(result.up_ms)),
        "target, ms": UP_TARGET_MS,
        "down: the longest, ms": round(max(result.down_ms)),
        "target: down, ms": DOWN_TARGET_MS,
        "p50: up / floor": round(up.p50_ms / floor.p50_ms, 2),
    }
    report("Till and shop in step", (up, floor, down), facts, chosen.json)
    return result


if __name__ == "__main__":
    main()

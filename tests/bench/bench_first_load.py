"""A new till's first load against the time that the shop itself needs to answer the same pages, in one run.

The shop is the demo's, in a process of its own, with as many products as wanted. In turns:

- the till: ``Download.changes`` into an empty file, pauses and all, until the last page is on disk;
- bare: the same pages asked for one after the other over a kept-alive connection, read and thrown away.

A real shop needs 3.3 s for such a page on a small machine, the demo's about 1/40 of it: the ratio is the worst case.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.demo.shop.database import ShopDatabase, fill_settings
from appliance.domain.money import currency
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.shops.woocommerce_catalogue import PRODUCT_FIELDS
from appliance.shops.woocommerce_rest import Rest
from appliance.storage.catalogue import Catalogue
from appliance.storage.facts import ShopFacts
from appliance.storage.mirror import Mirror
from appliance.sync.download import Download
from tests.bench.measuring import figure, options, report
from tests.storage.samples import fresh_till, sealer

KEY, SECRET = "ck_bench", "cs_bench"
PRODUCTS = 10_000


@dataclass
class Result:
    """Milliseconds of each way, and what was asked."""

    till_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)
    first_page_ms: list[float] = field(default_factory=list)
    requests: int = 0
    received: int = 0


class CountingHttp(HttpClient):
    """Our HTTP client, with a count of requests and of the bytes of their answers."""

    count = received = 0

    def request(self, *given, **named):  # type: ignore[no-untyped-def]
        answer = super().request(*given, **named)
        self.count += 1
        self.received += len(answer.body)
        return answer


def fill(path: Path, how_many: int) -> None:
    """Write so many products into a new shop's file."""
    shop = ShopDatabase(path)
    fill_settings(shop, currency="EUR", decimals=2, country="IE", includes_tax=True)
    now = shop.stamp()
    usual = {
        "type": "simple", "status": "publish", "price": "9.80", "regular_price": "9.80", "sale_price": "",
        "manage_stock": 1, "tax_status": "taxable", "tax_class": "", "stock": 20, "stock_status": "instock",
        "backorders": "no", "attributes": "[]", "created": now, "modified": now,
    }  # fmt: skip
    with shop.transaction():
        for number in range(1, how_many + 1):
            product_id = shop.new_post("product")
            own = {"id": product_id, "name": f"Enamel mug number {number}", "sku": f"SKU{number}", "gtin": ""}
            shop.insert("product", **own, **usual)
            shop.insert("product_category", product_id=product_id, category_id=1)
    shop.close()


def measure(folder: Path, rounds: int, how_many: int) -> Result:
    """Load ``rounds`` tills, and ask for the pages as often."""
    fill(folder / "shop.db", how_many)
    command = [sys.executable, "-m", "appliance.demo.shop", "--data", str(folder / "shop.db")]
    with subprocess.Popen(
        [*command, "--key", KEY, "--secret", SECRET], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            result = Result()
            for number in range(rounds):
                _load(url, folder / f"till{number}.db", result)
                _ask(url, result)
            return result
        finally:
            process.terminate()


def _load(url: str, path: Path, result: Result) -> None:
    db, _, _ = fresh_till(path)
    http = CountingHttp(url)
    shop = WooCommerce(http, KEY, SECRET, currency("EUR"), now=_now, new_id=lambda: uuid.uuid4().hex)
    catalogue, facts = Catalogue(db, _now), ShopFacts(db)
    seen = [0.0]
    began = time.perf_counter()

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if not seen[0] and facts.first_load() is not None:
            seen[0] = (time.perf_counter() - began) * 1000

    download = Download(shop, catalogue, facts, "EUR", _now, sleep, Mirror.on(db, sealer()))
    while not download.changes().is_finished:
        pass
    result.till_ms.append((time.perf_counter() - began) * 1000)
    result.first_page_ms.append(seen[0] or result.till_ms[-1])
    result.requests, result.received = http.count, http.received
    http.close()
    db.close()


def _ask(url: str, result: Result) -> None:
    http = HttpClient(url)
    rest = Rest(http, KEY, SECRET, now=_now, new_id=lambda: uuid.uuid4().hex)
    began = time.perf_counter()
    for _ in rest.pages("/wc/v3/products", {"_fields": PRODUCT_FIELDS, "orderby": "id", "order": "asc"}):
        pass
    result.bare_ms.append((time.perf_counter() - began) * 1000)
    http.close()


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: Sequence[str] | None = None, products: int = PRODUCTS) -> Result:
    """Measure and print."""
    chosen = options("A first load against the shop's own time for the same pages.", 3, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        result = measure(Path(folder), chosen.rounds, products)
    till = figure(f"first load of {products:,} products", result.till_ms)
    bare = figure("the same pages, asked for alone", result.bare_ms)
    first = figure("until products of the first page can be sold", result.first_page_ms)
    facts: dict[str, float | str] = {
        "p50: till / bare": round(till.p50_ms / bare.p50_ms, 2),
        "requests": result.requests,
        "MB received": round(result.received / 1e6, 1),
    }
    report("The first load", (till, bare, first), facts, chosen.json)
    return result


if __name__ == "__main__":
    main()

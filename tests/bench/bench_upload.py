"""Telling the shop of one sale, against the same two requests sent bare, in one run.

Both talk to the demo's shop in a process of its own, over a kept-alive connection, in turns:

- the till: ``Telling.tell``, from "due" to "sent" on disk: reserve, remember, commit, each state written before;
- bare: ``requests.Session``, the same two bodies signed the same way, answers read and thrown away.

It also counts the requests of one sale.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import requests

from appliance.domain.money import currency
from appliance.domain.tender import CompletedSale
from appliance.shops import woocommerce_auth as auth
from appliance.shops.http import HttpAnswer, HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.shops.woocommerce_order_body import order_body
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.sync.upload import Telling
from tests.bench.measuring import figure, milliseconds, options, report
from tests.storage.samples import fresh_till, paid, sale, seal

KEY, SECRET = "ck_bench", "cs_bench"
LINES = 5


class CountingHttp(HttpClient):
    """Our HTTP client, with a count."""

    count = 0

    def request(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> HttpAnswer:
        self.count += 1
        return super().request(method, target, headers or {}, body)


@dataclass(slots=True)
class Bare:
    """The same two requests without the till."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def tell(self, completed: CompletedSale) -> None:
        made = self._post("/wc/v3/orders", order_body(completed, currency("EUR")))
        self._post(f"/wc/v3/orders/{made['id']}", {"status": "completed"})

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.url}/wp-json{path}"
        signed = auth.signed(
            "POST", url, {}, key=KEY, secret=SECRET, seconds=int(time.time()), nonce=uuid.uuid4().hex
        )
        answer = self.session.post(f"{url}?{auth.query(signed)}", json=body, timeout=30)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made


@dataclass
class Result:
    """Milliseconds of each way, and requests per sale."""

    till_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)
    requests_per_sale: float = 0.0


def measure(folder: Path, rounds: int) -> Result:
    """Tell ``rounds`` sales both ways, in turns."""
    command = [sys.executable, "-m", "appliance.demo.shop", "--data", str(folder / "shop.db")]
    with subprocess.Popen(
        [*command, "--key", KEY, "--secret", SECRET], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            return _measure(json.loads(process.stdout.readline())["url"], folder, rounds)
        finally:
            process.terminate()


def _measure(url: str, folder: Path, rounds: int) -> Result:
    db, identity, person = fresh_till(folder / "till.db")
    journal, outbox, result = Journal(db, identity, seal=seal()), Outbox(db), Result()
    http, bare = CountingHttp(url), Bare(url)
    shop = WooCommerce(http, KEY, SECRET, currency("EUR"), now=_now, new_id=lambda: uuid.uuid4().hex)
    telling = Telling(shop, outbox, journal.sale, _now)
    for number in range(rounds):
        made = sale(number, LINES)
        recorded = journal.record(made, paid(made), person, _now(), print_receipt=False)
        (entry,) = outbox.due(_now(), 10)
        result.till_ms.append(milliseconds(lambda entry=entry: telling.tell(entry)))  # type: ignore[misc]
        completed = recorded.completed
        result.bare_ms.append(milliseconds(lambda each=completed: bare.tell(each)))  # type: ignore[misc]
    result.requests_per_sale = http.count / rounds
    http.close()
    bare.session.close()
    db.close()
    return result


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: Sequence[str] | None = None) -> Result:
    """Measure and print."""
    chosen = options("Telling the shop of a sale against bare requests.", 200, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        result = measure(Path(folder), chosen.rounds)
    till = figure(f"Telling.tell, {LINES} lines", result.till_ms)
    bare = figure("the same two requests, bare", result.bare_ms)
    facts: dict[str, float | str] = {
        "requests per sale": round(result.requests_per_sale, 2),
        "p50: till / bare": round(till.p50_ms / bare.p50_ms, 2),
        "p95: till / bare": round(till.p95_ms / bare.p95_ms, 2),
    }
    report("Telling the shop", (till, bare), facts, chosen.json)
    return result


if __name__ == "__main__":
    main()

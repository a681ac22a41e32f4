"""Random edits on the shop's side, sales on the till's, cuts and restarts: after quiet the till is as the shop is.

    python -m tests.sync.download_machine [--examples N] [--seed S]
        [--url URL --key CK --secret CS [--ca FILE] --socket FILE --database NAME]

Without a URL each example has a demo's shop of its own; with one, all play in that real shop, on products of their own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    rule,
    run_state_machine_as_test,
)

from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.domain.money import currency
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.sync.download import Download as Downloading
from appliance.sync.due import Due, Part
from tests.shops.counter import Owner
from tests.sync.both_sides import (
    PRODUCTS,
    CutHttp,
    DemoSql,
    PowerCutError,
    Side,
    new_id,
    real_sql,
)
from tests.sync.comparing import differences
from tests.sync.conftest import Clock, Counter, Machine, build_service
from tests.sync.shop_edits import EACH, Edits, Played, RealShop

NUMBERS: Final = st.integers(0, 10)
MOST_ROUNDS: Final = 40


class Download(Edits):
    """One shop, one till."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = ExitStack()
        self.folder = Path(self.ends.enter_context(tempfile.TemporaryDirectory()))
        self.clock = Clock()
        shop = self.real or self._demo()
        self.code = shop.currency
        self.till_http = CutHttp(shop.url, ca_file=shop.ca, deadline_seconds=60)
        self.ends.callback(self.till_http.close)
        owner_http = HttpClient(shop.url, ca_file=shop.ca, deadline_seconds=120)
        self.ends.callback(owner_http.close)
        money = currency(self.code)
        clock = self.clock if self.real is None else lambda: datetime.now(UTC)
        owner = Owner(owner_http, shop.key, shop.secret, now=clock, new_id=new_id)
        self.side = Side(owner, shop.sql, money.parse_rounded)
        self.keys = shop.key, shop.secret
        self.played.examples += 1

    def _demo(self) -> RealShop:
        demo = DemoShop(self.folder / "shop.db", now=lambda: self.clock().timestamp())
        self.ends.enter_context(demo)
        self.ends.callback(demo.database.close)
        demo.database.insert("tax_rate", country="IE", rate="23.0000", name="VAT", **{"class": "standard"})
        return RealShop(demo.url, KEY, SECRET, None, DemoSql(demo.database), "EUR")

    @initialize()
    def open(self) -> None:
        """A few goods, and a till that has read them."""
        made = self.side.owner.write(f"{PRODUCTS}/categories", {"name": f"Kind {new_id()[:8]}"})
        self.side.category = int(made["id"])
        for stock in (20, 3):
            self.side.add_product(stock_quantity=stock, categories=[{"id": made["id"]}])
        self._variable()
        self._start()
        self._rounds(3)

    def _variable(self, **body: Any) -> int:
        options = ["S", "M", "L"]
        attribute = {"name": "Size", "options": options, "visible": True, "variation": True}
        usual = {"type": "variable", "manage_stock": False, "stock_quantity": None, "regular_price": ""}
        parent = self.side.add_product(name="Apron", attributes=[attribute], **(usual | body))
        for option in options[:2]:
            self.side.add_variation(parent, option, manage_stock=True, stock_quantity=10)
        return parent

    def _start(self) -> None:
        is_new = not (self.folder / "till.db").exists()
        self.database = Database.open(self.folder / "till.db", now=self.clock)
        if is_new:
            series = f"M{new_id()[:6].upper()}"
            Identity(self.database).create(new_id(), series, self.code)
        shop = WooCommerce(self.till_http, *self.keys, currency(self.code), now=self.clock, new_id=new_id)
        machine = Machine()
        service = build_service(shop, self.database, self.clock, machine)
        service.download = service.looking.download = _in(service.download, self.code)
        self.counter = Counter(Path(), "", None, self.database, self.clock, service, machine)  # type: ignore[arg-type]

    def _rounds(self, count: int) -> None:
        for _ in range(count):
            try:
                self.counter.service.round(force=True)
            except PowerCutError:
                self.played.restarts += 1
                self.database.close()
                self._start()
            self.clock.ahead += timedelta(seconds=91)

    # The till's side, and what lies between ---------------------------------------------------------------------------

    @rule(number=NUMBERS, quantity=st.integers(1, 2))
    def the_till_sells(self, number: int, quantity: int) -> None:
        product = self.counter.catalogue.get(self._product(number))
        if product is not None and product.sku and product.price_minor:
            self.played.sales += 1
            self.counter.sell(**{f"p{product.sku}": quantity})

    @rule(count=st.integers(1, 3))
    def time_passes(self, count: int) -> None:
        self._rounds(count)

    @rule(
        after=st.integers(0, 12),
        how=st.sampled_from(("refuse", "lost", "power")),
        hours=st.sampled_from((0, 25)),
    )
    def it_is_cut(self, after: int, how: str, hours: int) -> None:
        """In the middle of a round, of the nightly one too."""
        self.played.cuts += 1
        self.till_http.cut(after, how)
        self.clock.ahead += timedelta(hours=hours)
        self._rounds(1)
        self.till_http.mend()

    @rule()
    def the_program_starts_again(self) -> None:
        self.played.restarts += 1
        self.database.close()
        self._start()

    @rule()
    def everything_is_read_anew(self) -> None:
        ShopFacts(self.database).set_cursor(None)

    @rule()
    def it_is_quiet(self) -> None:
        """A night passes: nothing is due any more, and both are compared."""
        began = time.monotonic()
        self.till_http.mend()
        facts, parts = ShopFacts(self.database), self.counter.service.parts
        for hours in (25,) if self.real else (1, 25):
            self.clock.ahead += timedelta(hours=hours)
            for _ in range(MOST_ROUNDS):
                self._rounds(1)
                facts.accept_vanished()
                rest = self.counter.service.looking.next_at(self.clock()) - self.clock()
                if rest > timedelta(seconds=-60) and not _is_due(parts.due, self.clock()):
                    break
            self._rounds(4)
        assert self.counter.outbox.counts().due == 0
        found = differences(self.side, self.database, self.counter.catalogue)
        assert not found, "\n".join(found)
        self.played.compared += 1
        self.played.slowest.append(time.monotonic() - began)

    def teardown(self) -> None:
        try:
            self.it_is_quiet()
            self.played.requests += self.till_http.requests
            if self.real is not None:
                print(self.played, flush=True)  # an example takes minutes
        finally:
            if hasattr(self, "database"):
                self.database.close()
            self.ends.close()


def _is_due(due: Due, now: datetime) -> bool:
    rare = (
        Part.SETTINGS,
        Part.STOCK,
        Part.COUPONS,
        Part.CUSTOMERS,
        Part.ORDERS_AGAIN,
        Part.PEOPLE,
        Part.NUMBERS,
    )
    return any(due.is_due(part, now) for part in rare)


def _in(download: Downloading, code: str) -> Downloading:
    return replace(download, currency=code)


def run(examples: int, steps: int, number: int | None = None, real: RealShop | None = None) -> Played:
    """Play so many examples; the first one that goes wrong is told with its steps."""
    played = Played()
    machine = type("DownloadMachine", (Download,), {"real": real, "played": played})
    if number is not None:
        machine = seed(number)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=number is None,
            phases=[Phase.generate] if number is not None else [Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    return played


def one_of_each(real: RealShop | None) -> Played:
    """Play one example by hand."""
    played = Played()
    machine: type[Download] = type("DownloadMachine", (Download,), {"real": real, "played": played})
    state = machine()
    try:
        state.open()
        for name, given in EACH:
            getattr(state, name)(**given)
    finally:
        state.teardown()
    return played


def main() -> None:
    """Play many, and say what was done."""
    parser = argparse.ArgumentParser(
        description="The till against the shop: random edits, cuts and restarts."
    )
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    for name in ("url", "key", "secret", "ca", "database", "currency"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--socket", type=Path)
    parser.add_argument("--each", action="store_true", help="one example with every kind of edit, by hand")
    chosen = parser.parse_args()
    real = None
    if chosen.url:
        sql = real_sql(chosen.socket, chosen.database)
        real = RealShop(chosen.url, chosen.key, chosen.secret, chosen.ca, sql, chosen.currency or "EUR")
    began = time.monotonic()
    played = one_of_each(real) if chosen.each else run(chosen.examples, chosen.steps, chosen.seed, real)
    took = time.monotonic() - began
    print(f"{played.examples} examples in {took:.0f} s: {played.edits} edits, {played.sales} sales, "
          f"{played.cuts} cuts, {played.restarts} restarts, {played.compared} comparisons, {played.requests} requests; "
          "the till was as the shop each time.")  # fmt: skip


if __name__ == "__main__":
    main()

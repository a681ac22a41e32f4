"""Tills sell through a network at its worst, their power goes, the web buys; then it is calm, and all must agree."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from appliance.demo.network import Network
from appliance.storage.outbox import Outbox
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.stock_moves import StockMoveOutbox
from tests.faults.campaign_calm import calm_down, compare_tills, fetch
from tests.faults.campaign_judge import Books, compare
from tests.faults.campaign_plan import Figures, Plan
from tests.faults.campaign_seller import Seller
from tests.faults.campaign_shop import Owner, demo_shop
from tests.faults.campaign_till import Place, bring, open_till
from tests.shops.signed_again import signing_again

BACKLOG = 6
"""Sales that a till has waiting before it sells on: the power shall go in the middle of telling."""
CUTS = 0.05
"""Of a hundred sales, so many are followed by a power cut or a kill."""
WEB_ORDERS = 0.15
"""To each sale of a till."""


@dataclass(slots=True)
class Till:
    """One till: who sells at it, its cable, and its sync service's process."""

    place: Place
    network: Network
    context: ForkServerContext
    chance: random.Random
    figures: Figures
    boot_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    sold: list[Seller] = field(default_factory=list)
    counts: tuple[int, int] = (0, 0)
    process: BaseProcess | None = None

    def sell(self, sales: int, skus: list[str], plan: Plan) -> None:
        """Sell at a till whose power goes now and then, and tell all of it. Runs in a thread of its own."""
        seller = Seller.at(self.place, self.chance.randrange(1 << 30), skus)
        self.sold.append(seller)
        outboxes = (
            Outbox(seller.database),
            StockMoveOutbox(seller.database),
            RefundOutbox(seller.database),
        )

        def waiting() -> int:
            counts = [each.counts() for each in outboxes]
            self.counts = sum(each.due for each in counts), sum(each.parked for each in counts)
            return self.counts[0]

        self._start()
        while len(seller.books.sales) < sales:
            self._watch()
            if waiting() >= BACKLOG:
                time.sleep(0.02)
                continue
            seller.sell()
            if self.chance.random() < plan.refunds:
                seller.give_back()
            if self.chance.random() < plan.moves:
                seller.count()
            if self.chance.random() < CUTS:
                time.sleep(self.chance.random() * 0.3)
                self.cut()
                self._start()
        end = time.monotonic() + plan.lingering_seconds
        while waiting() and time.monotonic() < end:
            self._watch()
            time.sleep(0.02)
        self.cut()
        seller.database.close()

    def cut(self) -> None:
        """Kill the service; as often as not the machine starts anew with it."""
        assert self.process is not None
        self.process.kill()
        self.process.join()
        if self.chance.random() < 0.5:
            self.boot_id = uuid.uuid4().hex
            self.figures.power_cuts += 1
        else:
            self.figures.kills += 1

    def _start(self) -> None:
        words = (self.place, self.boot_id, self.chance.randrange(1 << 30))
        self.process = self.context.Process(target=bring, args=words, daemon=True)
        self.process.start()

    def _watch(self) -> None:
        if self.process is not None and self.process.exitcode is not None:
            self.figures.fell_over += 1
            self._start()


def run(plan: Plan, folder: Path, tell: Callable[[str], None]) -> Figures:
    """Run the campaign. ``tell`` is given a line of progress now and then."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.campaign_till", "tests.faults.campaign_shop"])
    figures, began = Figures(), time.monotonic()
    with ExitStack() as stack:
        owner = stack.enter_context(Owner(*plan.shop) if plan.shop else demo_shop(context, folder))
        mark = f"H{int(time.time()) % 1_000_000}"
        series = [f"{mark}{number}" for number in range(plan.tills)]
        if plan.shop:
            stack.callback(lambda: owner.clean_up(series))
        skus = owner.make_products(plan.products, f"H-{mark}-")
        tills = [stack.enter_context(_till(plan, folder, each, owner, context, figures)) for each in series]
        for till in tills:
            fetch(till, skus)
        tell(f"{len(owner.products)} products are on {len(tills)} tills")
        _sell(plan, tills, owner, skus, tell)
        figures.seconds = time.monotonic() - began
        books = Books()
        for each in (seller.books for till in tills for seller in till.sold):
            books.sales += each.sales
            books.refunds += each.refunds
            books.moves |= each.moves
            books.units.update(each.units)
        figures.sales, figures.web_orders = len(books.sales), len(owner.web_orders)
        figures.refunds, figures.moves = len(books.refunds), len(books.moves)
        calm_down(plan, tills, figures, tell)
        figures.differences = compare(
            books, owner, owner.orders(series), [each for till in tills for each in till.network.road.doubled]
        )
        compare_tills(tills, owner, figures.differences)
        figures.calm_seconds = time.monotonic() - began - figures.seconds
        figures.connections = sum(till.network.connections for till in tills)
        for till in tills:
            figures.requests += till.network.met
    return figures


@contextmanager
def _till(
    plan: Plan, folder: Path, series: str, owner: Owner, context: ForkServerContext, figures: Figures
) -> Iterator[Till]:
    chance = random.Random(f"{plan.seed} {series[-1]}")
    port = int(owner.url.rpartition(":")[2])
    network = Network(port, pick=lambda: "up").start()
    network.again = signing_again(owner.key, owner.secret)
    network.road.late_seconds, network.road.drip_seconds = 0.3, 0.05
    network.road.much_later_seconds = plan.much_later_seconds
    place = Place(
        folder / f"{series}.db",
        series,
        network.url,
        owner.url,
        owner.key,
        owner.secret,
        owner.currency().code,
        timedelta(seconds=plan.late_seconds),
        plan.deadline_seconds,
    )
    open_till(place).close()
    till = Till(place, network, context, chance, figures)
    try:
        yield till
    finally:
        if till.process is not None:
            till.process.kill()
        network.stop()


def _sell(plan: Plan, tills: list[Till], owner: Owner, skus: list[str], tell: Callable[[str], None]) -> None:
    """All that is not calm."""
    for till in tills:
        till.network.pick = _picking(random.Random(till.chance.random()), plan.kinds, plan.faults)
    shares = [plan.sales // len(tills) + (n < plan.sales % len(tills)) for n in range(len(tills))]
    threads = [
        threading.Thread(target=till.sell, args=(share, skus, plan), daemon=True)
        for till, share in zip(tills, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    web, told = random.Random(plan.seed), time.monotonic()
    while any(thread.is_alive() for thread in threads):
        sold = sum(len(seller.books.sales) for till in tills for seller in till.sold)
        if len(owner.web_orders) < sold * WEB_ORDERS:
            owner.buy(web)
        else:
            time.sleep(0.05)
        if time.monotonic() - told > 5:
            told = time.monotonic()
            tell(_progress(sold, plan, tills, owner))
    for till in tills:
        till.network.pick = lambda: "up"


def _picking(chance: random.Random, kinds: Sequence[str], share: float) -> Callable[[], str]:
    return lambda: chance.choice(kinds) if chance.random() < share else "up"


def _progress(sold: int, plan: Plan, tills: list[Till], owner: Owner) -> str:
    due, parked = (sum(each) for each in zip(*(till.counts for till in tills), strict=True))
    met = sum((till.network.met for till in tills), Counter[str]())
    return (
        f"{sold} of {plan.sales} sold, {due} wait, {parked} parked, {len(owner.web_orders)} on the web, "
        f"{met.total()} requests, {met.total() - met['up']} faults"
    )

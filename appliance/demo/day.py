"""A cashier's day, played by itself: what a till is for, and what must hold at the end of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from appliance.demo.books import read_books
from appliance.demo.cashier import Book, Cashier, Pick, good
from appliance.demo.goods import STAFF
from appliance.demo.shopper import buy_online
from appliance.demo.stage import PRINTER, Stage, wait_until

LAST_ONE: Final = "640"
"""The wool blanket: one is left, and it will be sold on both sides."""

OFFLINE_SALES: Final = 20
UPLOAD_SECONDS: Final = 120.0
WAYS: Final = ("scan", "scan", "number")


@dataclass(slots=True)
class Day:
    """One day at the counter.

    Attributes:
        stage: the miniature.
        say: called with each step in words, for the terminal.
        look: called with the step's name, for pictures.
        book: what was sold, by the cashier's and the web shopper's own count.
    """

    stage: Stage
    say: Callable[[str], None]
    look: Callable[[str], None]
    step_seconds: float = 0.0
    book: Book = field(default_factory=Book)
    bought_online: dict[str, int] = field(default_factory=dict)
    sold_offline: int = 0
    oversold_shown: tuple[str, ...] = ()

    @property
    def cashier(self) -> Cashier:
        """The person at the till."""
        return Cashier(self.stage, self.book, self.look, self.step_seconds)

    def play(self) -> None:
        """From the first PIN to the X report."""
        self.open()
        self.morning()
        self.paper_runs_out()
        self.without_a_network()
        self.network_comes_back()
        self.count_up()

    def open(self) -> None:
        """Products come from the shop, Marta signs in."""
        self.say("Marta signs in")
        self.look("sign in")
        self.cashier.sign_in(STAFF[0][0], STAFF[0][2])
        self.cashier.sees("Online")
        self.cashier.sees(good("1209").price)
        self.look("ready")

    def morning(self) -> None:
        """Each way to put something into a sale, each way to pay."""
        cashier = self.cashier
        self.say("A basket by scanning, with a line taken off and brought back, paid with a note")
        picks = [Pick(good("331")), Pick(good("402"), 2), Pick(good("707")), Pick(good("1209"), 3)]
        cashier.ring_up(picks)
        self.look("sell")
        cashier.pick(Pick(good("55")))
        self._take_off_and_back()
        picks.append(Pick(good("55")))
        self.say("A line too many is taken off for good")
        cashier.pick(Pick(good("1101")))
        cashier.tap("One less")
        cashier.tap("Leave it")
        self.say("A code that nobody knows: a band, a low tone, the queue goes on")
        self.stage.bench.scan("5901234123457")
        cashier.sees("5 901234 123457")
        self.look("unknown code")
        picks.append(Pick(good("23")))
        cashier.pick(picks[-1])
        cashier.pay_cash(picks, "200.00")
        self.look("change")
        self.say("By product number and by touch, paid by card")
        picks = [
            Pick(good("612"), 2, "number"),
            Pick(cashier.on_a_tile(), 1, "tile"),
            Pick(good("5"), 1, "number"),
        ]
        cashier.ring_up(picks)
        self.look("by number and by touch")
        cashier.pay_card(picks, "4711")
        self.look("paid by card")
        self._wait_for_uploads()

    def paper_runs_out(self) -> None:
        """The printer is out of paper: the sale is not held up, its receipt waits and comes by itself."""
        self.say("The paper runs out: the sale goes through, its receipt waits")
        bench, cashier = self.stage.bench, self.cashier
        self._wait_for_receipts()
        bench.printer(PRINTER, paper=False)
        picks = [Pick(good("1044"), 2), Pick(good("33"))]
        cashier.ring_up(picks)
        cashier.pay_cash(picks)
        cashier.sees("is out of paper")
        self.look("out of paper")
        bench.printer(PRINTER, paper=True)
        self._wait_for_receipts()

    def without_a_network(self) -> None:
        """Twenty sales that the shop does not hear of, among them its last wool blanket."""
        self.say(f"The network goes; {OFFLINE_SALES} sales without it")
        self.stage.network.mode = "refuse"
        chance = random.Random(20)
        stocked = ("331", "402", "1209", "23", "612", "810", "902", "347", "33", "415", "5", "933")
        cashier = self.cashier
        for count in range(OFFLINE_SALES):
            last_one = count == OFFLINE_SALES // 2
            picks = [
                Pick(good(sku), chance.choice((1, 1, 2, 3)), chance.choice(WAYS))
                for sku in chance.sample(stocked, chance.randint(1, 3))
            ]
            if count % 3 == 0:
                picks.append(Pick(cashier.on_a_tile(30), 1, "tile"))
            if last_one:
                picks = [Pick(good(LAST_ONE))]
            cashier.ring_up(picks)
            if last_one:
                self.look("last one, without a network")
            if count % 4 == 3:
                cashier.pay_card(picks, str(5000 + count))
            else:
                cashier.pay_cash(picks)
            self.sold_offline += 1
        self.say("Meanwhile somebody buys the last wool blanket on the shop's web page")
        buy_online(self.stage.shop_url, LAST_ONE, "Niamh Byrne")
        self.bought_online[LAST_ONE] = 1
        cashier.sees("sales waiting")
        cashier.tap_state()
        cashier.wait("the waiting sales are shown", lambda: self.stage.hand.screen() == "waiting")
        self.look("waiting")
        cashier.tap("Back to selling")

    def network_comes_back(self) -> None:
        """Everything goes up by itself, and the unit that was sold twice is named."""
        self.say("The network is back; the sales go to the shop by themselves")
        self.stage.network.mode = "up"
        cashier = self.cashier
        wait_until("the unit sold twice is shown", lambda: self.stage.hand.sees("sold twice"), UPLOAD_SECONDS)
        self._wait_for_uploads()
        cashier.tap_state()
        cashier.wait("the waiting sales are shown", lambda: self.stage.hand.screen() == "waiting")
        cashier.sees("Niamh Byrne")
        self.look("sold twice")
        self.oversold_shown = tuple(self.stage.hand.texts())
        cashier.tap("Back to selling")

    def count_up(self) -> None:
        """The X report."""
        self.say("X report")
        cashier = self.cashier
        cashier.tap("Menu")
        self.look("menu")
        cashier.tap("X report")
        cashier.wait("the X report is shown", lambda: self.stage.hand.screen() == "x-report")
        total = self.book.taken_minor
        cashier.sees(f"{total // 100:,}.{total % 100:02d}")
        self.look("X report")
        cashier.tap("Print X")
        self._wait_for_paper()

    def _take_off_and_back(self) -> None:
        cashier = self.cashier
        cashier.tap("One less")
        self.look("taken off")
        cashier.tap("Put back")
        cashier.sees(good("55").name)

    def _wait_for_uploads(self) -> None:
        wait_until(
            "every sale is in the shop",
            lambda: len(read_books(self.stage.shop_file).till_orders) >= self.book.sales,
            UPLOAD_SECONDS,
            every=0.2,
        )

    def _wait_for_receipts(self) -> None:
        wait_until(
            "every receipt so far is printed",
            lambda: len(self.stage.papers()) >= self.book.sales,
            UPLOAD_SECONDS,
            every=0.05,
        )

    def _wait_for_paper(self) -> None:
        wait_until(
            "every receipt and the report are printed",
            lambda: len(self.stage.papers()) >= self.book.sales + 1,
            UPLOAD_SECONDS,
            every=0.2,
        )

"""A cashier who works the till as a person does: scans at the scanner, taps at the screen, reads what is shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from appliance.demo.goods import GOODS, Good
from appliance.demo.stage import SCANNER, Stage, wait_until

SHOWN_SECONDS = 10.0
"""How long anything may take to show; far more than it does, as a machine that tests can be busy."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing of a basket and how it is put into the sale."""

    good: Good
    quantity: int = 1
    way: str = "scan"


@dataclass(slots=True)
class Book:
    """What the cashier's own hands and eyes know of the day, kept apart from anything that the till says."""

    sales: int = 0
    taken_minor: int = 0
    units: dict[str, int] = field(default_factory=dict)

    def note(self, picks: Iterable[Pick]) -> None:
        """Write one sale down."""
        self.sales += 1
        for pick in picks:
            self.taken_minor += cents(pick.good) * pick.quantity
            self.units[pick.good.sku] = self.units.get(pick.good.sku, 0) + pick.quantity


def good(sku: str) -> Good:
    """The product with this number."""
    return next(each for each in GOODS if each.sku == sku)


def cents(each: Good) -> int:
    """Its price in cents."""
    return int(each.price.replace(".", ""))


def total_text(picks: Iterable[Pick]) -> str:
    """What the lit key must show for a basket."""
    total = sum(cents(pick.good) * pick.quantity for pick in picks)
    return f"€{total // 100:,}.{total % 100:02d}"


@dataclass(slots=True)
class Cashier:
    """One person at one till.

    Attributes:
        stage: the miniature.
        book: what was sold, by her own count.
        look: called after each step with its name, for pictures.
    """

    stage: Stage
    book: Book
    look: Callable[[str], None]
    step_seconds: float = 0.0

    def sign_in(self, name: str, pin: str) -> None:
        """Pick the name, type the PIN."""
        hand = self.stage.hand
        self.wait("the sign-in screen is shown", lambda: hand.screen() == "sign-in")
        self.tap(name)
        for digit in pin:
            self.tap(digit)
        self.wait("the PIN opens the sell screen", lambda: hand.screen() == "sell")

    def ring_up(self, picks: list[Pick]) -> None:
        """Put a basket into the sale and check that the total on the screen is the basket's."""
        for pick in picks:
            self.pick(pick)
        self.sees(total_text(picks))

    def pick(self, pick: Pick) -> None:
        """Put one thing into the sale the way the basket says."""
        ways = {"scan": self._scan, "number": self._number, "tile": self._tile}
        if pick.way != "scan" and self.stage.hand.screen() == "change":
            self.tap("Next sale")
        ways[pick.way](pick)

    def on_a_tile(self, at_least: int = 10) -> Good:
        """A product that a tile shows now, and of which there are enough."""
        if self.stage.hand.screen() == "change":
            self.tap("Next sale")
        shown = set(self.stage.hand.texts())
        return next(each for each in GOODS if each.sku in shown and each.stock >= at_least)

    def pay_cash(self, picks: list[Pick], amount: str | None = None) -> None:
        """Pay in cash: exactly, or by a quick amount such as "200.00"."""
        self._to_pay()
        self.look("pay")
        self.tap(amount or "Exact cash")
        self._paid(picks)

    def pay_card(self, picks: list[Pick], slip: str) -> None:
        """Pay at the card terminal and type the slip's number."""
        self._to_pay()
        self.tap("Card")
        for digit in slip:
            self.tap(digit)
        self.look("pay by card")
        self.tap("Card paid")
        self._paid(picks)

    def tap(self, label: str) -> None:
        """Tap a key, at a person's pace where one was asked for."""
        self.stage.hand.tap(label)
        time.sleep(self.step_seconds)

    def tap_state(self) -> None:
        """Tap the chip in the header, which leads to the waiting sales."""
        chip = ("Offline", "Online", "need you", "needs you", "sold twice")
        self.tap(next(text for text in self.stage.hand.texts() if any(word in text for word in chip)))

    def sees(self, words: str) -> None:
        """Wait until these words are on the screen."""
        self.wait(f"the screen says {words!r}", lambda: self.stage.hand.sees(words))

    def wait(self, what: str, true: Callable[[], bool]) -> None:
        """Wait for something on the screen."""
        wait_until(what, true, SHOWN_SECONDS, every=0.02)

    def _scan(self, pick: Pick) -> None:
        for _ in range(pick.quantity):
            self.stage.bench.scan(pick.good.gtin, SCANNER)
            time.sleep(self.step_seconds)
        self.sees(pick.good.name)

    def _number(self, pick: Pick) -> None:
        hand = self.stage.hand
        if not hand.sees("Number"):
            self.tap("Keys")
        for digit in pick.good.sku:
            self.tap(digit)
        self.tap("Add")
        for _ in range(pick.quantity - 1):
            self.tap("One more")
        self.sees(pick.good.name)
        if not self._wide:
            self.tap("Tiles")

    def _tile(self, pick: Pick) -> None:
        for _ in range(pick.quantity):
            self.tap(pick.good.sku)
        self.sees(pick.good.name)

    @property
    def _wide(self) -> bool:
        return "width = 1280" in self.stage.settings_path.read_text()

    def _to_pay(self) -> None:
        self.tap("Pay")
        self.wait("the pay screen is shown", lambda: self.stage.hand.screen() == "pay")

    def _paid(self, picks: list[Pick]) -> None:
        self.wait("the sale is done", lambda: self.stage.hand.screen() == "change")
        self.book.note(picks)

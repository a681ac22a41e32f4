"""A cashier who believes what she saw on the screen and nothing else, and looks again when the till was gone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.demo.cashier import SHOWN_SECONDS, good
from appliance.demo.goods import STAFF
from appliance.demo.hand import HandError
from appliance.demo.stage import SCANNER, Stage, StageError, wait_until
from tests.flows.agreement import Basket, pieces, till_file, total_minor

NAME, _, PIN = STAFF[0]
GUARD_SECONDS = 0.42
"""The key that takes the money ignores a finger for so long, for fear of a double tap."""


@dataclass(slots=True)
class CarefulCashier:
    """One person at one till that may be killed at any moment.

    Attributes:
        stage: the miniature.
        step: called at the beginning of each step with the sale's number and the step's name.
        gone: called when the till does not answer; returns when it is certain that it was killed.
        sold: the baskets of the sales that she knows to be made. closed: the days that she knows to be closed.
    """

    stage: Stage
    step: Callable[[int, str], None] = lambda _sale, _step: None
    gone: Callable[[], None] = lambda: None
    sold: list[Basket] = field(default_factory=list)
    closed: int = 0
    looked_again: list[str] = field(default_factory=list)
    _seen: list[str] = field(default_factory=list)
    _unsure: str | None = None
    _may_be_paid: bool = False

    def sell(self, basket: Basket, *, by_card: bool = False) -> None:
        """Sell a basket, whatever happens to the till meanwhile."""
        is_sold = False
        while not is_sold:
            try:
                self._scan_all(basket)
                self._pay(by_card)
                is_sold = True
            except HandError as error:
                is_sold = self._come_back(basket, error)
        self._seen, self._may_be_paid = [], False
        self.step(len(self.sold), "done")
        self.sold.append(basket)

    def close_day(self) -> None:
        """Make a Z report between two sales, once, whatever happens to the till meanwhile."""
        is_closed = False
        while not is_closed:
            try:
                self._close_day()
                is_closed = True
            except HandError as error:
                self._restart(error)
                self.sign_in()
                with till_file(self.stage) as till:
                    made = till.z_reports()
                assert made in (self.closed, self.closed + 1), f"{made} Z reports, she knows of {self.closed}"
                is_closed = made > self.closed
                self._note("the day was closed" if is_closed else "the day was not closed")
        self.closed += 1

    def hold(self, basket: Basket) -> None:
        """Scan a basket and set it aside, whatever happens to the till meanwhile."""
        is_held = False
        while not is_held:
            try:
                self._scan_all(basket)
                self._hold()
                is_held = True
            except HandError as error:
                held, lines = self._after(error)
                is_held = held == [Counter(basket)]
                if not is_held:
                    assert held == [], "another sale is held than hers"
                    self._look_at_lines(lines)
                    continue
                assert not lines, "it is held, and open too"
                self._note("it was held")
        self._seen, self._unsure = [], None

    def recall(self, basket: Basket) -> None:
        """Take the one basket up again that is held; sell it then."""
        is_open = False
        while not is_open:
            try:
                self._recall()
                is_open = True
            except HandError as error:
                held, lines = self._after(error)
                is_open = lines == Counter(basket)
                assert is_open or not lines, "it is open in part"
                assert held == ([] if is_open else [Counter(basket)]), "it is nowhere, or in two places"
                self._note("it was taken up" if is_open else "it was still held")
        self._seen = [*basket]
        self._wait("the sale is shown as it was", lambda: self._shows(basket))

    def sign_in(self) -> None:
        """Pick the name, type the PIN, whatever happens to the till meanwhile."""
        while True:
            try:
                self.step(len(self.sold), "sign in")
                self._sign_in()
                return
            except HandError as error:
                self._restart(error)

    def _sign_in(self) -> None:
        hand = self.stage.hand
        for key in (NAME, *PIN):
            hand.tap(key)
        self._wait("the PIN opens the till", lambda: hand.screen() != "sign-in")

    def _after(self, error: HandError) -> tuple[list[Counter[str]], Counter[str]]:
        """Start the till again; what is held, and what is open."""
        self._restart(error)
        self.sign_in()
        with till_file(self.stage) as till:
            held, draft = till.held(), till.drafts.load()
        return held, pieces(draft.sale) if draft is not None else Counter()

    def _hold(self) -> None:
        hand = self.stage.hand
        for key in ("More", "This sale"):
            hand.tap(key)
        self.step(len(self.sold), "hold")
        hand.tap("Hold")
        self._wait("the sale is held", lambda: hand.sees("held"))

    def _recall(self) -> None:
        hand = self.stage.hand
        if hand.screen() == "change":
            hand.tap("Next sale")
        for key in ("Menu", "Hold 1 held"):
            hand.tap(key)
        self._wait("what is held is shown", lambda: hand.screen() == "held")
        with till_file(self.stage) as till:
            (basket,) = till.held()
        name = next(text for text in hand.texts() if any(text.startswith(good(sku).name) for sku in basket))
        self.step(len(self.sold), "recall")
        hand.tap(name)
        self._wait("it is open", lambda: hand.screen() == "sell")

    def _close_day(self) -> None:
        hand = self.stage.hand
        if hand.screen() == "change":
            hand.tap("Next sale")
        for key in ("Menu", "Close the day"):
            hand.tap(key)
        self._wait("the page to close the day is shown", lambda: hand.screen() == "close-day")
        time.sleep(GUARD_SECONDS)
        self.step(len(self.sold), "close")
        hand.tap("Close the day")
        self._wait("the day is closed", lambda: hand.sees("The day is closed"))
        time.sleep(GUARD_SECONDS)
        hand.tap("Back to selling")

    def _scan_all(self, basket: Basket) -> None:
        for sku in basket[len(self._seen) :]:
            self.step(len(self.sold), "scan")
            self._unsure = sku
            self.stage.bench.scan(good(sku).gtin, SCANNER)
            self._wait(f"{sku} is on the screen", lambda: self._shows([*self._seen, sku]))  # noqa: B023  # used at once
            self._seen.append(sku)
            self._unsure = None

    def _pay(self, by_card: bool) -> None:
        hand = self.stage.hand
        self.step(len(self.sold), "pay")
        hand.tap("Pay")
        self._wait("the pay screen is shown", lambda: hand.screen() == "pay")
        if by_card:
            hand.tap("Card")
            for digit in "4711":
                hand.tap(digit)
        time.sleep(GUARD_SECONDS)
        self.step(len(self.sold), "take")
        self._may_be_paid = True
        hand.tap("Card paid" if by_card else "Exact cash")
        self._wait("the sale is done", lambda: hand.screen() == "change")

    def _come_back(self, basket: Basket, error: HandError) -> bool:
        """Start the till again and look what it says of the sale. True if it is complete."""
        self._restart(error)
        self.sign_in()
        with till_file(self.stage) as till:
            baskets, draft = till.baskets(), till.drafts.load()
        if self._may_be_paid and len(baskets) == len(self.sold) + 1:
            assert baskets[-1] == Counter(basket), "another sale was completed than hers"
            assert draft is None, "a completed sale is still open"
            self._note("it was paid")
            return True
        assert len(baskets) == len(self.sold), "a sale appeared or went that she did not make"
        self._look_at_lines(pieces(draft.sale) if draft is not None else Counter())
        self._may_be_paid = False
        return False

    def _look_at_lines(self, lines: Counter[str]) -> None:
        """A line that she saw must still be there; the one scan that she did not see may or may not be."""
        if self._unsure is not None and lines == Counter([*self._seen, self._unsure]):
            self._note("the unseen line is there")
            self._seen.append(self._unsure)
        else:
            assert lines == Counter(self._seen), f"she saw {self._seen}, and the till came back with {lines}"
            self._note(f"{len(self._seen)} lines are there")
        self._unsure = None
        self._wait("the sale is shown as it was", lambda: self._shows(self._seen))

    def _shows(self, basket: Basket) -> bool:
        total = total_minor(basket)
        hand = self.stage.hand
        return hand.screen() == "sell" and hand.sees(f"€{total // 100:,}.{total % 100:02d}")

    def _restart(self, error: HandError) -> None:
        """Switch the till on again after a kill; any other silence of the screen is a failure."""
        self.gone()
        process = self.stage.kiosk.process
        if process is None or process.poll() is None:
            raise error
        self.stage.hand.close()
        self.stage.start_kiosk()

    def _note(self, words: str) -> None:
        self.looked_again.append(words)

    def _wait(self, what: str, true: Callable[[], bool]) -> None:
        try:
            wait_until(what, true, SHOWN_SECONDS, every=0.01)
        except StageError as error:
            with till_file(self.stage) as till:
                draft = till.drafts.load()
            lines = dict(pieces(draft.sale)) if draft is not None else {}
            error.add_note(f"The screen says {self.stage.hand.texts()}.\nThe draft holds {lines}.")
            error.add_note(
                "\n".join(f"{each.name}: {each.words()}" for each in (self.stage.kiosk, self.stage.syncd))
            )
            raise

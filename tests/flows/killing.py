"""Power cuts for one program: SIGKILL, in the middle of something."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from appliance.demo.books import read_books
from appliance.demo.program import Program
from appliance.demo.stage import Stage

KIOSK, SYNCD = "kiosk", "syncd"
MOMENTS: Final = {
    KIOSK: {"scan": 0.3, "pay": 0.3, "take": 0.15, "done": 0.3},
    SYNCD: {"scan": 0.3, "take": 0.3, "upload": 0.03},
}
"""The steps of a sale that a kill may fall into, with the longest time from the step's beginning, in seconds. The
shorter ones aim: at the transaction that completes a sale, and at the requests that tell the shop of one."""
CLOSE, HOLD, RECALL, SIGN_IN = "close", "hold", "recall", "sign in"
SELDOM: Final = {2: CLOSE, 5: HOLD, 8: RECALL}
"""Of each ten kills, those that fall into what is seldom done."""
SELDOM_SECONDS = 0.2
SIGN_IN_EVERY = 10
UPLOAD_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Strike:
    """One kill that is planned.

    Attributes:
        sale: counted from 0; step: what of it the kill falls into.
        delay_seconds: from the beginning of the step.
    """

    sale: int
    step: str
    victim: str
    delay_seconds: float


def plan(
    chance: random.Random,
    sales: Sequence[int],
    strikes: int,
    seldom: Mapping[int, str] = MappingProxyType({}),
) -> list[Strike]:
    """Kills spread over the day at random: when, whom, at which step, and how long after its beginning.

    Two of five are for the sync service. One of ten falls while she signs in again after the one before.
    """
    again = (strikes + 6) // SIGN_IN_EVERY
    chosen: list[Strike] = []
    for sale in sorted(chance.sample(sales, strikes - again)):
        victim = SYNCD if len(chosen) % 5 in (1, 3) else KIOSK
        step = chance.choice([*MOMENTS[victim]])
        chosen.append(Strike(sale, step, victim, chance.uniform(0, MOMENTS[victim][step])))
        if special := seldom.get(len(chosen) % SIGN_IN_EVERY):
            chosen[-1] = Strike(sale, special, KIOSK, chance.uniform(0, SELDOM_SECONDS))
        if len(chosen) % SIGN_IN_EVERY == 3 and len(chosen) < strikes:
            chosen.append(Strike(sale, SIGN_IN, KIOSK, chance.uniform(0, 0.4)))
    return chosen


@dataclass(slots=True)
class Killer:
    """Carries a plan out, on a thread of its own, while the cashier works.

    Attributes:
        left: strikes still to come. done: what was hit, in words. hits: how often, by program and step.
    """

    stage: Stage
    left: list[Strike]
    done: list[str] = field(default_factory=list)
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    _thread: threading.Thread | None = None

    def step(self, sale: int, step: str) -> None:
        """A step of a sale begins; if a strike is planned for it, or is late, it falls within a moment."""
        if not self.left or (self._thread is not None and self._thread.is_alive()):
            return
        strike = self.left[0]
        if sale < strike.sale or (sale == strike.sale and step != strike.step):
            return
        del self.left[0]
        kill = self._kill_kiosk if strike.victim == KIOSK else self._kill_syncd
        self._thread = threading.Thread(target=kill, args=(strike, step, time.monotonic()), daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the strike that is under way."""
        if self._thread is not None:
            self._thread.join()

    def _kill_kiosk(self, strike: Strike, step: str, began: float) -> None:
        time.sleep(strike.delay_seconds)
        self._kill(self.stage.kiosk, step, began)

    def _kill_syncd(self, strike: Strike, step: str, began: float) -> None:
        if strike.step == "upload":
            self._wait_for_an_order()
        time.sleep(strike.delay_seconds)
        self._kill(self.stage.syncd, step, began)
        self.done[-1] += f", {read_books(self.stage.shop_file).unfinished} orders half-way"
        self.stage.syncd.start()

    def _kill(self, program: Program, step: str, began: float) -> None:
        assert program.process is not None and program.process.poll() is None, (
            f"{program.name} ended by itself"
        )
        program.kill()
        self.hits[program.name, step] += 1
        self.done.append(f"{program.name}, {1000 * (time.monotonic() - began):.0f} ms into {step!r}")

    def _wait_for_an_order(self) -> None:
        """Until the sync service has begun to tell the shop of another sale."""
        before = self._orders()
        end = time.monotonic() + UPLOAD_SECONDS
        while self._orders() == before and time.monotonic() < end:
            time.sleep(0.003)

    def _orders(self) -> int:
        books = read_books(self.stage.shop_file)
        return len(books.till_orders) + books.unfinished

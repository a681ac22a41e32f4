"""Two tills with the same unsent sale, a card that was copied: every schedule of faults, power cuts and turns.

First the till that the card was copied from may have gone some steps. Then both copies tell the sale, each from its
own disk: at each request and each write a schedule may let the other one go first, may cut the power, may keep a card
in a drawer until the other one is long done, or put its program to sleep for as long, and at each request a fault may
strike. At the end there must be one completed order, its units taken once, nothing on hold, no claim left, and both
tills must know that order.

It runs the real telling and late look on two outboxes in memory, before one shop in memory. Faults that leave the same
behind are one here (``model_faults``).

    python tests/faults/explore_clones.py --faults 2
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Protocol

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.shops.contract import OrderStatus, ShopError
from appliance.sync.late_look import CLAIM_KEPT
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from tests.faults.baton import Baton
from tests.faults.memory_outbox import MemoryOutbox, at_once, fresh
from tests.faults.model_faults import Kind, few_kinds_for
from tests.faults.model_shop import ModelShop
from tests.faults.model_till import LATE, SALE_ID, PowerCutError, Told, completed
from tests.faults.model_time import Clock
from tests.faults.schedules import Choices, Explored, command, walk

STEPS_BEFORE: Final = 6
"""The writes and requests of a plain telling, before any of which the card may have been copied."""

SHORT: Final = timedelta(seconds=20)
PASSES: Final = 14


class InADrawerError(BaseException):  # no part of the till may catch it
    """The power went, and this card comes back when the other till is long done."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is explored: the uploader, the late look, the shop, and which of the two tills claim what they inherited."""

    telling: type[Telling] = Telling
    sweep: type[Sweep] = Sweep
    shop: type[ModelShop] = ModelShop
    claims: tuple[bool, bool] = (True, True)
    errand: Callable[[World], Errand] = lambda world: OneSale(world)  # noqa: PLW0108 - it is defined below
    kinds: Callable[[str], tuple[Kind, ...]] = few_kinds_for


class World:
    """One schedule's shop, clock and choices, and both tills' disks."""

    def __init__(self, prefix: tuple[int, ...], parts: Parts) -> None:
        self.parts, self.choose, self.clock, self.baton = parts, Choices(prefix), Clock(), Baton()
        self.told = Told({SALE_ID: completed()})
        self.shop = parts.shop(self.clock, self.clock.pass_by, self.choose.of, parts.kinds)
        self.shop.know(completed())
        self.errand = parts.errand(self)
        self.disks = [self.errand.fresh(), self.errand.fresh()]
        self.away: set[int] = set()
        self.asleep: dict[int, threading.Event] = {}
        self.failures: list[BaseException] = []

    def outbox(self, till: int, chosen: Callable[[int], int] | None = None) -> Any:
        """A till's disk; with choices of when its power is cut."""
        disk = self.disks[till]
        disk.writing = at_once if chosen is None else lambda write: _cut(chosen, write)
        return disk

    def fate(self, chosen: Callable[[int], int]) -> None:
        """Let these choices say what befalls the next requests."""
        self.shop.choose = lambda kinds: self.choose.named(kinds, chosen(len(kinds)))


class Errand(Protocol):
    """What both tills have to tell, and the pauses between their late looks."""

    pauses: Sequence[timedelta]

    def fresh(self) -> Any:
        """A disk on which nothing is told."""

    def tell(self, outbox: Any, till: int) -> bool:
        """One round of one till; False if it has nothing to tell."""

    def look_late(self, outbox: Any, till: int) -> None:
        """One late look of one till."""

    def wrong(self) -> list[str]:
        """What is wrong at the end."""


class OneSale:
    """One sale."""

    pauses: Sequence[timedelta] = (LATE * 2, LATE * 2, LATE * 2, CLAIM_KEPT)

    def __init__(self, world: World) -> None:
        self.world, self.told = world, Told({SALE_ID: completed()})

    def fresh(self) -> MemoryOutbox:
        return MemoryOutbox([fresh(SALE_ID)])

    def tell(self, outbox: MemoryOutbox, till: int) -> bool:
        due = outbox.due(self.world.clock(), limit=10)
        for entry in due:
            telling = self.world.parts.telling(
                self.world.shop.whole, outbox, self.told.read, self.world.clock
            )
            telling.tell(entry)
        return bool(due)

    def look_late(self, outbox: MemoryOutbox, till: int) -> None:
        world = self.world
        sweep = world.parts.sweep(world.shop.whole, outbox, self.told.read, world.clock, LATE, lambda: 0.0)
        sweep.run()
        sweep.drop_claims()

    def wrong(self) -> list[str]:
        shop = self.world.shop
        orders = list(shop.orders.values())
        committed = [order.order_id for order in orders if order.status is OrderStatus.COMMITTED]
        wrong = [] if len(committed) == 1 else [f"{len(committed)} completed orders"]
        if shop.taken() != shop.meant([SALE_ID]):
            wrong.append("units")
        if any(order.status is OrderStatus.RESERVED for order in orders):
            wrong.append("left on hold")
        if shop.claims:
            wrong.append("claims left over")
        for disk in self.world.disks:
            entry = disk.entry(SALE_ID)
            if entry.state != "sent" or entry.reason:
                wrong.append(f"a till says {entry.state} {entry.reason}")
            elif entry.order_id not in committed:
                wrong.append("a till knows another order")
        return wrong


def _cut(chosen: Callable[[int], int], write: Callable[[], None]) -> None:
    when = chosen(3)
    if when != 1:
        write()
    if when:
        raise PowerCutError


def run(prefix: tuple[int, ...], parts: Parts) -> tuple[list[str], Choices]:
    """Run one schedule; return what is wrong at the end, and the choices met."""
    world = World(prefix, parts)
    _copy_the_card(world)
    threads = [threading.Thread(target=_till, args=(world, till)) for till in (0, 1)]
    for each in threads:
        each.start()
    for _ in threads:
        world.baton.at_rest.acquire()
    _afterwards(world, threads)
    return world.errand.wrong(), world.choose


def _afterwards(world: World, threads: list[threading.Thread]) -> None:
    absent = world.away | set(world.asleep)
    _long_after(world, [till for till in (0, 1) if till not in absent])
    for till, event in sorted(world.asleep.items()):
        world.fate(world.choose)
        event.set()
        threads[till].join()
    for each in threads:
        each.join()
    if world.failures:
        raise world.failures[0]
    for till in sorted(world.away):
        _come_back(world, till)
    if absent:
        _long_after(world, [0, 1])


def _copy_the_card(world: World) -> None:
    """The till tells the sale the plain way, as far as the schedule lets it; then the card is copied."""
    steps = world.choose(STEPS_BEFORE)
    if steps:
        left = [steps]

        def step(_kinds: int) -> int:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCutError
            return 0

        world.fate(step)
        with contextlib.suppress(PowerCutError):
            world.errand.tell(world.outbox(0, step), 0)
    world.disks[1].rows = dict(world.disks[0].rows)


def _till(world: World, me: int) -> None:
    world.baton.wait(me)
    try:
        if world.parts.claims[me]:
            world.outbox(me).inherit_all()
        _rounds(world, me)
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
        world.failures.append(error)
    finally:
        world.baton.leave(me)


def _rounds(world: World, me: int) -> None:
    def chosen(kinds: int) -> int:
        if me not in world.asleep:
            _take_turns(world, me)
            world.fate(chosen)
        return world.choose(kinds)

    for _ in range(PASSES):
        world.fate(chosen)
        try:
            if not world.errand.tell(world.outbox(me, chosen), me):
                return
        except InADrawerError:
            world.away.add(me)
            return
        except (ShopError, PowerCutError):
            world.clock.pass_by(SHORT)
            if me not in world.asleep:
                world.baton.hand_over(me)


def _take_turns(world: World, me: int) -> None:
    """Go on, or let the other one go first, or go into a drawer, or fall asleep."""
    match world.choose(4):
        case 1:
            world.baton.hand_over(me)
        case 2:
            raise InADrawerError
        case 3:
            world.asleep[me] = threading.Event()
            world.baton.leave(me)
            world.asleep[me].wait()


def _long_after(world: World, tills: list[int]) -> None:
    """No faults any more; all that was under way arrives, and each till has its late looks."""
    world.fate(lambda _kinds: 0)
    for pause in world.errand.pauses:
        world.clock.pass_by(pause)
        world.shop.settle(all_of_them=True)
        for till in tills:
            outbox = world.outbox(till)
            with contextlib.suppress(ShopError):
                world.errand.tell(outbox, till)
                world.errand.look_late(outbox, till)


def _come_back(world: World, till: int) -> None:
    """A card comes out of the drawer; faults may strike its first rounds too."""
    world.fate(world.choose)
    for _ in range(PASSES):
        try:
            if not world.errand.tell(world.outbox(till, world.choose), till):
                return
        except (ShopError, PowerCutError):
            world.clock.pass_by(SHORT)


OURS: Final = Parts()


def explore(
    faults: int,
    sample: int | None = None,
    seed: int = 1,
    parts: Parts = OURS,
    until_wrong: bool = False,
) -> Explored:
    """Run every schedule with up to so many faults, or a random sample of those with exactly so many."""
    return walk(lambda prefix: run(prefix, parts), faults, sample, seed, until_wrong)


def main() -> int:
    """Print a table; 1 if any schedule ended wrong."""
    return command(__doc__ or "", explore)


if __name__ == "__main__":
    sys.exit(main())

"""Two tills with the same unsent sale, a card that was copied: every schedule of faults, power cuts and turns.

First the till that the card was copied from may have gone some steps. Then both copies tell the sale, each from its
own file: at each request and each write a schedule may let the other one go first, may cut the power, may keep a card
in a drawer until the other one is long done, or put its program to sleep for as long, and at each request a fault may
strike. At the end there must be one completed order, its units taken once, nothing on hold, no claim left, and both
tills must know that order.

    python tests/faults/explore_clones.py --faults 2
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.shops.contract import OrderStatus, ShopError
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.sync.sweep import CLAIM_KEPT, Sweep
from appliance.sync.upload import Telling
from tests.faults.baton import Baton
from tests.faults.explore_upload import (
    LATE,
    PASSES,
    SALE_ID,
    SOLD,
    STOCK,
    Clock,
    CutOutbox,
    PowerCutError,
    make_template,
)
from tests.faults.model_shop import FOR_TWO, ModelShop
from tests.faults.schedules import Choices, Explored, command, walk, working_folder

STEPS_BEFORE: Final = 6
"""The writes and requests of a plain telling, before any of which the card may have been copied."""

SHORT: Final = timedelta(seconds=20)


class InADrawerError(Exception):
    """The power went, and this card comes back when the other till is long done."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is explored: the uploader, the late look, the shop, and which of the two tills claim what they inherited."""

    telling: type[Telling] = Telling
    sweep: type[Sweep] = Sweep
    shop: type[ModelShop] = ModelShop
    claims: tuple[bool, bool] = (True, True)


@dataclass(slots=True)
class World:
    """One schedule's shop, clock and choices, and both tills' files."""

    folder: Path
    parts: Parts
    choose: Choices
    shop: ModelShop
    clock: Clock = field(default_factory=Clock)
    baton: Baton = field(default_factory=Baton)
    away: set[int] = field(default_factory=set)
    asleep: dict[int, threading.Event] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    after: dict[int, Database] = field(default_factory=dict)
    """Both files, opened once more when the threads are done."""

    def file(self, till: int) -> Path:
        return self.folder / f"till{till}.db"

    def open(self, till: int) -> Database:
        return Database.open(self.file(till), now=self.clock)

    def journal(self, database: Database) -> Journal:
        return Journal(database, Identity(database).get(), "Till 1")


def run(template: Path, folder: Path, prefix: tuple[int, ...], parts: Parts) -> tuple[list[str], Choices]:
    """Run one schedule; return what is wrong at the end, and the choices met."""
    choose = Choices(prefix)
    world = World(folder, parts, choose, parts.shop(dict(STOCK), choose, FOR_TWO))
    for leftover in folder.glob("till*.db*"):
        leftover.unlink()
    _copy_the_card(world, template)
    threads = [threading.Thread(target=_till, args=(world, till)) for till in (0, 1)]
    for each in threads:
        each.start()
    for _ in threads:
        world.baton.at_rest.acquire()
    try:
        _afterwards(world, threads)
        return _wrong(world), choose
    finally:
        for database in world.after.values():
            database.close()


def _afterwards(world: World, threads: list[threading.Thread]) -> None:
    world.after = {till: world.open(till) for till in (0, 1)}
    absent = world.away | set(world.asleep)
    _long_after(world, [till for till in (0, 1) if till not in absent])
    for till, event in sorted(world.asleep.items()):
        world.shop.choose = world.choose
        event.set()
        threads[till].join()
    for each in threads:
        each.join()
    if world.failures:
        raise world.failures[0]
    for till in sorted(world.away):
        _come_back(world, world.after[till])
    if absent:
        _long_after(world, [0, 1])


def _copy_the_card(world: World, template: Path) -> None:
    """The till tells the sale the plain way, as far as the schedule lets it; then the card is copied."""
    shutil.copy(template, world.file(0))
    steps = world.choose(STEPS_BEFORE)
    if steps:
        left = [steps]

        def step(kinds: int) -> int:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCutError
            return 0

        world.shop.choose = step
        database = world.open(0)
        try:
            _tell(world, database, CutOutbox(database, step))
        except PowerCutError:
            pass
        finally:
            database.close()
    shutil.copy(world.file(0), world.file(1))


def _tell(world: World, database: Database, outbox: Outbox) -> bool:
    """One round of one till; False if it has nothing to tell."""
    due = outbox.due(world.clock(), limit=10)
    for entry in due:
        world.parts.telling(world.shop, outbox, world.journal(database), world.clock).tell(entry)
    return bool(due)


def _till(world: World, me: int) -> None:
    world.baton.wait(me)
    try:
        database = world.open(me)
        try:
            if world.parts.claims[me]:
                Outbox(database).inherit_all()
            _rounds(world, database, me)
        finally:
            database.close()
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
        world.failures.append(error)
    finally:
        world.baton.leave(me)


def _rounds(world: World, database: Database, me: int) -> None:
    def chosen(kinds: int) -> int:
        if me not in world.asleep:
            _take_turns(world, me)
            world.shop.choose = chosen
        return world.choose(kinds)

    for _ in range(PASSES):
        world.shop.choose = chosen
        try:
            if not _tell(world, database, CutOutbox(database, chosen)):
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
    world.shop.choose = lambda _kinds: 0
    for pause in (LATE * 2, LATE * 2, LATE * 2, CLAIM_KEPT):
        world.clock.pass_by(pause)
        world.shop.settle(all_of_them=True)
        for till in tills:
            _quiet_round(world, world.after[till])


def _quiet_round(world: World, database: Database) -> None:
    outbox = Outbox(database)
    try:
        _tell(world, database, outbox)
        sweep = world.parts.sweep(world.shop, outbox, world.journal(database), world.clock, LATE, _no_chance)
        sweep.run()
        sweep.drop_claims()
    except ShopError:
        return


def _no_chance() -> float:
    return 0.0


def _come_back(world: World, database: Database) -> None:
    """A card comes out of the drawer; faults may strike its first rounds too."""
    world.shop.choose = world.choose
    for _ in range(PASSES):
        try:
            if not _tell(world, database, CutOutbox(database, world.choose)):
                return
        except (ShopError, PowerCutError):
            world.clock.pass_by(SHORT)


def _wrong(world: World) -> list[str]:
    shop = world.shop
    committed = [order.order_id for order in shop.orders.values() if order.status is OrderStatus.COMMITTED]
    wrong = [] if len(committed) == 1 else [f"{len(committed)} completed orders"]
    if {product: STOCK[product] - left for product, left in shop.pieces.items()} != SOLD:
        wrong.append("units")
    if any(order.status is OrderStatus.RESERVED for order in shop.orders.values()):
        wrong.append("left on hold")
    if shop.claims:
        wrong.append("claims left over")
    for till in (0, 1):
        entry = Outbox(world.after[till]).entry(SALE_ID)
        if entry.state != "sent" or entry.reason:
            wrong.append(f"a till says {entry.state} {entry.reason}")
        elif entry.order_id not in committed:
            wrong.append("a till knows another order")
    return wrong


def explore(
    faults: int,
    sample: int | None = None,
    seed: int = 1,
    parts: Parts = Parts(),  # frozen
    until_wrong: bool = False,
) -> Explored:
    """Run every schedule with up to so many faults, or a random sample of those with exactly so many."""
    with working_folder() as folder:
        template = make_template(folder)
        return walk(lambda prefix: run(template, folder, prefix, parts), faults, sample, seed, until_wrong)


def main() -> int:
    """Print a table; 1 if any schedule ended wrong."""
    run_all: Callable[[int, int | None], Explored] = explore
    return command(__doc__ or "", run_all)


if __name__ == "__main__":
    sys.exit(main())

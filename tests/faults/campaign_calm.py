"""The network is well again: all is told, what is parked is sent again by a person, and what was late is swept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from appliance.shops.contract import ShopError
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.outbox import Outbox
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.stock_moves import StockMoveOutbox
from appliance.sync.service import Service
from tests.faults.campaign_judge import Differences
from tests.faults.campaign_plan import Figures, Plan
from tests.faults.campaign_shop import Owner
from tests.faults.campaign_till import Place, open_till, serving
from tests.sync.conftest import Clock

CALM_SECONDS = 1_800.0
LATEST = datetime.max.replace(tzinfo=UTC)


class CalmTill(Protocol):
    """A till to which nothing happens any more."""

    place: Place
    boot_id: str


@contextmanager
def calm(till: CalmTill) -> Iterator[tuple[Service, Database]]:
    """The till's service in this process, with the patience of a calm day."""
    with open_till(till.place) as database:
        patient = replace(till.place, deadline_seconds=30.0)
        with serving(patient, database, Clock(), till.boot_id) as service:
            yield service, database


def fetch(till: CalmTill, skus: Sequence[str]) -> None:
    """The first load, in as many rounds as it takes."""
    end = time.monotonic() + CALM_SECONDS
    with calm(till) as (service, database):
        catalogue = Catalogue(database, Clock())
        while any(catalogue.find_barcode(None, sku) is None for sku in skus):
            service.round(force=True)
            if time.monotonic() > end:
                raise TimeoutError("the catalogue never came")


def calm_down(plan: Plan, tills: Sequence[CalmTill], figures: Figures, tell: Callable[[str], None]) -> None:
    """The network is well. Wait for what was late, tell all, have a person send again what is parked, and sweep."""
    time.sleep(plan.much_later_seconds + plan.deadline_seconds)
    with ThreadPoolExecutor(len(tills)) as threads:
        for done in [threads.submit(_bring_all, till, figures, tell) for till in tills]:
            done.result()


def _bring_all(till: CalmTill, figures: Figures, tell: Callable[[str], None]) -> None:
    with calm(till) as (service, database):
        _until_nothing_is_left(service, database, figures, tell)


def _until_nothing_is_left(
    service: Service, database: Database, figures: Figures, tell: Callable[[str], None]
) -> None:
    outboxes = (Outbox(database), StockMoveOutbox(database), RefundOutbox(database))
    end, told, looked = time.monotonic() + CALM_SECONDS, time.monotonic(), set[str]()
    while time.monotonic() < end:
        for label, name, reason, outbox in _parked(*outboxes):
            tell(f"{label} was parked: {reason}")
            outbox.unpark(name)
            figures.sent_again += 1
        for label, name, outbox in _doubted(*outboxes):
            if (
                name not in looked
            ):  # a cache, or an answer that was mixed up, may have told the late look nonsense
                looked.add(name)
                tell(f"{label} was doubted")
                outbox.look_again(name)
                figures.looked_again += 1
        service.round(force=True)
        left = sum(each.counts().due + each.counts().parked for each in outboxes)
        unchecked = sum(len(each.unchecked(LATEST)) for each in outboxes)
        if not left and not unchecked:
            return
        if time.monotonic() - told > 5:
            told = time.monotonic()
            tell(f"calm: {left} wait, {unchecked} to be looked at")
        if not left:
            time.sleep(0.2)


def _parked(
    sales: Outbox, moves: StockMoveOutbox, refunds: RefundOutbox
) -> Iterator[tuple[str, str, str, Outbox | StockMoveOutbox | RefundOutbox]]:
    """What a person has to send again: label, name, reason, and where it is kept."""
    for sale in sales.waiting():
        if sale.entry.state == "parked":
            yield sale.receipt_number, sale.entry.key, sale.entry.reason, sales
    for move in moves.waiting():
        if move.state == "parked":
            yield move.receipt_number, move.key, move.reason, moves
    for refund in refunds.waiting():
        if refund.state == "parked":
            yield refund.receipt_number, refund.refund_id, refund.reason, refunds


def _doubted(
    sales: Outbox, moves: StockMoveOutbox, refunds: RefundOutbox
) -> Iterator[tuple[str, str, Outbox | StockMoveOutbox | RefundOutbox]]:
    """In which the late look found something wrong: a person has it looked at once more."""
    yield from ((each.receipt_number, each.key, sales) for each in sales.problems())
    yield from ((each.receipt_number, each.key, moves) for each in moves.problems())
    yield from ((each.receipt_number, each.refund_id, refunds) for each in refunds.problems())


def compare_tills(tills: Sequence[CalmTill], owner: Owner, found: Differences) -> None:
    """What the tills show of the shop's counts, after one more look, and what they think is wrong."""
    stock = owner.stock()
    for till in tills:
        with calm(till) as (service, database):
            try:
                service.download.changes()
                service.download.stock()
            except ShopError as error:
                found.note(f"{till.place.series}: {error}")
                found.tills += 1
            catalogue = Catalogue(database, Clock())
            for number, product in owner.products.items():
                seen = catalogue.find_barcode(None, str(product["sku"]))
                shown = seen.on_hand if seen else None
                if shown != stock[number]:
                    found.tills += 1
                    found.note(f"{till.place.series} shows {shown} of {number}; the shop {stock[number]}")
            problems = {
                each.receipt_number: each.reason
                for outbox in (Outbox(database), StockMoveOutbox(database), RefundOutbox(database))
                for each in outbox.problems()
            }
            told = found.doubled | found.miscounted.keys()
            ours = {each for each in told if each.startswith(f"{till.place.series}-")}
            for receipt in problems.keys() ^ ours:  # told of what is right, or not told of what is doubled
                found.tills += 1
                found.note(f"{receipt}: {problems.get(receipt, 'nobody was told that it is doubled')}")
            for receipt in problems.keys() & found.miscounted.keys():
                if f"order {found.miscounted[receipt]}," not in problems[receipt]:
                    found.tills += 1
                    found.note(f"{receipt}: another order is named: {problems[receipt]}")

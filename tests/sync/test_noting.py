"""Notes for the owner are left on their orders once; and sales go up with their true time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.shops.contract import ShopError, UnknownOutcomeError
from appliance.storage.corrections import Corrections
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.mending import Mending
from appliance.storage.order_notes import OrderNotes
from appliance.sync.noting import MOST_TRIES, Noting
from appliance.sync.reading import TrueSales
from tests.storage.samples import paid, sale, seal
from tests.sync.beside import Odd
from tests.sync.conftest import MARTA

if TYPE_CHECKING:
    from tests.sync.conftest import Counter

WORDS = "Sold twice: “Wool blanket, moss” – 1 piece & its band."


@pytest.fixture
def notes(counter: Counter) -> OrderNotes:
    return OrderNotes(counter.database)


def an_order(counter: Counter) -> int:
    sale_id = counter.sell(p331=1)
    counter.service.run_once()
    return counter.outbox.entry(sale_id).order_id or 0


def on_order(counter: Counter, order_id: int) -> list[str]:
    return [each for each in counter.service.telling.shop.notes(order_id) if "Sold twice" in each]


def test_a_note_is_left_in_the_next_round(counter: Counter, notes: OrderNotes) -> None:
    order_id = an_order(counter)
    notes.add(order_id, WORDS)
    assert notes.open() == 1
    for _ in range(3):
        counter.service.run_once()
    assert (len(on_order(counter, order_id)), notes.open()) == (1, 0)


def test_a_note_whose_answer_was_lost_is_found_and_not_left_twice(
    counter: Counter, notes: OrderNotes
) -> None:
    order_id = an_order(counter)
    notes.add(order_id, WORDS)
    real: Any = counter.service.telling.shop

    def note(*arguments: Any) -> None:
        real.note(*arguments)
        raise UnknownOutcomeError("The answer was lost.")

    odd: Any = Odd(real, {"note": note})
    with pytest.raises(UnknownOutcomeError):
        Noting(odd, notes, counter.clock).run()
    counter.clock.ahead += timedelta(minutes=1)
    assert Noting(real, notes, counter.clock).run() == 1
    assert len(on_order(counter, order_id)) == 1


def test_a_note_that_cannot_be_left_is_given_up(counter: Counter, notes: OrderNotes) -> None:
    notes.add(999_999, WORDS)
    Noting(counter.service.telling.shop, notes, counter.clock).run()
    assert notes.open() == 0

    def fails(*_arguments: Any) -> None:
        raise UnknownOutcomeError("No answer.")

    notes.add(1, WORDS)
    odd: Any = Odd(counter.service.telling.shop, {"note": fails, "notes": lambda _order_id: []})
    for _ in range(MOST_TRIES):
        with pytest.raises(UnknownOutcomeError):
            Noting(odd, notes, counter.clock).run()
        counter.clock.ahead += timedelta(hours=1)
    assert notes.open() == 0


@pytest.mark.parametrize("mode", ["refuse", "html"])
def test_a_note_outlasts_hours_without_the_shop(counter: Counter, notes: OrderNotes, mode: str) -> None:
    order_id = an_order(counter)
    notes.add(order_id, WORDS)
    counter.network.mode = mode
    for _ in range(12):
        with pytest.raises(ShopError):
            Noting(counter.service.telling.shop, notes, counter.clock).run()
        counter.clock.ahead += timedelta(hours=1)
    counter.network.mode = "up"
    assert Noting(counter.service.telling.shop, notes, counter.clock).run() == 1
    assert len(on_order(counter, order_id)) == 1


def test_a_sale_of_a_wrong_clock_is_told_with_the_time_at_which_it_was_made(counter: Counter) -> None:
    wrong, right = datetime(2019, 1, 1, tzinfo=UTC), counter.clock().replace(microsecond=0)
    moments = [Witness("c" * 32, 60_000, ClockTrust.RESTORED)]

    def witness() -> Witness:
        return moments[-1]

    doubting = Seal(witness, seal().sign, seal().public_key)
    journal = Journal(counter.database, Identity(counter.database).get(), "Till 1", doubting)
    made = sale(7)
    journal.record(made, paid(made), MARTA, wrong, print_receipt=False)
    sales = TrueSales(
        Mending(counter.database, journal), Corrections(counter.database, journal, lambda: right, witness)
    )
    assert sales.sale(made.sale_id).sold_at is None
    moments.append(Witness("c" * 32, 660_000, ClockTrust.SYNCED))
    assert sales.corrections.watch()
    told = sales.sale(made.sale_id)
    assert told.sold_at == right - timedelta(minutes=10)
    assert told.completed_at == wrong
    paper = sale(8)
    journal.record(paper, paid(paper), MARTA, right, print_receipt=False, sold_at=right - timedelta(days=1))
    assert sales.sale(paper.sale_id).sold_at == right - timedelta(days=1)

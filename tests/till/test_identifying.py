"""A card that was copied or restored: what the cashier reads, and what one touch does."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from appliance.domain.hardware import fingerprint
from appliance.storage.binding import MUST_CONFIRM, SHOP_HEAD, Bindings, Why
from appliance.storage.identity import Identity, TillIdentity
from appliance.till.identifying import Bound, Identifying, Moved
from tests.till.conftest import HAMMER, MUG, Bench

HERE, ELSEWHERE = fingerprint("board 1", "card 1"), fingerprint("board 2", "card 2")
NEW_ID = "e" * 32


@pytest.fixture
def identifying(bench: Bench) -> Callable[[str], Identifying]:
    Bindings(bench.database).begin(bench.journal, HERE, bench.clock())

    def on(hardware_id: str) -> Identifying:
        database = bench.database
        return Identifying(
            Identity(database),
            Bindings(database),
            bench.facts,
            bench.journal,
            bench.outbox,
            hardware_id,
            bench.clock,
            lambda: NEW_ID,
        )

    return on


On = Callable[[str], Identifying]


def test_the_same_till_is_asked_nothing(bench: Bench, identifying: On) -> None:
    assert identifying(HERE).state() == Bound(TillIdentity("f" * 32, "T1", "EUR"))
    assert bench.facts.get(MUST_CONFIRM) is None
    entries = bench.kinds()
    assert identifying(HERE).confirm(bench.sean) == ("f" * 32, "T1", "EUR")
    assert bench.kinds() == entries


def test_a_copied_card_says_what_happened_and_what_one_touch_does(bench: Bench, identifying: On) -> None:
    for _ in range(3):
        bench.sell(HAMMER.product_id)
    moved = identifying(ELSEWHERE).state()
    assert moved == Moved(Why.OTHER_BOTH, "T1", "T1B", 3)
    assert moved.title == "Is this a new till?"
    assert "a different computer and a different card" in moved.what_happened
    assert moved.what_will_happen == (
        "Receipts go on as T1B-000001, so that no number is ever used twice. "
        "3 sales came with the card; the online shop gets each once, whoever sends it."
    )
    assert moved.key == "Sell on as T1B"


@pytest.mark.parametrize(
    ("hardware_id", "words"),
    [
        (fingerprint("board 2", "card 1"), "different computer"),
        (fingerprint("board 1", "card 2"), "different card"),
    ],
)
def test_the_words_name_what_is_different(identifying: On, hardware_id: str, words: str) -> None:
    state = identifying(hardware_id).state()
    assert isinstance(state, Moved)
    assert words in state.what_happened
    assert "sale" not in state.what_will_happen


def test_a_card_that_knows_less_than_the_shop_says_so(bench: Bench, identifying: On) -> None:
    bench.sell(HAMMER.product_id)
    head = {"seq": 40, "hash": "00" * 32, "receipt": "T1-000031"}
    bench.facts.set(SHOP_HEAD, json.dumps(head))
    state = identifying(HERE).state()
    assert isinstance(state, Moved)
    assert state.why is Why.SHOP_KNOWS_MORE
    assert "not on this card" in state.what_happened
    assert "1 sale came with the card" in state.what_will_happen
    new = identifying(HERE).confirm(bench.sean)
    assert new.series == "T1B"
    assert identifying(HERE).state() == Bound(new)


def test_until_it_is_confirmed_the_sync_service_is_told_to_upload_nothing(
    bench: Bench, identifying: On
) -> None:
    identifying(ELSEWHERE).state()
    assert bench.facts.get(MUST_CONFIRM) == "other computer and card"
    assert not Bindings(bench.database).may_upload(HERE)
    identifying(ELSEWHERE).confirm(bench.sean)
    assert bench.facts.get(MUST_CONFIRM) is None
    assert Bindings(bench.database).may_upload(ELSEWHERE)


def test_a_card_that_is_put_back_unconfirmed_goes_on_as_if_nothing_had_been(
    bench: Bench, identifying: On
) -> None:
    identifying(ELSEWHERE).state()
    assert isinstance(identifying(HERE).state(), Bound)
    assert bench.facts.get(MUST_CONFIRM) is None
    assert Bindings(bench.database).may_upload(HERE)


def test_the_till_sells_on_at_once_under_its_new_series(bench: Bench, identifying: On) -> None:
    bench.sell(HAMMER.product_id)
    bench.selling.add_product(MUG.product_id)  # a sale in progress stays
    new = identifying(ELSEWHERE).confirm(bench.sean)
    assert new == (NEW_ID, "T1B", "EUR")
    bench.tendering.take_cash(5_000)
    last, first = bench.journal.last(2)
    assert (first.receipt_number, last.receipt_number) == ("T1-000001", "T1B-000001")
    bound = next(
        json.loads(row[0]) for row in bench.database.rows("SELECT body FROM journal WHERE seq = ?", (4,))
    )
    assert (bound["by"], bound["why"]) == ("Sean", "other computer and card")


def test_confirming_twice_is_confirming_once(bench: Bench, identifying: On) -> None:
    first = identifying(ELSEWHERE).confirm(bench.sean)
    assert identifying(ELSEWHERE).confirm(bench.sean) == first
    assert bench.kinds().count("bound") == 2


def test_the_next_start_is_as_quiet_as_ever(bench: Bench, identifying: On) -> None:
    new = identifying(ELSEWHERE).confirm(bench.sean)
    bench.restart()
    Bindings(bench.database).begin(bench.journal, ELSEWHERE, bench.clock())
    assert identifying(ELSEWHERE).state() == Bound(new)
    bench.sell(HAMMER.product_id)
    assert bench.journal.last(1)[0].receipt_number == "T1B-000001"

"""What the screen says of the second medium: nothing while all is well."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.till.joining import ASIDE, LOST
from appliance.till.stick_state import StickState, view_of
from appliance.till.waiting import HeaderKind, Waiting
from appliance.till.waiting_words import ALL_KNOWN
from tests.till.conftest import EUR


def waiting(bench: Any, state: StickState) -> Waiting:
    bench.facts.note_contact(True, bench.clock())
    return Waiting(
        bench.putting_right,
        bench.oversold,
        bench.facts,
        bench.journal,
        bench.printing,
        EUR,
        bench.clock,
        bench.local,
        stick=lambda: view_of(state, 3, 7),
    )


@pytest.mark.parametrize("state", [StickState.STARTING, StickState.KEPT, StickState.CATCHING_UP])
def test_a_stick_that_is_well_is_not_spoken_of(bench: Any, state: StickState) -> None:
    page = waiting(bench, state)
    assert page.header().kind is HeaderKind.ONLINE
    assert page.view().explanation == ALL_KNOWN


@pytest.mark.parametrize(
    ("state", "chip"),
    [
        (StickState.MISSING, "No stick"),
        (StickState.FULL, "Stick is full"),
        (StickState.SLOW, "Stick is slow"),
        (StickState.WRONG_TILL, "Stick of another till"),
        (StickState.READ_ONLY, "Stick cannot be written to"),
        (StickState.FAILING, "Stick fails"),
    ],
)
def test_what_is_wrong_with_it_is_in_the_header_and_what_to_do_on_the_page(
    bench: Any, state: StickState, chip: str
) -> None:
    page = waiting(bench, state)
    assert (page.header().kind, page.header().text) == (HeaderKind.STICK, chip)
    assert "go on selling" in page.view().explanation
    assert page.view().explanation.count(".") in (2, 3)


def test_a_card_that_lost_something_is_to_be_changed_until_it_is(bench: Any) -> None:
    page = waiting(bench, StickState.KEPT)
    bench.facts.set(ASIDE, "The stick held another journal.")
    assert page.header().text == "Stick had another journal"
    bench.facts.set(LOST, "The card lost 3 entries; they were brought back from the stick. Change the card.")
    assert page.header().text == "Change the card"
    assert page.view().explanation.endswith("Change the card.")

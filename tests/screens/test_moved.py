"""The page for a card that came from another till."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from appliance.domain.hardware import fingerprint
from appliance.storage.binding import Bindings
from appliance.storage.identity import Identity
from appliance.till.identifying import Bound, Identifying
from appliance.ui.screens import every_screen
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, untidy
from tests.screens.till import PIN, Till, open_till

HOME, ELSEWHERE = fingerprint("pi 1", "card 1"), fingerprint("pi 2", "card 2")
ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A till with one unsent sale, whose card was put into another computer."""
    with open_till(tmp_path) as made:
        Bindings(made.db).begin(made.journal, HOME, made.clock())
        made.pay((331, 1))
        yield made


def identifying(till: Till) -> Identifying:
    ids = count(1)
    who, bound = Identity(till.db), Bindings(till.db)
    return Identifying(
        who, bound, till.facts, till.journal, till.outbox, ELSEWHERE, till.clock, lambda: f"{next(ids):032x}"
    )


def show(ui: UI, till: Till) -> Identifying:
    asked = identifying(till)
    till.at_close.append(lambda: ui.screen.leave())  # noqa: PLW0108 - the screen of then
    ui.desk.offer(every_screen(replace(till.counter, identifying=asked)))
    head(ui, "14:32")
    till.counter.selling.hand_over(None)
    ui.show("sign-in")
    ui.tap("Marta")
    for digit in PIN:
        ui.tap(digit)
    ui.wait(lambda: ui.screen.name != "sign-in")
    return asked


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_says_what_was_found_and_what_the_key_will_do(
    ui: UI, till: Till, panel: str, scheme: str
) -> None:
    show(ui, till)
    assert ui.screen.name == "moved"
    drawn = " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")
    for words in (
        "a different computer and a different card.",
        "What will happen",
        "1 sale came with the card",
    ):
        assert words in drawn
    ui.seconds.now += 1
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"moved-{scheme}", panel) < GOLDEN_MEAN


@ONE_PANEL
def test_one_touch_goes_on_under_numbers_of_its_own_and_says_who_touched(ui: UI, till: Till) -> None:
    asked = show(ui, till)
    ui.tap("Sell on as T1B")
    assert ui.screen.name == "sell"
    assert isinstance(asked.state(), Bound)
    (body,) = till.db.rows("SELECT body FROM journal WHERE kind = 'bound' ORDER BY seq DESC LIMIT 1")[0]
    assert (json.loads(body)["series"], json.loads(body)["by"]) == ("T1B", "Marta")
    assert [each.inherited for each in till.outbox.due(till.clock(), 9)] == [True]
    assert till.pay((402, 1)).completed.receipt_number == "T1B-000001"


@ONE_PANEL
def test_not_now_changes_nothing_and_nothing_can_be_scanned(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.desk.scan("5012345678900")
    assert ui.screen.name == "moved"
    ui.tap("Not now")
    assert ui.screen.name == "sign-in"
    assert Identity(till.db).get().series == "T1"
    assert till.counter.selling.sale is None

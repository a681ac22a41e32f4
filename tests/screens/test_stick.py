"""The stick, the backup and the clock: what the header says, and the pages that it leads to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.till.safety import BACKUP
from appliance.till.stick_state import StickState, view_of
from appliance.till.waiting import HeaderKind, Waiting
from appliance.ui.counter import Counter
from appliance.ui.screens import every_screen
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
WRONG = [state for state in StickState if not view_of(state, 1, 1).is_well]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        made.facts.note_contact(True, made.clock())
        yield made


class Second:
    """A second medium that the test plugs and pulls."""

    def __init__(self) -> None:
        self.state, self.kept_seq, self.head_seq = StickState.KEPT, 1204, 1204


def with_stick(till: Till, stick: Second) -> Counter:
    oversold, facts = till.oversold, till.facts
    waiting = Waiting(
        till.counter.waiting.putting_right,
        oversold,
        facts,
        till.journal,
        till.printing,
        till.currency,
        till.clock,
        till.local,
        stick=lambda: view_of(stick.state, stick.kept_seq, stick.head_seq),
    )
    return replace(till.counter, waiting=waiting)


class Watch:
    """What is wrong with the clock."""

    def __init__(self, words: str | None) -> None:
        self._words = words

    def words(self) -> str | None:
        return self._words


def show(ui: UI, till: Till, counter: Counter, name: str = "stick") -> None:
    offer(ui, till)
    ui.desk.offer(every_screen(counter))
    state = counter.header()
    head(ui, "14:32", state.kind.value, state.text)
    ui.show(name)


def drawn(ui: UI) -> str:
    return " ".join(str(row.get("text", "")) for row in ui.rows())


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("state", [StickState.KEPT, StickState.MISSING])
def test_the_page_is_tidy(ui: UI, till: Till, panel: str, scheme: str, state: StickState) -> None:
    stick = Second()
    stick.state, stick.kept_seq = state, 1204 if state is StickState.KEPT else 1192
    till.facts.set(BACKUP, json.dumps({"ok": True, "words": "Backup t1.db was made and tested."}))
    show(ui, till, with_stick(till, stick))
    assert not untidy(ui, panel)
    name = f"stick-{state.value}-{scheme}"
    assert golden_difference(ui, name, panel) < GOLDEN_MEAN


def test_a_stick_that_is_well_says_that_it_has_everything(ui: UI, till: Till) -> None:
    show(ui, till, with_stick(till, Second()))
    assert "The stick has everything" in ui.texts()
    assert "All 1,204 entries of the till's journal are on the stick." in drawn(ui)
    assert "Leave it plugged in." in drawn(ui)


@pytest.mark.parametrize("state", WRONG)
def test_each_trouble_says_what_is_on_the_card_alone_and_what_to_do(
    ui: UI, till: Till, panel: str, state: StickState
) -> None:
    stick = Second()
    stick.state, stick.kept_seq = state, 1192
    show(ui, till, with_stick(till, stick))
    said = drawn(ui)
    assert "The last 12 entries are on the card alone." in said
    assert "Sales are safe on the card alone meanwhile: go on selling." in said
    view = ui.screen.safety.view()
    assert all(each in said for each in (*view.told, *view.steps))
    assert len(view.steps) == 1
    assert not untidy(ui, panel)


@ONE_PANEL
def test_a_stick_that_comes_back_is_seen_at_once(ui: UI, till: Till) -> None:
    stick = Second()
    stick.state, stick.kept_seq = StickState.MISSING, 1192
    show(ui, till, with_stick(till, stick))
    assert "No stick" in ui.texts()
    stick.state = StickState.CATCHING_UP
    ui.desk.refresh()
    assert "1,192 of 1,204 entries" in drawn(ui)
    stick.state, stick.kept_seq = StickState.KEPT, 1204
    ui.desk.refresh()
    assert "The stick has everything" in ui.texts()


@ONE_PANEL
def test_the_chip_leads_to_the_waiting_page_and_its_key_to_the_stick(ui: UI, till: Till) -> None:
    stick = Second()
    stick.state = StickState.FULL
    show(ui, till, with_stick(till, stick), "sell")
    ui.tap("Stick is full")
    assert ui.screen.name == "waiting"
    assert "Plug in an empty one." in drawn(ui)
    ui.tap("The stick")
    assert ui.screen.name == "stick"
    ui.tap("Back")
    assert ui.screen.name == "waiting"
    ui.tap("The stick")
    ui.tap("Back to selling")
    assert ui.screen.name == "sell"


@ONE_PANEL
def test_without_a_second_medium_its_key_is_sunk(ui: UI, till: Till) -> None:
    show(ui, till, till.counter, "waiting")
    assert "The stick" in sunk_keys(ui)


def test_a_backup_that_failed_is_said_on_the_waiting_page(ui: UI, till: Till, panel: str) -> None:
    words = "The backup failed its test: the file is not whole. It is kept as t1-001204.db."
    till.facts.set(BACKUP, json.dumps({"ok": False, "words": words}))
    show(ui, till, with_stick(till, Second()), "waiting")
    assert words in drawn(ui)
    assert not untidy(ui, panel)
    till.facts.set(BACKUP, json.dumps({"ok": True, "words": "It was made and tested."}))
    ui.desk.refresh()
    assert "backup" not in drawn(ui)
    ui.tap("The stick")
    assert "The last backup passed its test." in drawn(ui)


def test_a_clock_that_is_not_set_is_said_in_the_header_and_what_to_do_on_its_page(
    ui: UI, till: Till, panel: str
) -> None:
    counter = replace(till.counter, timekeeping=Watch("Clock not set"))  # type: ignore[arg-type]
    show(ui, till, counter, "sell")
    ui.tap("Clock not set")
    assert ui.screen.name == "waiting"
    assert "Receipts say so too. It is set as soon as the network is back." in drawn(ui)
    assert not untidy(ui, panel)
    assert golden_difference(ui, "waiting-clock", panel) < GOLDEN_MEAN


@pytest.mark.parametrize(
    ("words", "reachable", "kind"),
    [
        ("Clock not set", True, HeaderKind.CLOCK),
        ("Clock not set", False, HeaderKind.CLOCK),
        ("Clock not checked", True, HeaderKind.CLOCK),
        ("Clock not checked", False, HeaderKind.OFFLINE),
        (None, True, HeaderKind.ONLINE),
    ],
)
def test_the_header_says_the_worst_first(
    till: Till, words: str | None, reachable: bool, kind: HeaderKind
) -> None:
    till.facts.note_contact(reachable, till.clock())
    counter = replace(till.counter, timekeeping=Watch(words))  # type: ignore[arg-type]
    assert counter.header().kind is kind
    assert counter.header(scanner_present=False).kind is HeaderKind.SCANNER

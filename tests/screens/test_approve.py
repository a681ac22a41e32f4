"""A manager's word at the cashier's till."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.staff import Role
from appliance.ui.screens import every_screen
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.till import PIN, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        yield made


def manager(till: Till) -> Any:
    return next(each for each in till.counter.signing_in.people() if each.role is Role.MANAGER)


def show_menu(ui: UI, till: Till) -> None:
    counter = replace(till.counter, open_drawer=till.counter.tendering.no_sale)
    offer(ui, till)
    ui.desk.offer(every_screen(counter))
    head(ui, "14:32")
    ui.show("menu")


def type_pin(ui: UI, pin: str) -> None:
    for digit in pin:
        ui.tap(digit)
    ui.frames()


def entries(till: Till, kind: str) -> list[dict[str, Any]]:
    rows = till.db.rows("SELECT body FROM journal WHERE kind = ? ORDER BY seq", (kind,))
    return [json.loads(row[0]) for row in rows]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show_menu(ui, till)
    ui.tap("Open the drawer")
    assert ui.screen.name == "approve"
    ui.tap("Put change in")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"approve-{scheme}", panel) < GOLDEN_MEAN


@ONE_PANEL
def test_a_cashier_opens_the_drawer_with_a_managers_word(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    ui.tap("Open the drawer")
    assert "Open the drawer without a sale" in " ".join(row.get("text", "") for row in ui.rows())
    ui.tap(manager(till).name)
    ui.tap("Change for a note")
    type_pin(ui, PIN)
    ui.wait(lambda: ui.screen.name == "menu")
    (entry,) = entries(till, "no-sale")
    assert entry["approved"] == {
        "by": manager(till).person_id,
        "name": manager(till).name,
        "why": "Change for a note",
    }
    ui.wait(lambda: till.drawer.openings == 1)


@ONE_PANEL
def test_the_pin_may_come_before_the_reason(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    ui.tap("Open the drawer")
    ui.tap(manager(till).name)
    type_pin(ui, PIN)
    assert ui.screen.name == "approve"
    assert not entries(till, "no-sale")
    ui.tap("Something else")
    ui.wait(lambda: ui.screen.name == "menu")
    assert entries(till, "no-sale")[0]["approved"]["why"] == "Something else"


@ONE_PANEL
def test_a_wrong_pin_opens_nothing_and_is_journalled(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    ui.tap("Open the drawer")
    ui.tap(manager(till).name)
    ui.tap("Put change in")
    right = PIN
    type_pin(ui, "0000" if right != "0000" else "1111")
    ui.wait(lambda: any("Wrong PIN" in text for text in ui.texts()))
    assert ui.screen.name == "approve"
    assert not entries(till, "no-sale")
    assert len(entries(till, "approval-refused")) == 1
    assert till.drawer.openings == 0


@ONE_PANEL
def test_going_back_does_nothing(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    ui.tap("Open the drawer")
    ui.tap("back")
    assert ui.screen.name == "menu"
    assert not entries(till, "no-sale")


@ONE_PANEL
def test_a_manager_who_is_signed_in_only_says_why(ui: UI, till: Till) -> None:
    till.sign_in(manager(till).name)
    show_menu(ui, till)
    ui.tap("Open the drawer")
    assert not ui.screen.lit.is_lit
    ui.tap("Look into the drawer")
    ui.tap("Approve")
    assert ui.screen.name == "menu"
    assert entries(till, "no-sale")[0]["approved"]["by"] == manager(till).person_id


@ONE_PANEL
def test_a_sale_that_was_partly_paid_is_given_up_with_a_managers_word(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    till.sell((331, 1), (402, 1))
    till.counter.tendering.take_cash(500)
    ui.show("sell")
    ui.tap("More")
    ui.tap("This sale")
    ui.tap("Take all off")
    ui.tap("Take all off")
    assert ui.screen.name == "approve"
    assert till.counter.selling.sale is not None
    ui.tap(manager(till).name)
    ui.tap("Does not want it")
    type_pin(ui, PIN)
    ui.wait(lambda: ui.screen.name == "sell")
    assert any("Give back" in text for text in ui.texts())
    assert till.counter.selling.sale is None
    (entry,) = entries(till, "void-sale")
    assert entry["approved"]["why"] == "Does not want it"
    assert entry["tenders"][0]["amount_minor"] == 500


@ONE_PANEL
def test_a_scan_waits_while_a_manager_is_asked(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    ui.tap("Open the drawer")
    ui.desk.scan("5012345678900")
    assert ui.screen.name == "approve"
    assert till.counter.selling.sale is None


@ONE_PANEL
def test_a_drawer_that_stays_shut_after_the_managers_word_is_said(ui: UI, till: Till) -> None:
    till.printer.plugged = False
    show_menu(ui, till)
    ui.tap("Open the drawer")
    ui.tap(manager(till).name)
    ui.tap("Change for a note")
    type_pin(ui, PIN)
    ui.wait(lambda: ui.screen.name == "menu" and till.printing.drawer_problem() != "")
    ui.desk.refresh()
    assert any("The drawer did not open." in text for text in ui.texts())
    ui.show("sell")
    ui.show("menu")
    ui.desk.refresh()
    assert not any("did not open" in text for text in ui.texts()), "said once"


@ONE_PANEL
def test_an_emptied_sale_that_was_paid_once_says_what_giving_it_up_takes(ui: UI, till: Till) -> None:
    show_menu(ui, till)
    till.sell((331, 1), (402, 1))
    till.counter.tendering.take_cash(500)
    till.counter.tendering.give_back()
    sale = till.counter.selling.sale
    assert sale is not None
    for line in sale.lines:
        till.counter.selling.void(line.position)
    ui.show("sell")
    ui.tap("More")
    ui.tap("Take all off")
    assert "Give up a sale that was paid?" in ui.texts()
    assert not untidy(ui, "7")
    ui.tap("Take all off")
    assert ui.screen.name == "approve"

"""Paying: cash in one tap, cash as typed, by card, and in parts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.domain.tender import Tender, TenderKind
from appliance.ui.screens.pay import Pay
from tests.screens.conftest import UI
from tests.screens.looks import (
    GOLDEN_MEAN,
    golden_difference,
    head,
    offer,
    sunk_keys,
    unlike_the_design,
    untidy,
)
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
LARGE = pytest.mark.parametrize("panel", ["10"])
LATER = {
    "7": {"Gift card", "Account", "Receipt"},
    "10": {"Customer", "Discount", "Print receipt", "Gift card", "On account", "Clear"},
}
CARD = Tender(TenderKind.CARD, 15150, 15150, "4711")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def show(ui: UI, till: Till, *numbers: tuple[int, int]) -> None:
    till.sign_in()
    till.sell(*numbers) if numbers else till.scan_pictured_sale()
    offer(ui, till)
    head(ui, "14:32")
    ui.show("pay")


def type_in(ui: UI, *keys: str) -> None:
    for key in keys:
        ui.tap(key)


def tenders(till: Till) -> tuple[Tender, ...]:
    """Of the sale that was completed last."""
    return till.journal.last(1)[0].payment.tenders


def lit(ui: UI) -> list[str]:
    assert isinstance(ui.screen, Pay)
    return ui.screen.layout.lit.words()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_pay_stands_where_the_design_put_it(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show(ui, till)
    wrong = unlike_the_design(ui, "pay", panel, {"902 · 2.00 off, dented tin"})
    # The large panel's list is two parts of ours, its head and its lines, where the design has one box.
    assert [each for each in wrong if "10.0 62.0 478.0 618.0 panel" not in each] == []
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"pay-{scheme}", panel) < GOLDEN_MEAN


def test_keys_of_later_versions_are_sunk_in_their_places(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    assert sunk_keys(ui) == LATER[panel]


def test_exact_cash_is_one_tap(ui: UI, till: Till) -> None:
    show(ui, till)
    assert lit(ui) == ["Exact cash", "€151.50"]
    ui.tap("Exact cash")
    assert ui.screen.name == "change"
    assert tenders(till) == (Tender(TenderKind.CASH, 15150, 15150),)
    assert ui.tones.played == ["done"]
    assert till.counter.selling.sale is None


@ONE_PANEL
def test_a_double_tap_on_pay_never_takes_the_cash(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.desk.show("pay")
    ui.tap("Exact cash", hasty=True)
    assert ui.screen.name == "pay"
    assert till.journal.last(1) == []


def test_a_quick_amount_finishes_in_one_tap(ui: UI, till: Till) -> None:
    show(ui, till)
    assert [text for text in ui.texts() if text.startswith("change ")] == [
        "change 0.50",
        "change 3.50",
        "change 8.50",
        "change 48.50",
    ]
    ui.tap("155.00")
    assert ui.screen.name == "change"
    assert tenders(till) == (Tender(TenderKind.CASH, 15150, 15500),)


def test_typed_cash_says_its_change_on_the_lit_key(ui: UI, till: Till) -> None:
    show(ui, till)
    type_in(ui, "2", "0", "0", "00")
    assert lit(ui) == ["Take", "change 48.50", "€200.00"]
    ui.tap("Take")
    assert tenders(till) == (Tender(TenderKind.CASH, 15150, 20000),)


def test_too_little_cash_is_not_taken_by_a_slip_of_the_finger(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    type_in(ui, "1", "5", "00")
    assert lit(ui) == ["Take", "136.50 short", "€15.00"]
    assert not untidy(ui, panel)
    ui.tap_at(*ui.screen.layout.lit.area[:2])
    assert till.journal.last(1) == []
    type_in(ui, *["backspace"] * 4)
    assert lit(ui) == ["Exact cash", "€151.50"]


@LARGE
def test_notes_put_down_one_by_one_add_up(ui: UI, till: Till) -> None:
    show(ui, till)
    for note in ("+ 50", "+ 50", "+ 50", "+ 5"):
        ui.tap(note)
    assert lit(ui) == ["Take", "change 3.50", "€155.00"]
    ui.tap("Clear")
    assert lit(ui) == ["Exact cash", "€151.50"]


@ONE_PANEL
def test_more_digits_than_money_has_are_not_typed(ui: UI, till: Till) -> None:
    show(ui, till)
    type_in(ui, *"0099999999999")
    assert lit(ui)[-1] == "€9,999,999.99"


def test_a_card_is_paid_when_its_slip_number_is_typed(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Card")
    assert "€151.50 on the card terminal" in ui.texts()
    assert lit(ui) == ["Card paid", "slip number first", "€151.50"]
    assert ui.screen.find("Card paid") is None
    assert not untidy(ui, panel)
    type_in(ui, "4", "7", "1", "1")
    assert lit(ui) == ["Card paid", "slip 4711", "€151.50"]
    ui.tap("Card paid")
    assert ui.screen.name == "change"
    assert tenders(till) == (CARD,)


@ONE_PANEL
def test_a_refused_card_goes_back_to_cash(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Card")
    type_in(ui, "4")
    ui.tap("Not by card")
    assert lit(ui) == ["Exact cash", "€151.50"]
    assert "152.00" in ui.texts()


def test_a_sale_is_split_between_cash_and_card(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Split")
    type_in(ui, "5", "0", "00")
    assert lit(ui) == ["Take a part", "101.50 stays due", "€50.00"]
    ui.tap("Take a part")
    assert "Still to pay" in ui.texts()
    assert "€101.50" in ui.texts()
    taken = {"7": "Cash 50.00", "10": "−50.00"}[panel]
    assert taken in ui.texts()
    type_in(ui, "3", "0", "00")
    ui.tap("Card 30.00")
    type_in(ui, "9")
    ui.tap("Card paid")
    assert not untidy(ui, panel)
    assert golden_difference(ui, "pay-split", panel) < GOLDEN_MEAN
    ui.tap("Exact cash")
    assert [each.amount_minor for each in tenders(till)] == [5000, 3000, 7150]


def test_the_way_back_is_open_until_something_was_taken(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Sale")
    assert ui.screen.name == "sell"
    till.counter.tendering.take_cash(5000)
    ui.show("pay")
    ui.tap("Sale")
    assert ui.screen.name == "pay"
    assert "€50.00 is paid already" in ui.texts()
    assert ui.tones.played == ["refused"]
    assert not untidy(ui, panel)


def test_what_was_taken_is_handed_back_by_one_key(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    till.counter.tendering.take_cash(5000)
    till.counter.tendering.take_card(3000, "9")
    ui.show("pay")
    ui.tap("Give back")
    assert {"Give back €50.00", "On the card terminal, undo 30.00."} <= set(ui.texts())
    assert not untidy(ui, panel)
    assert till.counter.selling.payment is None
    ui.tap("Give back €50.00")
    assert "Give back €50.00" not in ui.texts()
    assert lit(ui) == ["Exact cash", "€151.50"]


@ONE_PANEL
def test_paying_goes_on_after_a_crash_with_what_was_taken(ui: UI, till: Till) -> None:
    show(ui, till)
    till.counter.tendering.take_cash(5000)
    till.counter.selling.start_new()
    assert till.counter.selling.resume()
    ui.show("pay")
    assert lit(ui) == ["Exact cash", "€101.50"]


def test_cash_is_rounded_where_small_coins_are_gone(ui: UI, tmp_path: Path, panel: str) -> None:
    with open_till(tmp_path, rounding_step_minor=5) as till:
        show(ui, till, (331, 1), (12, 1))
        assert "€24.92" in ui.texts()
        assert lit(ui) == ["Exact cash", "rounded from 24.92", "€24.90"]
        assert not untidy(ui, panel)
        type_in(ui, "2", "4", "9", "2")
        assert lit(ui)[0] == "Take"
        ui.tap("Take")
        assert "There are no coins for this amount." in ui.texts()
        assert not untidy(ui, panel)
        type_in(ui, *["backspace"] * 4)
        ui.tap("Exact cash")
        assert tenders(till) == (Tender(TenderKind.CASH, 2490, 2490),)


@ONE_PANEL
def test_what_costs_nothing_is_finished_without_money(ui: UI, till: Till) -> None:
    show(ui, till, (13, 1))
    assert lit(ui) == ["Nothing to pay", "€0.00"]
    assert {"Card", "Split"} <= sunk_keys(ui)
    ui.tap("Nothing to pay")
    assert ui.screen.name == "change"
    assert tenders(till) == ()


@ONE_PANEL
def test_a_sale_that_shrank_to_what_was_paid_is_finished_by_one_tap(ui: UI, till: Till) -> None:
    show(ui, till, (331, 1), (1209, 1))
    till.counter.tendering.take_card(2490, "4711")
    till.counter.selling.void(2)
    ui.show("pay")
    type_in(ui, "5")
    assert lit(ui)[0] == "Nothing to pay"
    ui.tap("Nothing to pay")
    assert ui.screen.name == "change"
    assert [each.amount_minor for each in tenders(till)] == [2490]


@ONE_PANEL
def test_a_scan_while_paying_adds_to_the_sale(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.desk.scan("331", "E0")
    assert ui.screen.name == "sell"
    assert till.counter.selling.sale is not None
    assert till.counter.selling.sale.total_minor == 15150 + 2490


@ONE_PANEL
def test_paying_without_a_sale_leads_back_to_selling(ui: UI, till: Till) -> None:
    offer(ui, till)
    ui.show("pay")
    assert ui.screen.name == "sell"


@ONE_PANEL
def test_nobody_signed_in_takes_no_money(ui: UI, till: Till) -> None:
    show(ui, till)
    till.counter.selling.hand_over(None)
    ui.tap("Exact cash")
    assert ui.screen.name == "pay"
    assert "Sign in first." in ui.texts()
    assert till.journal.last(1) == []

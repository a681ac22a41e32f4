"""Sales from paper: typed, looked at, booked, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.ui.screens.book.sheet import Sheet, sheet_of
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.shelf import fill_shelf, set_left
from tests.screens.till import PIN, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        fill_shelf(made)
        yield made


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "14:32")
    ui.show("book", back="menu")


def type_list(ui: UI, text: str) -> None:
    """Such as "23,2x612/5": the keys by their signs."""
    keys = {",": "comma", "x": "Times", "/": "Next sale", "<": "backspace"}
    for sign in text:
        ui.tap(keys.get(sign, sign))


def booked(till: Till) -> list[list[tuple[int | None, int]]]:
    """Number and quantity of the lines of each sale, oldest first."""
    sales = reversed(till.journal.last(99))
    return [[(line.number, line.quantity) for line in each.sale.lines] for each in sales]


def rows(ui: UI) -> list[str]:
    return [" ".join(row.words()) for row in ui.screen.list.rows if row.words()]


def lit(ui: UI) -> str:
    assert ui.screen.lit.is_lit
    return " ".join(ui.screen.lit.words())


def type_the_picture(ui: UI, till: Till) -> None:
    set_left(till, 1209, 2)
    type_list(ui, "331,2x402/3x1209,55/99,707")
    ui.tap("A day earlier")


@ONE_PANEL
@pytest.mark.parametrize("scheme", ["light"])
def test_the_page_in_the_sun(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show(ui, till)
    type_the_picture(ui, till)
    assert golden_difference(ui, f"book-list-{scheme}", panel) < GOLDEN_MEAN


@pytest.mark.parametrize("scheme", ["dark"])
def test_the_page_is_tidy_empty_filled_and_booked(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show(ui, till)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"book-empty-{scheme}", panel) < GOLDEN_MEAN
    type_the_picture(ui, till)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"book-list-{scheme}", panel) < GOLDEN_MEAN
    assert not ui.screen.lit.is_lit
    ui.tap("99")  # the row
    type_list(ui, "<<5")
    ui.tap("Book 3 sales")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"book-done-{scheme}", panel) < GOLDEN_MEAN
    assert booked(till) == [[(331, 1), (402, 2)], [(1209, 3), (55, 1)], [(5, 1), (707, 1)]]


@ONE_PANEL
def test_names_and_prices_stand_beside_what_is_typed(ui: UI, till: Till) -> None:
    show(ui, till)
    assert not ui.screen.lit.is_lit
    type_list(ui, "33")
    assert rows(ui) == ["1 Gift wrap 33 3.00"]
    type_list(ui, "1,2x4")
    assert rows(ui)[-1] == "2×4 no product has this number yet"
    assert not ui.screen.lit.is_lit
    type_list(ui, "02")
    assert rows(ui) == ["1 Claw hammer 450 g 331 24.90", "2 Wood screws 4 × 40 (200) 402 · 2 × 8.75 17.50"]
    assert lit(ui) == "Book 1 sale 3 items · Cash · Today €42.40"


@ONE_PANEL
def test_the_key_books_once_and_the_sale_in_progress_stays(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    show(ui, till)
    type_list(ui, "402/55")
    ui.tap("Card")
    place = ui.part("Book 2 sales").middle()
    ui.tap_at(*place)
    ui.tap_at(*place)
    assert booked(till) == [[(402, 1)], [(55, 1)]]
    assert {each.payment.tenders[0].kind for each in till.journal.last(9)} == {"card"}
    assert "2 sales are in the books" in ui.texts()
    assert ui.tones.played == ["done"]
    assert till.drawer.openings == 0
    assert till.counter.selling.sale is not None


@ONE_PANEL
def test_undo_takes_it_back_and_brings_the_list_to_be_mended(ui: UI, till: Till) -> None:
    show(ui, till)
    type_list(ui, "402,3x55/331")
    ui.tap("A day earlier")
    ui.tap("Book 2 sales")
    ui.show("menu")
    ui.show("book", back="menu")  # it is still offered
    ui.tap("Undo")
    assert "Out of the books: €53.15, as T1-000003 to T1-000004." in " ".join(ui.texts())
    assert till.journal.totals(till.clock()).refunded_minor == 5315
    assert lit(ui) == "Book 2 sales 5 items · Cash · Yesterday €53.15"
    type_list(ui, "<")  # the last number again
    assert ui.screen.field.value == "331"
    ui.tap("Book 2 sales")
    assert len(booked(till)) == 4


@ONE_PANEL
def test_another_persons_booking_wants_a_manager(ui: UI, till: Till) -> None:
    show(ui, till)
    type_list(ui, "402")
    ui.tap("Book 1 sale")
    till.sign_in("Aoife")
    ui.tap("Undo")
    assert ui.screen.name == "approve"
    ui.tap("Ciarán")
    ui.tap("Booked twice")
    for digit in PIN:
        ui.tap(digit)
    ui.wait(lambda: ui.screen.name == "book")
    assert till.journal.totals(till.clock()).refunds == 1


@ONE_PANEL
def test_the_same_list_again_needs_a_second_tap(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    for _ in range(2):
        type_list(ui, "402,55")
        ui.tap("Book 1 sale")
    assert "This list is in the books already. Booked at 14:32 as T1-000001." in " ".join(ui.texts())
    assert not untidy(ui, panel)
    assert len(booked(till)) == 1
    ui.tap("Book it again")
    assert len(booked(till)) == 2


@ONE_PANEL
def test_a_scan_puts_its_number_on_the_list(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    type_list(ui, "402")
    ui.desk.scan("04006381333931")
    ui.desk.scan("5012345678900")
    assert [row.split()[0] for row in rows(ui)] == ["1"] * 3
    ui.desk.scan("nonsense")
    assert "No product has this code." in ui.texts()
    assert not untidy(ui, panel)
    ui.tap("Book 1 sale")
    assert booked(till) == [[(402, 1), (331, 1), (55, 1)]]


@ONE_PANEL
def test_the_day_goes_back_a_month_and_no_further(ui: UI, till: Till) -> None:
    show(ui, till)
    type_list(ui, "55")
    for _ in range(40):
        ui.screen.earlier.tap(0, 0)
    assert ui.screen.day.words() == ["Tue 21 Oct", "31 days ago"]
    assert lit(ui).endswith("Tue 21 Oct €6.50")
    ui.tap("Tue 21 Oct")
    assert ui.screen.day.words() == ["Today", "Fri 21 Nov"]


@ONE_PANEL
def test_nobody_signed_in_books_nothing_and_the_list_stays(ui: UI, till: Till) -> None:
    show(ui, till)
    type_list(ui, "402")
    till.counter.selling.hand_over(None)
    ui.tap("Book 1 sale")
    assert "Sign in first." in ui.texts()
    assert booked(till) == []
    ui.tap("back")
    ui.show("book", back="menu")
    assert rows(ui)[0].startswith("1 Wood screws")


@ONE_PANEL
def test_the_list_to_sell_from_is_printed(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Print list")
    assert "The list is coming: 27 products" in ui.texts()
    assert not untidy(ui, panel)
    ui.wait(lambda: len(till.printer.printed) == 1)
    words = repr(till.printer.printed[0])
    assert words.index("Kitchen") < words.index("Tools")
    assert "Listed(number='331', name='Claw hammer 450 g', amount='24.90')" in words


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("23,,,612", "23, 612"),
        ("/,23/", "23"),
        ("23,61<<<<5", "25"),
        ("23/612,<<<<<<<7", "7"),
        ("1234567890123456", "1234567890123"),
        ("<<", ""),
    ],
)
def test_whatever_is_pressed_the_sheet_is_a_list(keys: str, text: str) -> None:
    sheet = Sheet()
    deeds = {",": Sheet.comma, "/": Sheet.next_sale, "<": Sheet.back}
    for key in keys:
        sheet = deeds[key](sheet) if key in deeds else sheet.press(key)
    assert sheet.text == text
    assert sheet.typed in {"", *text.split(", ")}


def test_an_item_that_is_emptied_goes() -> None:
    sheet = sheet_of("23, 2x612 / 5").choose((0, 1))
    for _ in "2x612":
        sheet = sheet.back()
    assert sheet.text == "23 / 5"
    assert sheet.press("7").text == "23, 7 / 5"
    assert sheet.comma().press("8").text == "23 / 5, 8"

"""Selling by finger: every key does what it says, and the sale on the file is what the screen shows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.ui.screens.sell import Sell
from tests.screens.conftest import UI
from tests.screens.shelf import fill_shelf, numbered, sell, set_left
from tests.screens.till import Till, lines, open_till, sale_of


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as opened:
        yield fill_shelf(opened)


@pytest.fixture
def counter(ui: UI, till: Till) -> UI:
    """The sell screen, with the names of other screens that it leads to."""
    opened: list[str] = []
    counter = replace(till.counter, open_drawer=lambda _word: opened.append("drawer"))
    ui.offer(sell=lambda desk: Sell(desk, counter))
    ui.opened = opened
    ui.show("sell")
    return ui


def more(ui: UI) -> None:
    ui.tap("Line" if ui.look.is_large else "More")


def type_digits(ui: UI, digits: str) -> None:
    if not ui.look.is_large and ui.screen.find("Times") is None:
        ui.tap("Keys")
    for digit in digits:
        ui.tap(digit)


def test_a_scan_becomes_the_newest_line_with_the_scanned_tone(counter: UI, till: Till) -> None:
    counter.desk.scan("4006381333931")
    assert lines(till) == [(331, 1)]
    assert {"Claw hammer 450 g", "€24.90", "1 item"} <= set(counter.texts())
    assert counter.tones.played == ["scanned"]


def test_the_last_one_says_so_on_its_line_with_a_tone_of_its_own(counter: UI, till: Till) -> None:
    set_left(till, 707, 1)
    type_digits(counter, "707")
    counter.tap("Add")
    assert "Last one, as of 13:40" in counter.texts()
    assert counter.tones.played == ["scanned-look"]


def test_every_tile_adds_its_product(counter: UI, till: Till) -> None:
    for tile in counter.screen.left.tiles.tiles:
        counter.tap_at(*tile.middle())
        assert sale_of(till).lines[-1].product_id == tile.text.key
    assert len(lines(till)) == (24 if counter.look.is_large else 12)


def test_a_tile_counts_down_with_the_sale(counter: UI, till: Till) -> None:
    assert "2 left" in counter.texts()
    counter.tap("507")
    assert counter.texts().count("1 left") == 2
    counter.tap("507")
    assert "0 left" in counter.texts()


def test_plus_and_minus_act_on_the_newest_line(counter: UI, till: Till) -> None:
    sell(till, 331, 402)
    counter.show("sell")
    counter.tap("One more")
    counter.tap("One more")
    assert lines(till) == [(331, 1), (402, 3)]
    counter.tap("One less")
    assert lines(till) == [(331, 1), (402, 2)]


def test_a_tapped_line_is_chosen_for_plus_and_minus(counter: UI, till: Till) -> None:
    sell(till, 331, 402)
    counter.show("sell")
    counter.tap("Claw hammer 450 g")
    counter.tap("One more")
    assert lines(till) == [(331, 2), (402, 1)]


def test_the_last_piece_takes_the_line_off_and_can_be_put_back(counter: UI, till: Till) -> None:
    sell(till, 331, 402)
    counter.show("sell")
    counter.tap("One less")
    assert lines(till) == [(331, 1)]
    assert "Wood screws 4 × 40 (200) is off" in counter.texts()
    counter.tap("Put back")
    assert lines(till) == [(331, 1), (402, 1)]
    assert counter.screen.find("Put back") is None


def test_the_offer_to_put_back_goes_by_itself(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("sell")
    counter.screen.deeds.undo_seconds = 0.4
    more(counter)
    counter.tap("Take off")
    assert counter.screen.find("Put back") is not None
    counter.wait(lambda: counter.screen.find("Put back") is None)
    assert lines(till) == []


def test_a_number_is_typed_and_named_before_it_is_added(counter: UI, till: Till) -> None:
    type_digits(counter, "612")
    if not counter.look.is_large:
        assert {"Picture hooks", "€4.50"} <= set(counter.texts())
    counter.tap("Add")
    assert lines(till) == [(612, 1)]
    assert counter.screen.find("Pay") is not None


def test_times_makes_more_of_the_next_thing(counter: UI, till: Till) -> None:
    type_digits(counter, "3")
    counter.tap("Times")
    assert "3 ×" in counter.texts()
    type_digits(counter, "612")
    counter.tap("Add")
    type_digits(counter, "4")
    counter.tap("Times")
    counter.desk.scan("4006381333931")
    assert lines(till) == [(612, 3), (331, 4)]


def test_an_unknown_number_is_a_band_and_the_sale_goes_on(counter: UI, till: Till) -> None:
    type_digits(counter, "999999")
    if counter.look.is_large:
        counter.tap("Add")
        assert "Unknown barcode 999999" in counter.texts()
    else:
        assert "no product 999999" in counter.texts()
        assert counter.screen.find("Add") is None
    counter.desk.scan("4006381333931")
    assert lines(till) == [(331, 1)]


def test_a_barcode_that_will_not_scan_is_typed(counter: UI, till: Till) -> None:
    type_digits(counter, "4006381333931")
    counter.tap("Add")
    assert lines(till) == [(331, 1)]


def test_backspace_takes_digits_back(counter: UI, till: Till) -> None:
    type_digits(counter, "6125")
    counter.tap("backspace")
    counter.tap("Add")
    assert lines(till) == [(612, 1)]


def test_how_many_sets_the_chosen_lines_quantity(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("sell")
    more(counter)
    counter.tap("How many")
    for digit in "12":
        counter.tap(digit)
    counter.tap("Set")
    assert lines(till) == [(331, 12)]


def test_an_unknown_barcode_is_a_band_with_a_low_tone_and_the_next_scan_works(
    counter: UI, till: Till
) -> None:
    counter.desk.scan("5390123456789")
    assert "Unknown barcode 5 390123 456789" in counter.texts()
    assert counter.tones.played == ["unknown"]
    counter.desk.scan("4006381333931")
    assert lines(till) == [(331, 1)]
    assert not [text for text in counter.texts() if text.startswith("Unknown")]


def test_leave_it_takes_the_band_away(counter: UI) -> None:
    counter.desk.scan("5390123456789")
    counter.tap("Leave it")
    assert counter.screen.find("Leave it") is None


def test_taking_all_off_asks_first_and_is_noted_in_the_journal(counter: UI, till: Till) -> None:
    sell(till, 331, 402)
    counter.show("sell")
    counter.tap("Sale" if counter.look.is_large else "More")
    if not counter.look.is_large:
        counter.tap("This sale")
    counter.tap("Take all off")
    assert "Take off all 2 items?" in counter.texts()
    counter.tap("Keep it")
    assert len(lines(till)) == 2
    counter.tap("Take all off")
    counter.tap_at(*counter.screen.column.answers[0].middle())
    assert till.counter.selling.sale is None
    assert {"Pay", "nothing yet", "€0.00"} <= set(counter.texts())


def test_keys_of_later_versions_are_sunk_and_do_nothing(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("sell")
    later = ["Collect", "Discount", "Customer"] if counter.look.is_large else []
    assert [name for name in later if counter.screen.find(name)] == []
    more(counter)
    assert [name for name in ("Discount", "Note") if counter.screen.find(name)] == []
    before = counter.texts()
    for part in counter.screen.parts:
        if part.is_shown and getattr(part, "is_off", False):
            counter.tap_at(*part.middle())
    assert counter.texts() == before


def test_the_drawer_key_opens_the_drawer(counter: UI, till: Till) -> None:
    if not counter.look.is_large:
        counter.tap("More")
        counter.tap("This sale")
    counter.tap("Drawer")
    assert counter.opened == ["drawer"]


def test_more_becomes_done_in_the_same_place(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("sell")
    place = counter.part("Line" if counter.look.is_large else "More").area
    more(counter)
    assert counter.part("Done").area == place
    counter.tap("Done")
    assert counter.screen.find("Linen tea towel") is not None


def test_the_tiles_tab_opens_the_categories_and_a_category_its_products(counter: UI, till: Till) -> None:
    counter.tap("Tiles")
    counter.tap("Kitchen")
    names = [text for text in counter.texts() if text.startswith("Enamel")]
    assert names == ["Enamel jug 1 l, blue rim", "Enamel mug", "Enamel mug, oat", "Enamel plate"]
    counter.tap("Kitchen")
    counter.tap("Sold most")
    assert "Linen tea towel" in counter.texts()


def test_a_category_with_more_than_a_page_is_turned(counter: UI, till: Till) -> None:
    counter.tap("Tiles")
    counter.tap("Tools")
    seen = {tile.text.key for tile in counter.screen.left.tiles.tiles if tile.text}
    while counter.screen.find("Next"):
        counter.tap("Next")
        seen |= {tile.text.key for tile in counter.screen.left.tiles.tiles if tile.text}
    page = till.counter.finding.in_category(2, 0, 100)
    assert seen == {product.product_id for product in page.products}


def test_favourites_keep_their_places_when_others_come(counter: UI, till: Till) -> None:
    before = [tile.text.key for tile in counter.screen.left.tiles.tiles]
    till.pay((707, 1))
    counter.desk.refresh()
    after = [tile.text.key for tile in counter.screen.left.tiles.tiles]
    assert numbered(till, 707).product_id in after
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_more_lines_than_rows_keep_the_newest_and_page_to_the_oldest(counter: UI, till: Till) -> None:
    rows = counter.screen.column.row_count
    tiles = [tile.text.key for tile in counter.screen.left.tiles.tiles][:12]
    for product_id in tiles:
        till.counter.selling.add_product(product_id)
    counter.show("sell")
    hidden = len(tiles) - (rows - 1)
    assert f"{hidden} more above" in counter.texts()
    shown = [row.text.key for row in counter.screen.column.lines.rows if row.text]
    assert shown == list(range(hidden + 1, len(tiles) + 1))
    counter.tap(f"{hidden} more above")
    assert 1 in [row.text.key for row in counter.screen.column.lines.rows if row.text]
    counter.desk.scan("4006381333931")
    assert counter.screen.column.lines.rows[-1].text.name == "Claw hammer 450 g"


def test_the_first_start_goes_with_the_first_line(ui: UI, till: Till) -> None:
    counter = replace(till.counter, products_at_first=lambda: 2418)
    ui.offer(sell=lambda desk: Sell(desk, counter))
    ui.show("sell")
    assert {"Ready for the first sale", "2,418 products came over from the shop."} <= set(ui.texts())
    ui.desk.scan("4006381333931")
    assert "Ready for the first sale" not in ui.texts()


def test_a_scan_from_another_screen_becomes_a_line_here(counter: UI, till: Till) -> None:
    counter.show("sell", barcode="4006381333931", symbology=None)
    assert lines(till) == [(331, 1)]

"""A cashier's first hour beside the smooth day: long names, many pieces, a shop that is not there yet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.errors import DomainError
from appliance.ui.marks import Area, Text
from appliance.ui.screens.menu import Menu
from appliance.ui.screens.sell import Sell
from appliance.ui.screens.sell.wording import unknown_note
from appliance.ui.strings import read_words
from appliance.ui.widgets.facts import Fact, Facts
from appliance.ui.widgets.header import HeaderText
from appliance.ui.widgets.tile_name import FACE, cut_name
from tests.screens.conftest import UI
from tests.screens.looks import offer, untidy
from tests.screens.shelf import fill_shelf, numbered, sell, set_left
from tests.screens.till import Till, open_till

WHOLE = ("Paper bag", "LED bulb E27 7 W", "Wall plugs 8 mm (50)", "Carpenter's pencil")
WITHOUT_THEIR_END = {
    "Claw hammer 450 g": "Claw hammer",
    "Wood screws 4 × 40 (200)": "Wood screws",
    "Enamel mug, forest green": "Enamel mug",
    "Enamel paint, black 125 ml": "Enamel paint",
    "Seed packet, wild flowers": "Seed packet",
}
TILE_WIDTH = {"7": 112 - 18, "10": 118 - 22}


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as opened:
        yield fill_shelf(opened)


@pytest.fixture
def counter(ui: UI, till: Till) -> UI:
    offer(ui, till)
    ui.desk.set_header(HeaderText("Till 1", "Marta", "online", "Online", "14:32"))
    ui.show("sell")
    return ui


# names on tiles


def test_a_name_that_fits_stays_whole(ui: UI, panel: str) -> None:
    for name in WHOLE:
        _, lines = cut_name(ui.look, name, TILE_WIDTH[panel])
        assert " ".join(lines) == name


def test_a_name_that_does_not_fit_loses_its_size_and_colour_not_its_letters(ui: UI, panel: str) -> None:
    for name, short in WITHOUT_THEIR_END.items():
        _, lines = cut_name(ui.look, name, TILE_WIDTH[panel])
        assert " ".join(lines) == short


def test_a_number_stays_with_its_unit(ui: UI, panel: str) -> None:
    assert cut_name(ui.look, "Kindling, 3 kg net", TILE_WIDTH[panel])[1] == ("Kindling,", "3 kg net")


def test_a_name_of_many_words_ends_between_two_of_them(ui: UI, panel: str) -> None:
    name = "Leather key fob with a very long strap of hide"
    _, (first, second) = cut_name(ui.look, name, TILE_WIDTH[panel])
    assert second.endswith("…")
    assert name.startswith(f"{first} {second[:-1]} ")


def test_a_line_break_of_the_owner_is_kept(ui: UI, panel: str) -> None:
    assert cut_name(ui.look, "Enamel\nmug", TILE_WIDTH[panel])[1] == ("Enamel", "mug")


def test_a_single_word_that_is_too_wide_is_cut_at_a_letter(ui: UI, panel: str) -> None:
    px, (only,) = cut_name(ui.look, "Bottleneckwashingmachine", TILE_WIDTH[panel])
    assert only.endswith("…")
    assert ui.look.width_of(only, FACE, px) <= TILE_WIDTH[panel]


# lines


def test_thousands_of_pieces_stay_in_their_column(counter: UI, till: Till, panel: str) -> None:
    sell(till, 331)
    for quantity, text in ((1500, "1,500"), (9999, "9,999")):
        till.counter.selling.set_quantity(1, quantity)
        counter.show("sell")
        row = counter.screen.column.lines.rows[0]
        mark = next(each for each in row.marks() if isinstance(each, Text) and each.text == text)
        width = counter.look.width_of(text, mark.face, mark.px)
        assert row.area.x <= mark.x - width / 2
        assert mark.x + width / 2 <= row.area.x + counter.look.sizes.quantity
        assert not untidy(counter, panel)


def test_a_hint_is_whole_and_the_note_before_it_gives_way(counter: UI, till: Till) -> None:
    set_left(till, 1209, 2)
    sell(till, 1209, 1209, 1209)
    counter.show("sell")
    row = counter.screen.column.lines.rows[0]
    hint = till.counter.selling.hint(1)
    assert hint is not None
    assert hint.startswith("Only 2 left")
    drawn = [mark.text for mark in row.marks() if isinstance(mark, Text)]
    assert hint in drawn
    assert any(text.endswith("3 × 12.90 · ") for text in drawn)


def test_the_oldest_lines_lead_back_to_the_newest(counter: UI, till: Till) -> None:
    rows = counter.screen.column.row_count
    for tile in counter.screen.left.tiles.tiles[:12]:
        till.counter.selling.add_product(tile.text.key)
    counter.show("sell")
    newest = list(counter.texts())
    counter.tap(f"{12 - (rows - 1)} more above")
    assert "Back to the newest" in counter.texts()
    assert not any(text.startswith("0 more") for text in counter.texts())
    counter.tap("Back to the newest")
    assert counter.texts() == newest


def test_a_sale_that_is_paid_in_part_says_so_on_the_lit_key(counter: UI, till: Till) -> None:
    sell(till, 331)
    till.counter.tendering.begin()
    till.counter.tendering.take_cash(500)
    counter.show("sell")
    assert {"1 item · 5.00 paid", "€19.90"} <= set(counter.texts())


def test_taking_all_off_says_that_it_is_for_good(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("sell")
    counter.screen.deeds.whole.ask_take_all_off()
    assert "€24.90. This cannot be undone." in counter.texts()


@pytest.mark.parametrize(
    ("reason", "note"),
    [
        ("No product has this code.", "No product has this code. Scan on."),
        ("The code was not read right. Scan it again.", "The code was not read right. Scan it again."),
        ("The label says nothing: weigh it again.", "The label says nothing: weigh it again."),
    ],
)
def test_a_band_gives_one_advice(reason: str, note: str) -> None:
    assert unknown_note(reason, read_words()) == note


def test_a_refusal_offers_no_price(counter: UI) -> None:
    counter.screen.complain(str(DomainError("Something is already paid. Give it back first.")))
    assert "Sell at a price" not in counter.texts()


@pytest.mark.parametrize("panel", ["10"])
def test_add_is_sunk_until_something_is_typed(counter: UI) -> None:
    assert counter.screen.find("Add") is None
    counter.tap("6")
    assert counter.screen.find("Add") is not None


@pytest.mark.parametrize("panel", ["10"])
def test_notes_are_not_counted_into_a_slip_number(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("pay")
    counter.tap("Card")
    assert counter.screen.find("+ 5") is None
    counter.tap("Not by card")
    counter.tap("+ 5")
    assert "5.00" in counter.texts()


def test_a_part_by_card_says_what_stays_due(counter: UI, till: Till) -> None:
    sell(till, 331)
    counter.show("pay")
    counter.tap("Split")
    for key in ("5", "00"):
        counter.tap(key)
    counter.tap("Card 5.00")
    assert "Then 19.90 stays due." in counter.texts()
    counter.tap("Not by card")
    counter.tap("Card")
    assert "Then the sale is paid." in counter.texts()


# the drawer and the report


@pytest.mark.parametrize("screen", ["menu", "sell"])
def test_a_drawer_that_stays_shut_is_said_where_it_was_asked_for(ui: UI, till: Till, screen: str) -> None:
    counter = replace(till.counter, open_drawer=lambda _word: till.printing.open_drawer())
    ui.offer(sell=lambda desk: Sell(desk, counter), menu=lambda desk: Menu(desk, counter))
    till.printer.plugged = False
    ui.show(screen)
    if screen == "menu":
        ui.tap("Open the drawer")
    else:
        ui.screen.deeds.whole.press_drawer()

    def is_said() -> bool:
        ui.desk.refresh()
        return any(text.startswith("The drawer did not open.") for text in ui.texts())

    ui.wait(is_said)
    assert not untidy(ui, ui.look.sizes.name)
    ui.show(screen)
    assert not is_said()


def test_a_report_with_many_rates_shows_them_all(ui: UI) -> None:
    area = Area(0, 0, 340, 298)
    facts = Facts(ui.look, area, 43)
    facts.change(facts=tuple(Fact(f"VAT {at} %", "1.00") for at in range(11)))
    tops = [mark.top for mark in facts.marks() if isinstance(mark, Text)]
    assert len(facts.words()) == 11
    assert max(tops) + ui.look.sizes.text.px <= area.bottom


# the first start


def test_before_the_products_came_the_till_says_what_it_waits_for(ui: UI, till: Till, panel: str) -> None:
    arrived = [0]
    counter = replace(till.counter, products_at_first=lambda: arrived[0])
    ui.offer(sell=lambda desk: Sell(desk, counter))
    ui.show("sell")
    assert {"Waiting for the shop", "No products have come over yet."} <= set(ui.texts())
    assert "Tap a tile" not in ui.texts()
    assert not untidy(ui, panel)
    arrived[0] = 36
    ui.desk.refresh()
    assert "Ready for the first sale" in ui.texts()


# searching


def test_every_hit_can_be_reached(counter: UI, till: Till) -> None:
    mug = numbered(till, 1210)
    more = tuple(
        replace(mug, product_id=30_000 + at, number=3000 + at, sku=str(3000 + at)) for at in range(8)
    )
    till.catalogue.apply(CatalogueChanges(more))
    counter.show("search", text="oat")
    screen = counter.screen
    rows, seen = len(screen.list.rows), []
    for _ in range(-(-9 // rows)):
        seen += [row.text.key for row in screen.list.rows if row.text is not None]
        x, y, w, h = screen.field.more_target
        counter.tap_at(x + w / 2, y + h / 2)
    hits = till.counter.finding.search("oat")
    assert seen == [each.product_id for each in hits]
    assert screen.list.rows[0].text.key == hits[0].product_id, "after the last ones the first come again"


def test_the_hits_are_as_many_as_they_are_said_to_be(counter: UI) -> None:
    counter.show("search", text="oak hook")
    assert counter.screen.field.more == ""
    x, y, w, h = counter.screen.field.more_target
    assert counter.screen.part_at(x + w / 2, y + h / 2) is None


# devices


def test_a_missing_scanner_is_explained_where_its_chip_leads(counter: UI, panel: str) -> None:
    counter.desk.set_header(HeaderText("Till 1", "Marta", "scanner", "No scanner", "14:32"))
    counter.tap("state")
    assert counter.screen.name == "waiting"
    assert "No scanner is plugged in" in counter.texts()
    assert not untidy(counter, panel)
    counter.desk.set_header(HeaderText("Till 1", "Marta", "online", "Online", "14:32"))
    counter.desk.refresh()
    assert "No scanner is plugged in" not in counter.texts()


def test_a_sale_that_the_shop_has_otherwise_is_looked_at_again_not_sent_again(
    counter: UI, till: Till
) -> None:
    done = till.pay((331, 1))
    sale_id = done.completed.sale.sale_id
    till.facts.note_contact(True, till.clock())
    till.outbox.remember(sale_id, 41)
    till.outbox.mark_sent(sale_id, till.clock())
    till.outbox.mark_checked(sale_id, till.clock() + timedelta(minutes=5), "The shop has 23.90, not 24.90.")
    counter.show("waiting")
    assert "Look again" in counter.texts()
    assert "Send again" not in counter.texts()
    counter.tap("Look again")
    assert till.outbox.problems() == []

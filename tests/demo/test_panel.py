"""The panel: what is clicked happens at the devices, and what happens at the devices is seen."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from appliance.demo.goods import GOODS
from appliance.demo.network_faults import GROUPS
from appliance.demo.panel import POLL_SECONDS, panel_picture
from appliance.demo.panel_faults import ANY, BACK
from appliance.demo.panel_screen import UNKNOWN_CODE
from appliance.demo.panel_shelf import SHELVES, bars, on_shelf
from appliance.demo.shopper import ShopperError, buy_online
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.ui.marks import Picture
from appliance.ui.widgets.part import GUARD_SECONDS
from tests.storage.samples import NOON, fresh_till, paid, sale, seal

MUG = next(good for good in GOODS if good.sku == "1210")
BLANKET = next(good for good in GOODS if good.sku == "640")
PAPER = (251, 248, 241)


def label(good: Any) -> str:
    return f"{good.name} {good.price}"


def test_each_product_lies_on_one_shelf() -> None:
    lying = [good.sku for shelf in SHELVES for good in on_shelf(shelf)]
    assert sorted(lying) == sorted(good.sku for good in GOODS)


def test_the_bars_on_the_shelf_are_the_products_barcodes() -> None:
    for good in GOODS:
        symbol = Image.new("L", (95 * 3 + 80, 60), 255)
        for first, wide in bars(good.gtin):
            symbol.paste(0, (40 + first * 3, 0, 40 + (first + wide) * 3, 60))
        assert [found.text for found in zxingcpp.read_barcodes(symbol)] == [good.gtin]


def test_a_click_on_the_shelf_is_typed_by_the_scanner(hand: Any, till: Any) -> None:
    hand.wait(lambda: "scanner yes" in till.said, "the till to hold the scanner")
    hand.tap(label(MUG))
    hand.wait(lambda: f"scan {MUG.gtin}" in till.said, "the mug's code at the till")
    hand.tap("Garden, paint, light")
    other = on_shelf("Garden, paint, light")[0]
    hand.tap(label(other))
    hand.wait(lambda: f"scan {other.gtin}" in till.said, "the other shelf's code at the till")
    hand.tap(f"Unknown code {UNKNOWN_CODE}")
    hand.wait(lambda: f"scan {UNKNOWN_CODE}" in till.said, "the unknown code at the till")


def test_an_unplugged_scanner_is_gone_for_the_till_and_comes_back(hand: Any, till: Any) -> None:
    hand.wait(lambda: "scanner yes" in till.said, "the till to hold the scanner")
    hand.tap("Scanner unplugged")
    hand.wait(lambda: till.said[-1] == "scanner no", "the till to lose the scanner")
    hand.sees("its cable is out")
    hand.tap(label(MUG))
    hand.sees("Nothing was scanned.")
    hand.tap("Scanner unplugged")
    hand.wait(lambda: till.said[-1] == "scanner yes", "the till to hold the scanner again")
    hand.wait(lambda: not hand.panel.screen.find("Scanner unplugged").is_chosen, "the switch to go off")
    hand.tap(label(MUG))
    hand.wait(lambda: till.said[-1] == f"scan {MUG.gtin}", "the mug's code at the till")


def test_the_paper_comes_out_and_can_be_paged(hand: Any, till: Any) -> None:
    before = count_paper(hand.pixels())
    till.ask("print")
    hand.sees("1 receipt")
    hand.wait(lambda: "printed" in till.said, "the receipt")
    hand.wait(lambda: not feeding(hand), "the paper to stand still")
    assert count_paper(hand.pixels()) > before + 20_000
    assert hand.panel.screen.find("older paper") is None
    till.ask("print")
    till.ask("print")
    hand.sees("3 receipts")
    hand.wait(lambda: not feeding(hand), "the paper to stand still")
    newest = below_the_clock(hand)
    assert as_composed(hand)
    hand.tap("older paper")
    assert as_composed(hand)
    assert below_the_clock(hand) != newest
    hand.tap("newer paper")
    assert below_the_clock(hand) == newest


def below_the_clock(hand: Any) -> Any:
    """What is on the glass without the header, whose clock goes on meanwhile."""
    picture = hand.pixels()
    return picture.crop((0, 62, picture.width, picture.height))


def test_paper_out_stops_the_printer_and_paper_in_lets_it_go_on(hand: Any, till: Any) -> None:
    hand.tap("Paper out")
    hand.sees("the roll is empty")
    till.ask("print")
    hand.wait(lambda: any("refused" in each for each in till.said), "the printer to refuse")
    hand.tap("Paper out")
    hand.sees("paper is in")
    till.ask("print")
    hand.sees("1 receipt")


def test_an_unplugged_printer_keeps_its_paper(hand: Any, till: Any) -> None:
    till.ask("print")
    hand.sees("1 receipt")
    hand.tap("Printer unplugged")
    hand.sees("its cable is out")
    till.ask("print")
    hand.wait(lambda: any("refused" in each for each in till.said), "the printer to be absent")
    hand.tap("Printer unplugged")
    hand.wait(lambda: not hand.panel.screen.find("Printer unplugged").is_chosen, "the switch to go off")
    till.ask("print")
    hand.sees("2 receipts")


def test_the_drawer_pops_open_at_a_kick_and_shuts_again(hand: Any, till: Any) -> None:
    hand.sees("not opened yet")
    till.ask("kick")
    hand.sees("open")
    hand.wait(lambda: hand.panel.screen.drawer.out > 20, "the drawer to come out")
    hand.wait(lambda: hand.panel.screen.drawer.out == 0, "the drawer to be shut")
    hand.sees("opened once")


def test_the_network_goes_down_and_comes_back(hand: Any, stage: Any) -> None:
    hand.tap("Network down")
    hand.wait(lambda: stage.network.mode == "refuse", "the network to refuse")
    hand.sees("sales wait at the till")
    hand.tap("Network down")
    hand.wait(lambda: stage.network.mode == "up", "the network to be up")
    hand.sees("Network up")


def test_the_ways_to_fail_come_group_by_group_and_each_says_what_it_is_like(hand: Any, stage: Any) -> None:
    open_faults(hand)
    for group, kinds in GROUPS.items():
        hand.sees(f"{len(kinds)} kinds")
        for kind in kinds if group == "Late or twice" else kinds[:1]:
            hand.tap(group)
            hand.wait(lambda: stage.network.mode == kind.name, kind.name)  # noqa: B023 - at once
            hand.sees(kind.note)
            assert kind.words.split()[0] in " ".join(hand.words())
    for _ in GROUPS["Late or twice"]:
        hand.tap("Late or twice")
    hand.tap("Late or twice")
    hand.wait(lambda: stage.network.mode == "up", "the network to be up again")


def test_any_of_the_ways_to_fail_can_be_asked_for_and_the_first_page_says_so(hand: Any, stage: Any) -> None:
    open_faults(hand)
    hand.tap(ANY)
    hand.wait(lambda: stage.network.mode == "any", "any fault")
    hand.tap(BACK)
    hand.sees("any of them, 4 in 10")
    hand.sees("Paper out")
    time.sleep(GUARD_SECONDS)
    open_faults(hand)
    hand.tap(ANY)
    hand.wait(lambda: stage.network.mode == "up", "the network to be up again")


def open_faults(hand: Any) -> None:
    hand.tap("Strange network")
    hand.sees(ANY)
    time.sleep(GUARD_SECONDS)


def test_the_switches_show_what_the_day_does_too(hand: Any, stage: Any) -> None:
    stage.network.mode = "refuse"
    stage.bench.printer("printer", paper=False)
    hand.sees("sales wait at the till")
    hand.sees("the roll is empty")


def test_the_sales_that_the_shop_has_not_heard_of_are_counted(hand: Any, stage: Any) -> None:
    database, identity, person = fresh_till(stage.database_path)
    for number in (1, 2, 3):
        made = sale(number)
        Journal(database, identity, seal=seal()).record(made, paid(made), person, NOON)
    hand.sees("Network up · 3 sales wait")
    Outbox(database).remember(sale(1).sale_id, 77)
    Outbox(database).mark_sent(sale(1).sale_id, NOON)
    Outbox(database).park(sale(2).sale_id, "The shop refuses it.")
    database.close()
    hand.sees("Network up · 1 sale waits · 1 sale needs a person")


def test_a_hidden_panel_asks_nobody(hand: Any, stage: Any) -> None:
    hand.panel.window.dispatch("on_minimize")
    end = time.monotonic() + 2 * POLL_SECONDS
    hand.wait(lambda: time.monotonic() > end, "what was asked already")
    stage.network.mode = "refuse"
    end = time.monotonic() + 3 * POLL_SECONDS
    hand.wait(lambda: time.monotonic() > end, "a look that must not come")
    assert "sales wait at the till" not in hand.words()
    hand.panel.window.dispatch("on_restore")
    hand.sees("sales wait at the till")


def test_a_product_is_bought_on_the_shops_page_and_only_while_there_is_one(hand: Any, stage: Any) -> None:
    hand.tap("Buy one online")
    hand.sees("A click buys it online")
    hand.tap(label(BLANKET))
    hand.sees("Niamh Byrne bought it")
    sql = "SELECT count(*) FROM shop_order WHERE created_via = 'checkout'"
    assert stage.shop.database.value(sql) == 1
    hand.sees("A click scans it at the till")
    hand.tap("Buy one online")
    hand.tap(label(BLANKET))
    hand.sees("Not bought online")
    hand.sees("sold out")
    assert stage.shop.database.value(sql) == 1


def test_a_shopper_says_why_nothing_was_bought(stage: Any) -> None:
    with pytest.raises(ShopperError, match="no product 99999"):
        buy_online(stage.shop_url, "99999", "Niamh Byrne")
    stage.network.mode = "refuse"
    with pytest.raises(ShopperError, match="does not answer"):
        buy_online(stage.network.url, "640", "Niamh Byrne")
    stage.network.mode = "html"
    with pytest.raises(ShopperError, match="no product"):
        buy_online(stage.network.url, "640", "Niamh Byrne")


def test_a_picture_of_the_panel_needs_no_window_of_this_process(
    stage: Any, till: Any, tmp_path: Path
) -> None:
    till.ask("print")
    while "printed" not in till.said:
        time.sleep(0.05)
    panel_picture(stage, tmp_path / "panel.png")
    picture = Image.open(tmp_path / "panel.png")
    assert picture.size == (1280, 800)
    assert count_paper(picture) > 20_000


def count_paper(picture: Any) -> int:
    """Pixels in the paper's colour right of the switches."""
    right = picture.convert("RGB").crop((820, 124, 1270, 680))
    return sum(count for count, colour in right.getcolors(1 << 20) if colour == PAPER)


def as_composed(hand: Any) -> bool:
    """Whether the glass shows the composed paper dot for dot."""
    picture = next(mark for mark in hand.panel.screen.paper.marks() if isinstance(mark, Picture))
    x, y, w, h = picture.area
    shown = hand.pixels().crop((x, y, x + w, y + h))
    return bool(shown.tobytes() == picture.image.tobytes())


def feeding(hand: Any) -> bool:
    return bool(hand.panel.screen.paper.is_feeding)

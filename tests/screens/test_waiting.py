"""What waits: for the network, for paper, for a person."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from appliance.storage.facts import Vanished
from appliance.ui.screens.waiting.pages import CARD_ROWS, pages
from drivers.devices import PaperState
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
from tests.screens.till import PIN, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
MASKING_TAPE = 6
SALES = (331, 402, 707, 1209, 902, 55, 347, 55, 402, 707, 707, 12, 55)
"""The picture's day: twelve sales wait, the seventh is parked."""
REASON = "The shop no longer has product 347, Masking tape."
NOT_PICTURED = (
    [f"T1-{number:06d}" for number in range(112, 122)]
    + ["31.40", "12.90", "58.15", "89.00", "22.35", "6.40", "33.85", "97.20", "46.00", "11.85"]
    + ["13:41 · 2 lines", "13:48 · 1 line", "13:52 · 4 lines", "13:57 · 1 line", "14:01 · 3 lines"]
    + ["14:09 · 1 line", "14:14 · 2 lines", "14:18 · 5 lines", "14:20 · 1 line"]
    + ["needs you", "and 8 more, 355.25", "and 2 more, 60.45"]
    + ["Pick the product", "Book without it", "search", "check"]
    + ["Save to stick", "usb"]
)
"""The picture's sales are other ones, and its parked sale has other ways out."""
LIST_PANEL = {
    "7": "design box 352.0 200.0 442.0 198.0 panel",
    "10": "design box 770.0 62.0 500.0 618.0 panel",
}


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def sell_offline(till: Till, *numbers: int) -> list[str]:
    """A sale of each product, four minutes apart, since the network went at 13:40; returns their ids."""
    till.facts.note_contact(True, till.clock() - timedelta(minutes=52))
    till.facts.note_contact(False, till.clock() - timedelta(minutes=51), "unreachable")
    till.clock.pass_by(minutes=-51)
    sale_ids = []
    for number in numbers:
        done = till.pay((number, 1))
        sale_ids.append(done.completed.sale.sale_id)
        wait_until(till, lambda: len(till.printer.printed) == len(sale_ids))
        till.clock.pass_by(minutes=4)
        till.outbox.note_attempt(sale_ids[-1], till.clock() + timedelta(minutes=60))
    return sale_ids


def wait_until(till: Till, done: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end, [job.state for job in till.printing.unprinted()]
        time.sleep(0.005)


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "14:32", "offline", "Offline · 12 sales waiting")
    ui.show("waiting")


def sold_twice(till: Till, sale_id: str) -> None:
    at = till.clock()
    till.oversold.found(
        product_id=10_707,
        product_name="Oak hook rail, 5 hooks",
        units=1,
        sale_id=sale_id,
        found_at=at,
        order_id=10_482,
        order_number="10482",
        customer="Niamh Byrne",
        ordered_at=at - timedelta(minutes=20),
    )


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_waiting_stands_where_the_design_put_it(ui: UI, till: Till, panel: str, scheme: str) -> None:
    sale_ids = sell_offline(till, *SALES)
    till.outbox.park(sale_ids[MASKING_TAPE], REASON)
    till.outbox.note_attempt(sale_ids[0], till.clock() + timedelta(minutes=2))
    show(ui, till)
    wrong = unlike_the_design(ui, "waiting", panel, NOT_PICTURED)
    # The list's panel is one box in the design; here it lies under the cards too, and each row has a bed.
    assert [each for each in wrong if not each.startswith(LIST_PANEL[panel])] == []
    notes = {row["x"] for row in ui.rows() if str(row.get("text")).endswith(" · 1 line")}
    assert notes == {528 if panel == "7" else 980}
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"waiting-{scheme}", panel) < GOLDEN_MEAN


def test_how_many_wait_is_said_in_words(ui: UI, till: Till) -> None:
    sell_offline(till, *SALES)
    show(ui, till)
    texts = ui.texts()
    assert {"13", "sales wait for", "the network", "13:40"} <= set(texts)
    assert "Go on selling." in " ".join(texts)


def test_the_list_is_turned_page_by_page_and_comes_round(ui: UI, till: Till, panel: str) -> None:
    sell_offline(till, *SALES)
    show(ui, till)
    seen = [text for text in ui.texts() if text.startswith("T1-")]
    while "Back to the first" not in ui.texts():
        ui.tap(next(text for text in ui.texts() if text.startswith("and ")))
        seen += [text for text in ui.texts() if text.startswith("T1-")]
        assert not untidy(ui, panel)
    assert seen == [f"T1-{number:06d}" for number in range(1, 14)]
    ui.tap("Back to the first")
    assert "T1-000001" in ui.texts()


def test_a_parked_sale_comes_first_and_is_sent_again(ui: UI, till: Till) -> None:
    sale_ids = sell_offline(till, *SALES[:8])
    till.outbox.park(sale_ids[MASKING_TAPE], REASON)
    show(ui, till)
    assert "T1-000007 needs you" in ui.texts()
    assert REASON in " ".join(ui.texts())
    ui.tap("Send again")
    assert "T1-000007 needs you" not in ui.texts()
    assert till.outbox.entry(sale_ids[MASKING_TAPE]).state == "due"
    assert till.facts.try_now_at() is not None


@pytest.mark.parametrize(
    ("key", "way"), [("The ways out", "Send it later"), ("It is here", "It is here after all")]
)
def test_a_unit_sold_twice_names_both_parties_and_leads_to_the_ways_out(
    ui: UI, till: Till, panel: str, key: str, way: str
) -> None:
    sale_ids = sell_offline(till, 707)
    sold_twice(till, sale_ids[0])
    show(ui, till)
    words = " ".join(ui.texts())
    assert {"Oak hook rail, 5 hooks", "1 too many sold"} <= set(ui.texts())
    assert "Online #10482 · Niamh Byrne" in words
    assert "In the shop · T1-000001" in words
    assert not untidy(ui, panel)
    ui.tap(key)
    assert ui.screen.name == "oversold"
    assert ui.screen.lit.verb == way
    assert len(till.oversold.open()) == 1


def test_a_receipt_of_this_morning_is_printed_when_somebody_asks(ui: UI, till: Till, panel: str) -> None:
    till.printer.paper = PaperState.OUT
    till.pay((331, 1))
    wait_until(till, lambda: till.printing.unprinted() and till.printing.problem())
    show(ui, till)
    assert "Receipt T1-000001 is not printed" in ui.texts()
    assert not untidy(ui, panel)
    till.clock.pass_by(hours=3)
    time.sleep(0.2)  # ten looks of the print thread: it knows by now that the receipt is stale
    till.printer.paper = PaperState.OK
    ui.tap("Print now")
    wait_until(till, lambda: till.printer.printed)
    wait_until(till, lambda: not till.printing.unprinted())
    ui.desk.refresh()
    assert "Receipt T1-000001 is not printed" not in ui.texts()
    assert len(till.printer.printed) == 1


@ONE_PANEL
def test_a_receipt_that_may_have_come_out_is_asked_about(ui: UI, till: Till) -> None:
    till.printer.end_the_paper_in_the_middle()
    till.pay((331, 1))
    wait_until(till, till.printing.unprinted)
    show(ui, till)
    ui.desk.refresh()
    assert "Receipt T1-000001 may be printed" in ui.texts()
    ui.tap("It did print")
    assert "Receipt T1-000001 may be printed" not in ui.texts()
    assert till.printing.unprinted() == []
    assert till.printer.printed == []


@ONE_PANEL
def test_a_copy_of_a_receipt_that_may_be_out_is_counted(ui: UI, till: Till) -> None:
    till.printer.end_the_paper_in_the_middle()
    till.pay((331, 1))
    wait_until(till, till.printing.unprinted)
    till.printer.paper = PaperState.OK
    show(ui, till)
    ui.desk.refresh()
    ui.tap("Print now")
    wait_until(till, lambda: till.printer.printed)
    (clerk,) = till.counter.reporting.totals().clerks
    assert clerk.reprints == 1


@ONE_PANEL
def test_a_second_tap_does_not_settle_the_card_that_came_up(ui: UI, till: Till) -> None:
    sale_ids = sell_offline(till, 331, 402)
    for sale_id in sale_ids:
        till.outbox.park(sale_id, REASON)
    show(ui, till)
    first = next(part for part in ui.screen.parts if part.words() == ["Send again"])
    ui.tap_at(*first.middle())
    assert till.outbox.counts().parked == 1
    ui.tap_at(*first.middle(), hasty=True)
    assert till.outbox.counts().parked == 1
    ui.tap_at(*first.middle())
    assert till.outbox.counts().parked == 0


def test_try_now_asks_the_sync_service_and_says_so(ui: UI, till: Till) -> None:
    sell_offline(till, 331)
    show(ui, till)
    ui.tap("Try now")
    assert till.facts.try_now_at() == till.clock()
    assert "now" in ui.texts()
    assert "Try now" in sunk_keys(ui)
    ui.seconds.now += 60
    ui.desk.refresh()
    assert "Try now" not in sunk_keys(ui)


def test_when_nothing_waits_there_is_nothing_to_try(ui: UI, till: Till, panel: str) -> None:
    till.sign_in()
    till.facts.note_contact(True, till.clock())
    show(ui, till)
    assert "Nothing waits" in ui.texts()
    assert "Try now" in sunk_keys(ui)
    assert not untidy(ui, panel)


@ONE_PANEL
def test_both_ways_back_lead_where_one_was(ui: UI, till: Till) -> None:
    till.sign_in()
    show(ui, till)
    ui.tap("Back to selling")
    assert ui.screen.name == "sell"
    till.scan_pictured_sale()
    ui.show("pay")
    ui.tap("Offline · 12 sales waiting")
    assert ui.screen.name == "waiting"
    ui.tap("Sale")
    assert ui.screen.name == "pay"


@pytest.mark.parametrize("height", [7, 10])
@pytest.mark.parametrize("cards", range(6))
@pytest.mark.parametrize("rows", [0, 1, 3, 9, 40])
def test_pages_show_everything_once_and_in_order(height: int, cards: int, rows: int) -> None:
    made = pages(cards, rows, height)
    assert [at for page in made for at in page.cards] == list(range(cards))
    assert [at for page in made for at in page.rows] == list(range(rows))
    for page in made:
        assert len(page.cards) * CARD_ROWS + len(page.rows) + page.has_caption <= height
    assert all(first.cards.stop == second.cards.start for first, second in pairwise(made))
    assert made[0].has_caption == (len(made) > 1)


@ONE_PANEL
def test_what_is_asked_about_the_whole_shop_comes_first_and_a_manager_answers(
    ui: UI, till: Till, panel: str
) -> None:
    sale_ids = sell_offline(till, 331)
    till.outbox.park(sale_ids[0], REASON)
    till.facts.note_vanished(Vanished(320, 900, till.clock()))
    show(ui, till)
    titles = [text for text in ui.texts() if text.endswith("is gone") or text.endswith("needs you")]
    assert titles == ["Much of the online shop is gone", "T1-000001 needs you"]
    assert not untidy(ui, panel)
    ui.tap("They are gone")
    assert ui.screen.name == "approve"
    assert "Decide what the shop is told" in ui.texts()
    ui.tap("The owner says so")
    for digit in PIN:
        ui.tap(digit)
    ui.wait(lambda: ui.screen.name == "waiting")
    assert till.facts.accepted_vanished() is not None
    assert "Much of the online shop is gone" not in ui.texts()

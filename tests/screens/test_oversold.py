"""Sold twice: both buyers, and the ways out."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.boxes import differences
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
NOT_PICTURED = [
    "Today",
    "1 sale needs you",
    "Sold twice",
    "14:32",
    "T1-000121",
    "1 on the shelf, 2 sold",
    "13:49 · paid 46.00",
    "14:20 · cash 46.00",
    "Taken along. Nothing to do.",
    "Not sent yet. She can still be told.",
    "Four ways out",
    "nothing is sent before you tap below",
    "user",
    "Ask Ciarán",
    "Niamh gets a mail with the new day",
]
"""The page leads back to what waits; nobody here knows what is on the shelf; the buyers' words are our own."""
WAYS = (100.0, 400.0)
"""Between these the small panel has five ways where the design has four. The first buyer is chosen here."""


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def sell_twice(till: Till, *, units: int = 1, order_id: int | None = 10_482) -> str:
    """Niamh bought the rail online, then the till sold it too."""
    bought_at = till.clock() - timedelta(minutes=20)
    sale_id = till.pay((707, units)).completed.sale.sale_id
    till.clock.pass_by(minutes=11)
    known = (
        {}
        if order_id is None
        else {
            "order_id": order_id,
            "order_number": str(order_id),
            "customer": "Niamh Byrne",
            "ordered_at": bought_at,
        }
    )
    till.oversold.found(
        product_id=10_707,
        product_name="Oak hook rail, 5 hooks",
        units=units,
        sale_id=sale_id,
        found_at=till.clock(),
        **known,  # type: ignore[arg-type]
    )
    if order_id is not None:
        till.db.rows(
            "INSERT INTO web_order (order_id, number, status, total_minor, created_at, modified_at) "
            f"VALUES ({order_id}, '{order_id}', 'processing', 4600, '', '')"
        )
    return sale_id


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "14:32", "needs_you", "1 unit sold twice")
    ui.show("oversold", oversold_id=till.oversold.open()[0].oversold_id)


def order_note(till: Till) -> str:
    rows = till.db.rows("SELECT body FROM order_note")
    return str(rows[0][0]) if rows else ""


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_sold_twice_stands_where_the_design_put_it(ui: UI, till: Till, panel: str, scheme: str) -> None:
    sell_twice(till)
    show(ui, till)
    if scheme == "dark" and panel == "7":
        wrong = [
            each
            for each in differences(ui.rows(), "oversold", panel, NOT_PICTURED)
            if not _is_of_the_ways(each) and "amber-bed" not in each and "box 6.0 150.0" not in each
        ]
        assert not wrong, "\n".join(wrong)
    texts = set(ui.texts())
    assert {"Niamh Byrne", "Online #10482", "14:12 · paid 46.00", "In the shop", "T1-000001"} <= texts
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"oversold-{scheme}", panel) < GOLDEN_MEAN


def _is_of_the_ways(difference: str) -> bool:
    x, y = (
        difference.split(" / ", maxsplit=1)[0].split()[2:4]
        if difference.split()[1] != "text"
        else difference.split()[2:4]
    )
    return float(x) > 350 and WAYS[0] <= float(y) < WAYS[1]


def test_a_way_is_taken_with_a_note_and_the_owner_is_told(ui: UI, till: Till, panel: str) -> None:
    sell_twice(till)
    show(ui, till)
    ui.tap("Offer another")
    ui.tap("Note")
    assert not untidy(ui, panel)
    assert golden_difference(ui, "note", panel) < GOLDEN_MEAN
    for letter in "pine":
        ui.tap(letter)
    ui.tap("Done")
    assert ui.screen.name == "oversold"
    assert till.oversold.open() != []
    ui.tap_at(*ui.screen.lit.middle())
    assert ui.screen.name == "waiting"
    assert till.oversold.open() == []
    assert "Offer the buyer of this order another product. Decided by Marta. Note: Pine" in order_note(till)


@ONE_PANEL
def test_money_back_for_the_buyer_here_leads_to_giving_back_with_the_sale(ui: UI, till: Till) -> None:
    sell_twice(till)
    show(ui, till)
    ui.tap("Give the money back")
    assert "In the online shop: the till moves none there" in ui.texts()
    ui.tap("In the shop")
    assert "Give back opens with receipt T1-000001" in ui.texts()
    ui.tap_at(*ui.screen.lit.middle())
    assert ui.screen.name == "return"
    assert {"T1-000001", "Oak hook rail, 5 hooks"} <= set(ui.texts())


@ONE_PANEL
def test_nobody_signed_in_settles_nothing(ui: UI, till: Till) -> None:
    sell_twice(till)
    till.counter.selling.hand_over(None)
    show(ui, till)
    ui.tap_at(*ui.screen.lit.middle())
    assert "Sign in first." in ui.texts()
    assert len(till.oversold.open()) == 1


@ONE_PANEL
def test_without_a_known_order_it_is_about_the_buyer_here(ui: UI, till: Till) -> None:
    sell_twice(till, units=2, order_id=None)
    show(ui, till)
    texts = ui.texts()
    assert {"2 too many sold", "No order found", "The buyer here waits for more"} <= set(texts)
    ui.tap("No order found") if ui.screen.find("No order found") else None
    ui.tap_at(*ui.screen.lit.middle())
    assert (till.oversold.open(), order_note(till)) == ([], "")


@ONE_PANEL
def test_the_later_key_leaves_it_undecided(ui: UI, till: Till) -> None:
    sell_twice(till)
    show(ui, till)
    ui.tap("Later")
    assert ui.screen.name == "waiting"
    assert len(till.oversold.open()) == 1


@ONE_PANEL
def test_what_somebody_else_settled_is_left(ui: UI, till: Till) -> None:
    sell_twice(till)
    show(ui, till)
    till.db.rows("UPDATE oversold SET settled_at = '2025-11-21T14:40:00.000000Z'")
    ui.desk.refresh()
    assert ui.screen.name == "waiting"

"""What the shop did not take: sent again, told otherwise, or settled by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.domain.catalogue import CatalogueChanges
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import PIN, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
REASON = "The shop no longer has product 347, Masking tape."


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def show(ui: UI, till: Till) -> str:
    """A sale that was refused for its second line, and its page by way of the waiting sales."""
    sale_id = till.pay((331, 1), (347, 2), (402, 1)).completed.sale.sale_id
    till.outbox.park(sale_id, REASON)
    till.catalogue.apply(CatalogueChanges(removed=(10_347,)))
    offer(ui, till)
    head(ui, "14:32", "needs_you", "1 sale needs you")
    ui.show("waiting")
    ui.tap("Other ways")
    return sale_id


def approve(ui: UI) -> None:
    ui.tap("The product is gone")
    for digit in PIN:
        ui.tap(digit)
    ui.wait(lambda: ui.screen.name == "waiting")


def lit(ui: UI) -> None:
    ui.tap_at(*ui.screen.lit.middle())


def told(till: Till, sale_id: str) -> list[int | None]:
    lines = till.counter.waiting.putting_right.outboxes.sales
    assert lines.entry(sale_id).state == "due"
    stuck_as = till.mending.told(sale_id)
    return [line.product_id for line in stuck_as.sale.lines]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_says_what_is_stuck_and_chooses_the_line_that_it_is_about(
    ui: UI, till: Till, panel: str, scheme: str
) -> None:
    show(ui, till)
    assert "T1-000001 needs you" in ui.texts()
    assert REASON in " ".join(ui.texts())
    ui.tap("Tell it without the product")
    assert {"Masking tape", "a manager approves it, then it goes"} <= set(ui.texts())
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"stuck-{scheme}", panel) < GOLDEN_MEAN


@ONE_PANEL
def test_it_is_told_without_the_product_once_a_manager_says_so(ui: UI, till: Till) -> None:
    sale_id = show(ui, till)
    ui.tap("Tell it without the product")
    lit(ui)
    approve(ui)
    assert told(till, sale_id) == [10_331, None, 10_402]


@ONE_PANEL
def test_another_product_is_scanned_or_typed(ui: UI, till: Till) -> None:
    sale_id = show(ui, till)
    ui.tap("Tell it as another product")
    assert not ui.screen.lit.is_lit
    ui.desk.scan("no such code")
    assert "No product has this code." in ui.texts()
    ui.tap("Number")
    for digit in "55":
        ui.tap(digit)
    ui.tap("Done")
    assert ui.screen.name == "stuck"
    assert "Kindling, 3 kg net" in ui.texts()
    ui.desk.scan("12")
    assert "One screw" in ui.texts()
    lit(ui)
    approve(ui)
    assert told(till, sale_id) == [10_331, 10_012, 10_402]


@ONE_PANEL
def test_it_is_settled_by_hand_with_a_reason(ui: UI, till: Till) -> None:
    sale_id = show(ui, till)
    ui.tap("Settle by hand")
    lit(ui)
    approve(ui)
    assert till.outbox.entry(sale_id).is_settled
    assert "T1-000001 needs you" not in ui.texts()


@ONE_PANEL
def test_it_is_sent_again_without_a_manager(ui: UI, till: Till) -> None:
    sale_id = show(ui, till)
    lit(ui)
    assert ui.screen.name == "waiting"
    assert told(till, sale_id) == [10_331, 10_347, 10_402]


@ONE_PANEL
def test_what_the_shop_has_taken_up_cannot_be_told_otherwise(ui: UI, till: Till) -> None:
    sale_id = till.pay((331, 1)).completed.sale.sale_id
    till.outbox.remember(sale_id, 41)
    till.outbox.mark_sent(sale_id, till.clock())
    till.outbox.mark_checked(sale_id, till.clock(), "Its total was changed in the shop.")
    offer(ui, till)
    head(ui, "14:32")
    ui.show("waiting")
    ui.tap("Other ways")
    assert {"Tell it as another product", "Tell it without the product", "Number"} <= sunk_keys(ui)
    assert "Look again" in ui.texts()


@ONE_PANEL
def test_what_went_by_itself_meanwhile_is_left(ui: UI, till: Till) -> None:
    sale_id = show(ui, till)
    till.outbox.unpark(sale_id)
    ui.desk.refresh()
    assert ui.screen.name == "waiting"

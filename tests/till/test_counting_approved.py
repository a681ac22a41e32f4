"""A count that a manager approves: exactly these numbers, whole or not at all, and the shop hears the difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.catalogue import CatalogueChanges
from appliance.till.errors import (
    ApprovalError,
    ApprovalNeededError,
    NotCountedError,
    WrongPinError,
)
from tests.till.conftest import SCREWS
from tests.till.counted_shelf import Shelf

if TYPE_CHECKING:
    from tests.till.conftest import Bench


@pytest.fixture
def shelf(bench: Bench) -> Shelf:
    return Shelf(bench)


def test_a_manager_approves_and_the_stock_is_corrected_at_once(shelf: Shelf) -> None:
    shelf.scan("402")
    shelf.counting.set(402, 38)
    shelf.scan(*["1209"] * 3)
    shelf.bench.sell(402)
    shelf.approve()
    assert shelf.on_hand(402) == 37
    assert shelf.on_hand(1209) == 3
    assert shelf.counting.lines() == []
    entry, move = shelf.bench.entry("stock-counted"), shelf.bench.entry("stock-move")
    assert [(line["sku"], line["counted"], line["expected"]) for line in entry["lines"]] == [
        ("402", 38, 40),
        ("1209", 3, 3),
    ]
    assert entry["approved"]["name"] == "Sean"
    assert [(line["sku"], line["quantity"]) for line in move["lines"]] == [("402", -2)]
    assert entry["moves"] == [move["id"]]
    assert (move["approved_by"], move["reason"]) == (shelf.bench.sean.person_id, "Counted twice")


def test_a_count_that_found_all_right_is_journalled_and_moves_nothing(shelf: Shelf) -> None:
    shelf.scan(*["1209"] * 3)
    shelf.approve()
    assert "stock-move" not in shelf.bench.kinds()
    assert shelf.bench.entry("stock-counted")["moves"] == []


def _nobody(shelf: Shelf) -> Approval | None:
    return None


def _other_deed(shelf: Shelf) -> Approval | None:
    return shelf.bench.approve(Guarded.NO_SALE, shelf.counting.compare().mark)


def _other_numbers(shelf: Shelf) -> Approval | None:
    word = shelf.bench.approve(Guarded.STOCK_COUNT, shelf.counting.compare().mark)
    shelf.counting.set(331, 7)
    return word


@pytest.mark.parametrize(
    ("word", "refusal"),
    [(_nobody, ApprovalNeededError), (_other_deed, ApprovalError), (_other_numbers, ApprovalError)],
)
def test_nothing_moves_without_a_managers_word_for_exactly_this(
    shelf: Shelf, word: Callable[[Shelf], Approval | None], refusal: type[Exception]
) -> None:
    shelf.scan("331")
    approval = word(shelf)
    with pytest.raises(refusal):
        shelf.counting.approve(shelf.counting.compare(), approval)
    assert len(shelf.counting.lines()) == 1
    assert "stock-move" not in shelf.bench.kinds()


def test_a_wrong_pin_approves_nothing_and_a_word_holds_once(shelf: Shelf) -> None:
    shelf.scan("331")
    comparison = shelf.counting.compare()
    with pytest.raises(WrongPinError):
        shelf.bench.approving.approve(
            Guarded.STOCK_COUNT, shelf.bench.sean.person_id, "0000", "Why", comparison.mark
        )
    word = shelf.bench.approve(Guarded.STOCK_COUNT, comparison.mark)
    shelf.counting.approve(comparison, word)
    shelf.scan("331")
    with pytest.raises(ApprovalError):
        shelf.counting.approve(shelf.counting.compare(), word)


def test_what_was_counted_meanwhile_is_not_approved_unseen(shelf: Shelf) -> None:
    shelf.scan("331")
    comparison = shelf.counting.compare()
    word = shelf.bench.approve(Guarded.STOCK_COUNT, comparison.mark)
    shelf.scan("331")
    with pytest.raises(NotCountedError, match="Compare again"):
        shelf.counting.approve(comparison, word)
    assert shelf.on_hand(331) == 8


def test_a_product_that_the_shop_dropped_meanwhile_is_taken_off_first(shelf: Shelf) -> None:
    shelf.scan("331", "1209")
    shelf.bench.catalogue.remove([331])
    with pytest.raises(NotCountedError, match="no longer counts Claw hammer"):
        shelf.approve()
    shelf.counting.remove(331)
    shelf.approve()
    assert [line["sku"] for line in shelf.bench.entry("stock-counted")["lines"]] == ["1209"]


def test_if_the_file_refuses_the_correction_the_count_is_still_there(shelf: Shelf) -> None:
    shelf.scan("331")
    with shelf.bench.broken("stock_move_line"), pytest.raises(Exception, match="broken on purpose"):
        shelf.approve()
    assert shelf.variances() == {331: -7}
    assert "stock-counted" not in shelf.bench.kinds()


def test_a_count_of_many_products_goes_up_in_several_pieces(shelf: Shelf) -> None:
    many = tuple(replace(SCREWS, product_id=5_000 + at, sku=f"S{at}", number=None) for at in range(120))
    shelf.bench.catalogue.apply(CatalogueChanges(many, read_at=shelf.bench.clock()))
    shelf.scan(*(each.sku for each in many))
    shelf.approve()
    sizes = shelf.bench.database.rows("SELECT count(*) FROM stock_move_line GROUP BY seq ORDER BY seq")
    assert [row[0] for row in sizes] == [50, 50, 20]
    assert shelf.bench.kinds().count("stock-counted") == 1

from typing import Any

import pytest

from appliance.domain.errors import EmptySaleError, TenderError
from appliance.storage.errors import NoSuchSaleError, StorageError
from appliance.till.errors import ApprovalNeededError, NotSignedInError, SaleOpenError


def held(bench: Any, *numbers: int, note: str = "") -> str:
    for number in numbers:
        bench.selling.add_number(number)
    sale_id: str = bench.holding.hold(note).sale.sale_id
    return sale_id


def test_a_sale_set_aside_comes_back_as_it_was(bench: Any) -> None:
    bench.selling.add_number(331, 2)
    bench.selling.add_number(402)
    bench.selling.void(2)
    sale = bench.selling.sale
    bench.holding.hold(" Mrs  Byrne ")
    assert (bench.selling.sale, bench.drafts.load()) == (None, None)
    bench.sell(55)
    bench.restart()

    (kept,) = bench.holding.all()
    assert (kept.sale, kept.note, kept.person_id) == (sale, "Mrs Byrne", bench.marta.person_id)
    assert bench.holding.recall(sale.sale_id) == sale
    assert bench.selling.sale == sale == bench.drafts.load().sale
    assert bench.holding.all() == []
    assert bench.kinds() == ["held", "sale", "recalled"]


def test_a_recalled_sale_is_paid_once(bench: Any) -> None:
    sale_id = held(bench, 331)
    bench.holding.recall(sale_id)
    bench.tendering.take_cash(2490)

    assert bench.journal.sale(sale_id).sale.total_minor == 2490
    with pytest.raises(NoSuchSaleError):
        bench.holding.recall(sale_id)


def test_several_are_listed_oldest_first(bench: Any) -> None:
    first = held(bench, 331)
    bench.clock.pass_by(minutes=1)
    second = held(bench, 402)

    assert [each.sale.sale_id for each in bench.holding.all()] == [first, second]


def test_the_customer_s_name_is_not_readable_in_the_file(bench: Any) -> None:
    held(bench, 331, note="Mrs Byrne")

    kept = str(bench.database.rows("SELECT note FROM held_sale UNION ALL SELECT body FROM journal"))
    assert "Byrne" not in kept
    assert "sealed:" in kept


def test_nothing_is_recalled_over_an_open_sale(bench: Any) -> None:
    sale_id = held(bench, 331)
    bench.selling.add_number(402)
    with pytest.raises(SaleOpenError):
        bench.holding.recall(sale_id)
    assert bench.selling.sale.lines[0].number == 402

    bench.selling.void(1)
    bench.holding.recall(sale_id)
    assert bench.selling.sale.sale_id == sale_id
    assert bench.kinds() == ["held", "void-sale", "recalled"]


def test_what_is_paid_in_part_or_empty_is_not_set_aside(bench: Any) -> None:
    with pytest.raises(EmptySaleError):
        bench.holding.hold()
    bench.selling.add_number(331)
    bench.tendering.take_cash(1000)
    with pytest.raises(TenderError):
        bench.holding.hold()
    bench.tendering.give_back()
    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.holding.hold()
    assert bench.holding.all() == []


def test_a_sale_set_aside_is_given_up_with_its_entry(bench: Any) -> None:
    sale_id = held(bench, 331)
    bench.holding.drop(sale_id)

    assert bench.holding.all() == []
    entry = bench.entry("void-sale")
    assert (entry["held"], entry["sale"]["id"], entry["amount_minor"]) == (True, sale_id, 2490)
    with pytest.raises(NoSuchSaleError):
        bench.holding.drop(sale_id)


def test_setting_aside_does_not_get_around_the_manager(bench: Any) -> None:
    bench.selling.add_number(331)
    bench.tendering.take_cash(1000)
    bench.tendering.give_back()
    sale_id = bench.holding.hold().sale.sale_id
    with pytest.raises(ApprovalNeededError) as needed:
        bench.holding.drop(sale_id)

    bench.holding.drop(sale_id, bench.approve(needed.value.what, needed.value.about))
    assert bench.entry("void-sale")["approved"]["name"] == "Sean"


@pytest.mark.parametrize("table", ["journal", "held_sale", "draft"])
def test_each_step_is_written_as_one_or_not_at_all(bench: Any, table: str) -> None:
    bench.selling.add_number(331)
    sale = bench.selling.sale
    with bench.broken(table), pytest.raises(StorageError):
        bench.holding.hold()
    assert (bench.drafts.load().sale, bench.holding.all(), bench.kinds()) == (sale, [], [])
    assert bench.selling.sale == sale

    bench.holding.hold()
    with bench.broken(table), pytest.raises(StorageError):
        bench.holding.recall(sale.sale_id)
    assert (bench.drafts.load(), bench.selling.sale) == (None, None)
    assert len(bench.holding.all()) == 1
    assert bench.kinds() == ["held"]

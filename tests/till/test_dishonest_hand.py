"""Ways to take money or to hide a sale alone: each is refused, or shows in the figures that an owner reads."""

from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.tender import TenderKind
from appliance.storage import cashing_up as storage
from appliance.till.cashing_up import CashingUp
from appliance.till.errors import ApprovalNeededError, NotSignedInError, WrongPinError

CASH, CARD = TenderKind.CASH, TenderKind.CARD


@pytest.fixture
def cashing_up(bench: Any) -> CashingUp:
    records = storage.CashingUp(bench.database, bench.journal)
    return CashingUp(bench.selling, records, bench.approving, bench.printing, bench.clock)


def back(bench: Any, tender: TenderKind, quantities: dict[int, int], approval: Any = None) -> Any:
    found = bench.refunding.find(bench.journal.last(1)[0].receipt_number)
    plan = bench.refunding.of_sale(found, quantities)
    code = bench.journal.chain_code(found.completed.sale.sale_id)
    return bench.refunding.give_back(plan, tender, "Faulty", approval=approval, code=code)


def test_a_sale_taken_off_line_by_line_shows_as_much_as_one_given_up_at_once(bench: Any) -> None:
    bench.selling.add_number(331, 5)
    bench.selling.add_number(402)
    bench.selling.void(1)
    bench.selling.void(2)
    bench.selling.void_sale()

    totals = bench.reporting.totals()
    assert (totals.voided_sales, totals.voided_lines, totals.voided_minor) == (1, 2, 5 * 2490 + 875)
    assert totals.clerks[0].voided_lines == 2


def test_closing_the_day_over_an_emptied_sale_hides_nothing(bench: Any, cashing_up: CashingUp) -> None:
    bench.selling.add_number(331)
    bench.selling.void(1)

    totals = cashing_up.close_day().totals
    assert (totals.voided_lines, totals.voided_minor) == (1, 2490)


def test_pieces_taken_back_after_the_price_was_named_show_like_a_line_taken_off(bench: Any) -> None:
    bench.selling.add_number(331, 5)
    bench.selling.set_quantity(1, 2)
    bench.selling.change_quantity(1, -1)
    bench.tendering.take_cash(2490)

    assert bench.kinds() == ["quantity-lowered", "quantity-lowered", "sale"]
    entry = bench.entry("quantity-lowered")
    assert (entry["name"], entry["from"], entry["to"]) == ("Claw hammer 450 g", 2, 1)
    totals = bench.reporting.totals()
    assert (totals.voided_lines, totals.voided_minor, totals.voided_sales) == (2, 4 * 2490, 0)
    assert [(each.name, each.voided_lines, each.sales) for each in totals.clerks] == [("Marta", 2, 1)]


def test_more_pieces_are_no_matter_for_the_journal(bench: Any) -> None:
    bench.selling.add_number(331)
    bench.selling.set_quantity(1, 4)
    bench.selling.change_quantity(1, 1)
    assert bench.kinds() == []


def test_nobody_lowers_a_quantity_without_a_name(bench: Any) -> None:
    bench.selling.add_number(331, 2)
    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.selling.set_quantity(1, 1)
    assert bench.selling.sale.items == 2


def test_a_lower_quantity_and_its_entry_are_written_together_or_not_at_all(bench: Any) -> None:
    bench.selling.add_number(331, 2)
    with bench.broken("draft"), pytest.raises(Exception, match="broken on purpose"):
        bench.selling.set_quantity(1, 1)
    assert (bench.selling.sale.items, bench.kinds()) == (2, [])
    bench.restart()
    assert bench.selling.resume()
    assert bench.selling.sale.items == 2


def test_a_card_sale_does_not_leave_in_cash_without_a_manager(bench: Any) -> None:
    bench.selling.add_number(331)
    bench.tendering.take_card(2490, "41")

    with pytest.raises(ApprovalNeededError, match="another way than paid") as needed:
        back(bench, CASH, {1: 1})
    assert needed.value.what is Guarded.REFUND_OTHER_WAY
    assert bench.kinds() == ["sale"]
    assert back(bench, CARD, {1: 1}).completed.approval is None


def test_a_cash_sale_does_not_leave_on_a_card_without_a_manager(bench: Any) -> None:
    bench.sell(331)
    with pytest.raises(ApprovalNeededError):
        back(bench, CARD, {1: 1})
    assert back(bench, CASH, {1: 1}).cash_minor == 2490


def test_a_manager_s_word_for_cash_does_not_serve_a_card(bench: Any) -> None:
    bench.selling.add_number(331)
    bench.tendering.take_card(2490, "41")
    plan = bench.refunding.of_sale(bench.refunding.find("T1-000001"), {1: 1})
    with pytest.raises(ApprovalNeededError) as needed:
        bench.refunding.give_back(plan, CASH, "Faulty")

    word = bench.approve(needed.value.what, needed.value.about)
    done = bench.refunding.give_back(plan, CASH, "Faulty", approval=word)
    assert (done.cash_minor, done.completed.approval.name) == (2490, "Sean")
    assert bench.entry("refund")["approved"]["by"] == bench.sean.person_id


def test_of_a_split_sale_only_its_cash_part_leaves_in_cash(bench: Any) -> None:
    bench.selling.add_number(402, 4)
    bench.tendering.take_card(1750, "41")
    bench.tendering.take_cash(1750)

    assert back(bench, CASH, {1: 2}).cash_minor == 1750
    with pytest.raises(ApprovalNeededError):
        back(bench, CASH, {1: 1})
    assert back(bench, CARD, {1: 1}).cash_minor == 0
    assert back(bench, CARD, {1: 1}).cash_minor == 0


def test_cash_rounding_asks_no_manager(bench: Any) -> None:
    bench.rounding_step_minor = 5
    bench.build()
    bench.learn_price(402, 873)
    bench.selling.add_number(402, 3)  # 26.19 is paid with 26.20
    bench.tendering.take_cash(2620)

    paid = [back(bench, CASH, {1: 1}).cash_minor for _ in range(1, 4)]
    assert sum(paid) == 2620


def test_the_right_pin_tells_how_many_wrong_ones_came_before(bench: Any) -> None:
    for _ in range(4):
        with pytest.raises(WrongPinError):
            bench.signing_in.sign_in(bench.sean.person_id, "0000")
    bench.signing_in.sign_in(bench.sean.person_id, "4321")
    bench.signing_in.sign_in(bench.sean.person_id, "4321")

    assert bench.kinds() == ["wrong-pins", "sign-in", "sign-in"]
    assert bench.entry("wrong-pins") == {"count": 4}


def test_a_float_of_a_cent_that_opens_the_drawer_is_counted_for_its_person(
    bench: Any, cashing_up: CashingUp
) -> None:
    cashing_up.put_float(1)
    cashing_up.pay_in(1)
    report = cashing_up.close_day()

    (marta,) = report.totals.clerks
    assert (marta.name, marta.cash_moves, marta.no_sales) == ("Marta", 2, 0)
    bench.printing.start()
    bench.until(lambda: len(bench.printer.printed) == 1)
    assert "money in or out 2 times" in str(bench.printer.printed[-1][0])


def test_a_z_report_that_waits_for_paper_comes_once_however_often_it_is_asked_for(
    bench: Any, cashing_up: CashingUp
) -> None:
    report = cashing_up.close_day()
    for _ in range(3):
        assert cashing_up.print_again(report.number)
    assert len(bench.jobs.open()) == 1

    bench.printing.start()
    bench.until(lambda: not bench.jobs.open())
    cashing_up.print_again(report.number)
    bench.until(lambda: len(bench.printer.printed) == 2)
    first, second = (str(document) for document, _ in bench.printer.printed)
    assert ("COPY" in first, "COPY" in second) == (False, True)


def test_changed_prices_and_payments_handed_back_are_counted_for_their_person(bench: Any) -> None:
    bench.selling.add_number(331)
    bench.pricing.set_price(1, 2300)
    bench.tendering.take_cash(500)
    bench.tendering.give_back()
    bench.tendering.take_card(2300, "41")

    (marta,) = bench.reporting.totals().clerks
    assert (marta.price_changes, marta.payments_back, marta.sales) == (1, 1, 1)

from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.errors import (
    EmptySaleError,
    NoSuchLineError,
    QuantityError,
    TenderError,
)
from appliance.domain.refund_planning import Unproven
from appliance.domain.tender import TenderKind
from appliance.storage.errors import NoSuchSaleError, StorageError
from appliance.till.errors import (
    ApprovalError,
    ApprovalNeededError,
    NoSuchReceiptError,
    NotSignedInError,
    ReasonNeededError,
    RefundChangedError,
)

CASH, CARD = TenderKind.CASH, TenderKind.CARD


def back(bench: Any, receipt: str, quantities: dict[int, int], tender: TenderKind = CASH) -> Any:
    found = bench.refunding.find(receipt)
    plan = bench.refunding.of_sale(found, quantities)
    code = code_of(bench, found.completed.sale.sale_id)
    return bench.refunding.give_back(plan, tender, "Faulty", code=code)


def code_of(bench: Any, sale_id: str | None = None) -> str:
    """The code on the receipt of a sale, the newest without one."""
    return str(bench.journal.chain_code(sale_id or bench.journal.last(1)[0].sale.sale_id))


def unproven(bench: Any, number: int, quantity: int, price_minor: int) -> Any:
    """A plan without a receipt."""
    product = bench.catalogue.get(number)
    return bench.refunding.of_products([Unproven(product, quantity, price_minor)])


def rows(bench: Any, table: str) -> int:
    ((count,),) = bench.database.rows(f"SELECT count(*) FROM {table}")
    return int(count)


def test_pieces_of_a_receipt_come_back_at_what_they_were_sold_for(bench: Any) -> None:
    bench.selling.add_number(331, 3)
    bench.selling.add_number(55)
    bench.tendering.take_cash(10000)
    bench.learn_price(331, 9900)

    done = back(bench, "T1-000001", {1: 2})
    assert (done.cash_minor, done.completed.receipt_number) == (4980, "T1-000002")
    (line,) = done.completed.refund.lines
    assert (line.name, line.quantity, line.amount_minor, line.tax_minor) == (
        "Claw hammer 450 g",
        2,
        4980,
        931,
    )
    assert bench.refunds.by_receipt("T1-000002") == done.completed
    assert done.completed.approval is None


def test_a_refund_takes_the_next_number_and_the_next_sale_the_one_after(bench: Any) -> None:
    bench.sell(331)
    back(bench, "T1-000001", {1: 1})
    bench.sell(402)

    assert [sale.receipt_number for sale in bench.journal.last(5)] == ["T1-000003", "T1-000001"]
    assert bench.kinds() == ["sale", "refund", "sale"]
    assert bench.journal.verify() is None


def test_more_than_was_sold_never_comes_back(bench: Any) -> None:
    bench.selling.add_number(331, 3)
    bench.tendering.take_cash(7470)
    back(bench, "T1-000001", {1: 2})

    found = bench.refunding.find("t1-000001 7F3A91C25D0E")
    assert found.left(found.completed.sale.lines[0]) == 1
    with pytest.raises(QuantityError, match="1 can come back"):
        bench.refunding.of_sale(found, {1: 2})
    back(bench, "T1-000001", {1: 1})
    assert bench.refunding.find("T1-000001").is_all_back
    with pytest.raises(QuantityError, match="came back already"):
        back(bench, "T1-000001", {1: 1})


def test_a_plan_made_before_another_refund_is_refused(bench: Any) -> None:
    bench.selling.add_number(331, 3)
    bench.tendering.take_cash(7470)
    found = bench.refunding.find("T1-000001")
    first, second = (bench.refunding.of_sale(found, {1: 1}) for _ in range(2))
    bench.refunding.give_back(first, CASH, "Faulty", code=code_of(bench))

    with pytest.raises(RefundChangedError):
        bench.refunding.give_back(second, CASH, "Faulty", code=code_of(bench))
    with pytest.raises((RefundChangedError, QuantityError)):
        bench.refunding.give_back(first, CASH, "Faulty", code=code_of(bench))
    assert rows(bench, "refund") == 1


def test_the_same_plan_twice_gives_back_once(bench: Any) -> None:
    bench.sell(331)
    plan = bench.refunding.of_sale(bench.refunding.find("T1-000001"), {1: 1})
    bench.refunding.give_back(plan, CASH, "Faulty", code=code_of(bench))
    with pytest.raises(QuantityError):
        bench.refunding.give_back(plan, CASH, "Faulty", code=code_of(bench))
    assert rows(bench, "refund") == 1


def test_what_a_receipt_does_not_say_is_refused(bench: Any) -> None:
    bench.sell(331)
    for text in ("", "T1-000009", "T2-000001", "nonsense"):
        with pytest.raises(NoSuchReceiptError):
            bench.refunding.find(text)
    with pytest.raises(NoSuchSaleError):
        bench.refunding.refundable("0" * 32)
    found = bench.refunding.find("T1-000001")
    with pytest.raises(EmptySaleError):
        bench.refunding.of_sale(found, {1: 0})
    with pytest.raises(NoSuchLineError):
        bench.refunding.of_sale(found, {2: 1})
    with pytest.raises(QuantityError):
        bench.refunding.of_sale(found, {1: -1})


def test_a_refund_of_a_refund_is_none(bench: Any) -> None:
    bench.sell(331)
    back(bench, "T1-000001", {1: 1})
    with pytest.raises(NoSuchReceiptError):
        bench.refunding.find("T1-000002")


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_comes_back_without_a_reason_or_without_a_cashier(bench: Any, reason: str) -> None:
    bench.sell(331)
    plan = bench.refunding.of_sale(bench.refunding.find("T1-000001"), {1: 1})
    with pytest.raises(ReasonNeededError):
        bench.refunding.give_back(plan, CASH, reason)
    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.refunding.give_back(plan, CASH, "Faulty", code=code_of(bench))
    assert bench.kinds() == ["sale"]


def test_without_a_receipt_a_manager_approves_just_this(bench: Any) -> None:
    plan = unproven(bench, 331, 2, 2000)
    with pytest.raises(ApprovalNeededError) as needed:
        bench.refunding.give_back(plan, CASH, "Gift")
    assert needed.value.what is Guarded.REFUND_WITHOUT_RECEIPT
    word = bench.approve(needed.value.what, needed.value.about, "Known customer")
    dearer = unproven(bench, 331, 2, 9000)
    with pytest.raises(ApprovalError, match="something else"):
        bench.refunding.give_back(dearer, CASH, "Gift", approval=word)
    done = bench.refunding.give_back(plan, CASH, "Gift", approval=word)

    assert (done.cash_minor, done.completed.refund.tax_minor) == (4000, 748)
    entry = bench.entry("refund")
    assert entry["of"] is None
    assert (entry["approved"]["by"], entry["approved"]["why"]) == (bench.sean.person_id, "Known customer")
    with pytest.raises(ApprovalError):
        bench.refunding.give_back(unproven(bench, 331, 2, 2000), CASH, "Gift", approval=word)
    assert bench.database.rows("SELECT approved_by, reason FROM refund") == [(bench.sean.person_id, "Gift")]


def test_without_a_receipt_only_what_can_be_meant(bench: Any) -> None:
    with pytest.raises(EmptySaleError):
        bench.refunding.of_products([])
    for quantity, price, error in ((0, 100, QuantityError), (1, 0, TenderError), (1, -5, TenderError)):
        with pytest.raises(error):
            unproven(bench, 331, quantity, price)


def test_cash_opens_the_drawer_and_a_card_does_not(bench: Any) -> None:
    bench.printing.start()
    bench.sell(331)
    bench.until(lambda: bench.drawer.openings == 1)
    bench.selling.add_number(402)
    bench.tendering.take_card(875, "41")
    back(bench, "T1-000001", {1: 1})
    bench.until(lambda: bench.drawer.openings == 2)

    plan = bench.refunding.of_sale(bench.refunding.find("T1-000002"), {1: 1})
    slip = " 0042 4111111111111111"
    done = bench.refunding.give_back(plan, CARD, "Faulty", slip=slip, code=code_of(bench))
    bench.until(lambda: bench.jobs.job(done.job_id).state in ("sent", "printed"))
    assert (done.cash_minor, done.completed.reference, bench.drawer.openings) == (0, "0042 **** 1111", 2)


def test_the_paper_says_what_came_back_of_which_receipt_and_why(bench: Any) -> None:
    bench.printing.start()
    bench.sell(331)
    done = back(bench, "T1-000001", {1: 1})
    bench.until(lambda: bench.jobs.job(done.job_id).state in ("sent", "printed"))

    words = str(bench.printer.printed[-1])
    for word in ("Refund", "T1-000002", "Of receipt T1-000001", "Claw hammer 450 g", "−24.90", "Faulty"):
        assert word in words, word


def test_a_refund_that_did_not_print_comes_again_as_itself(bench: Any) -> None:
    bench.sell(331)
    back(bench, "T1-000001", {1: 1})
    (job,) = [job for job in bench.jobs.open() if job.sale_id is None]
    bench.jobs.set_state(job.job_id, "unknown")
    assert bench.waiting.view().unprinted[-1].title == "Refund T1-000002"
    bench.restart()
    bench.printing.start()
    bench.printing.print_again(bench.jobs.job(job.job_id))
    bench.until(lambda: any("COPY" in str(paper) for paper in bench.printer.printed))

    assert "Of receipt T1-000001" in str(bench.printer.printed[-1])


def test_cash_rounding_over_all_refunds_is_that_of_one(bench: Any) -> None:
    bench.rounding_step_minor = 5
    bench.restart()
    for number, price in ((331, 98), (402, 98), (1209, 98)):
        bench.learn_price(number, price)
        bench.selling.add_number(number)
    bench.tendering.take_cash(295)

    cash = [back(bench, "T1-000001", {position: 1}).cash_minor for position in (1, 2, 3)]
    assert cash == [100, 95, 100]
    sums = bench.database.rows("SELECT sum(total_minor), sum(total_minor + rounding_minor) FROM refund")
    assert sums == [(294, 295)]


def test_without_a_receipt_cash_is_rounded_by_itself(bench: Any) -> None:
    bench.rounding_step_minor = 5
    bench.restart()
    plan = unproven(bench, 331, 1, 98)
    assert (bench.refunding.rounding_minor(plan, CASH), bench.refunding.rounding_minor(plan, CARD)) == (2, 0)


def test_money_goes_back_as_most_of_it_came(bench: Any) -> None:
    bench.selling.add_number(331)
    bench.tendering.take_card(2000, "1")
    bench.tendering.take_cash(490)
    bench.sell(402)

    assert [bench.refunding.find(f"T1-00000{number}").tender for number in (1, 2)] == [CARD, CASH]


def test_what_goes_back_to_the_shelf_counts_at_once_and_what_is_damaged_does_not(bench: Any) -> None:
    bench.sell(331, 402)
    hammers, screws = (bench.catalogue.get(number).on_hand for number in (331, 402))
    plan = bench.refunding.of_sale(bench.refunding.find("1"), {1: 1, 2: 1}, {2})
    bench.refunding.give_back(plan, CASH, "Faulty", code=code_of(bench))

    counts = [bench.catalogue.get(number).on_hand for number in (331, 402)]
    assert counts == [hammers + 1, screws]
    assert bench.database.rows("SELECT state FROM refund_outbox") == [("due",)]


@pytest.mark.parametrize("table", ["journal", "refund", "refund_line", "refund_outbox", "print_job"])
def test_a_refund_is_written_as_one_or_not_at_all(bench: Any, table: str) -> None:
    bench.sell(331)
    plan = unproven(bench, 331, 1, 2000)
    word = bench.approve(Guarded.REFUND_WITHOUT_RECEIPT, f"{plan.refund_id}/2000")
    jobs = rows(bench, "print_job")
    with bench.broken(table), pytest.raises(StorageError):
        bench.refunding.give_back(plan, CASH, "Gift", approval=word)
    counts = [
        rows(bench, each) for each in ("journal", "refund", "refund_line", "refund_outbox", "print_job")
    ]
    assert counts == [1, 0, 0, 0, jobs]
    assert bench.drawer.openings == 0

    assert (
        bench.refunding.give_back(plan, CASH, "Gift", approval=word).completed.receipt_number == "T1-000002"
    )


def test_a_product_that_the_shop_dropped_still_comes_back_against_its_receipt(bench: Any) -> None:
    bench.sell(331)
    bench.catalogue.apply(CatalogueChanges(removed=(331,)))
    assert back(bench, "T1-000001", {1: 1}).cash_minor == 2490

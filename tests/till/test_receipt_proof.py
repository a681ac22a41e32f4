"""What is a receipt, and what is not; where what comes back goes."""

from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.refund_planning import Unproven
from appliance.domain.tender import TenderKind
from appliance.till.errors import ApprovalNeededError, NoSuchReceiptError
from appliance.till.refunding import Proof, split_code
from appliance.till.reprinting import Reprinting
from drivers.document import QrBeside
from tests.till.test_refunding import code_of

CASH = TenderKind.CASH


def test_a_number_alone_is_no_receipt(bench: Any) -> None:
    bench.sell(331)
    plan = bench.refunding.of_sale(bench.refunding.find("1"), {1: 1})
    for code in ("", "0000 0000 0000"):
        with pytest.raises(ApprovalNeededError) as needed:
            bench.refunding.give_back(plan, CASH, "Faulty", code=code)
    assert needed.value.what is Guarded.REFUND_WITHOUT_RECEIPT

    word = bench.approve(needed.value.what, needed.value.about)
    done = bench.refunding.give_back(plan, CASH, "Faulty", approval=word)
    assert (done.completed.refund.of_receipt, done.completed.approval.name) == ("T1-000001", "Sean")


def test_the_code_of_a_receipt_proves_it_however_it_is_written(bench: Any) -> None:
    sale_id = bench.sell(331)
    bench.sell(402)
    code = code_of(bench, sale_id)
    proof = bench.refunding.proof
    assert proof(sale_id, code) is proof(sale_id, code.replace(" ", "").lower()) is Proof.GENUINE
    assert proof(sale_id, code_of(bench)) is proof(sale_id, code[:-1]) is proof(sale_id, "é") is Proof.WRONG
    assert proof(sale_id, "") is Proof.NOT_SEEN
    assert split_code(f" t1-000001  {code}") == ("T1-000001", code.replace(" ", ""))
    assert split_code("  ") == ("", "")


def test_another_tills_receipt_is_told_from_one_that_does_not_exist(bench: Any) -> None:
    bench.sell(331)
    with pytest.raises(NoSuchReceiptError, match="T9-000001 is another till's"):
        bench.refunding.find("T9-000001 7F3A91C25D0E")
    with pytest.raises(NoSuchReceiptError, match="This till has no such receipt"):
        bench.refunding.find("T1-000009")
    assert bench.refunding.find("1").completed.receipt_number == "T1-000001"


def test_what_came_back_damaged_does_not_go_to_the_shelf(bench: Any) -> None:
    bench.sell(331, 402)
    plan = bench.refunding.of_sale(bench.refunding.find("1"), {1: 1, 2: 1}, {2})
    done = bench.refunding.give_back(plan, CASH, "Faulty", code=code_of(bench)).completed
    assert [(line.name, line.restock) for line in done.refund.lines] == [
        ("Claw hammer 450 g", True),
        ("Wood screws 4 x 40 (200)", False),
    ]
    assert bench.refunding.find("1").returned[1].last_at == bench.clock()


def test_several_products_come_back_without_a_receipt_at_once(bench: Any) -> None:
    hammer, rail = bench.catalogue.get(331), bench.catalogue.get(707)
    plan = bench.refunding.of_products([Unproven(hammer, 2, 2490), Unproven(rail, 1, 4600, is_damaged=True)])
    assert (plan.total_minor, [line.restock for line in plan.lines]) == (9580, [True, False])


def test_a_copy_carries_no_code_so_nobody_gives_back_on_one_alone(bench: Any) -> None:
    """Else a cashier prints one after the customer has gone, and takes the money out of the drawer."""
    bench.printing.start()
    sale_id = bench.sell(331)
    bench.until(lambda: len(bench.printer.printed) == 1)
    Reprinting(bench.selling, bench.journal, bench.printing, bench.clock).receipt(sale_id)
    bench.until(lambda: len(bench.printer.printed) == 2)
    texts = [
        next(each.data for each in document.elements if isinstance(each, QrBeside))
        for document, _ in bench.printer.printed
    ]
    assert [split_code(text)[1] for text in texts] == [code_of(bench, sale_id).replace(" ", ""), ""]
    assert split_code(texts[1])[0] == "T1-000001"

"""The drawer's money and the end of the day, as a cashier does them."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.cash import CashMoveError, DayOpenError
from appliance.storage import cashing_up as storage
from appliance.till.cashing_up import CashingUp
from appliance.till.errors import ApprovalError, ApprovalNeededError, NotSignedInError
from drivers.document import Banner, Document, Framed, Pair, QrBeside


@pytest.fixture
def cashing_up(bench: Any) -> CashingUp:
    records = storage.CashingUp(bench.database, bench.journal)
    return CashingUp(bench.selling, records, bench.approving, bench.printing, bench.clock)


def drawer_openings(bench: Any, count: int) -> None:
    bench.until(lambda: bench.drawer.openings == count)


def pairs(document: Document) -> dict[str, str]:
    return {each.left: each.right for each in document.elements if isinstance(each, Pair)}


def test_closing_the_day_prints_the_z_report(bench: Any, cashing_up: CashingUp) -> None:
    bench.sell(331, 55)
    bench.sell(402, given_minor=1000)
    report = cashing_up.close_day()
    bench.printing.start()

    bench.until(lambda: len(bench.printer.printed) == 3)
    document, _ = bench.printer.printed[-1]
    assert Framed("Total", "€40.15") in document.elements
    assert pairs(document)["Z report 1"].endswith("15:32")
    assert pairs(document)["The drawer should hold"] == "€40.15"
    assert pairs(document)["Marta, 2 sales"] == "40.15"
    (code,) = [each.data for each in document.elements if isinstance(each, QrBeside)]
    assert code == f"{report.seq}:{report.hash.hex()[:12].upper()}"
    assert bench.kinds()[-1] == "z-report"


def test_the_paper_of_a_z_report_survives_a_power_cut(bench: Any, cashing_up: CashingUp) -> None:
    bench.sell(331)
    cashing_up.close_day()
    bench.restart()
    bench.printing.start()

    bench.until(lambda: len(bench.printer.printed) == 2)
    assert "Z report 1" in pairs(bench.printer.printed[-1][0])


def test_a_z_report_is_printed_again_as_a_copy(bench: Any, cashing_up: CashingUp) -> None:
    bench.sell(331)
    assert cashing_up.last() is None
    report = cashing_up.close_day()
    bench.printing.start()
    bench.until(lambda: len(bench.printer.printed) == 2)

    assert cashing_up.last() == report
    assert cashing_up.print_again(1)
    assert not cashing_up.print_again(2)
    bench.until(lambda: len(bench.printer.printed) == 3)
    document, _ = bench.printer.printed[-1]
    assert Banner("COPY") in document.elements
    assert pairs(document)["Z report 1"] == pairs(bench.printer.printed[1][0])["Z report 1"]


def test_the_day_stays_open_while_a_sale_is(bench: Any, cashing_up: CashingUp) -> None:
    bench.selling.add_product(331)
    with pytest.raises(DayOpenError):
        cashing_up.close_day()
    bench.selling.void_sale()
    assert cashing_up.close_day().totals.voided_sales == 1


def test_nobody_closes_the_day_unseen(bench: Any, cashing_up: CashingUp) -> None:
    bench.selling.hand_over(None)
    for act in (cashing_up.close_day, lambda: cashing_up.pay_in(5), lambda: cashing_up.put_float(5)):
        with pytest.raises(NotSignedInError):
            act()
    assert bench.kinds() == []


def test_the_x_report_goes_on_after_the_z_report(bench: Any, cashing_up: CashingUp) -> None:
    bench.sell(331)
    assert bench.reporting.totals().sales == 1
    cashing_up.close_day()
    assert bench.reporting.totals().sales == 0
    bench.clock.pass_by(days=1)
    bench.sell(402)
    bench.clock.pass_by(days=1)
    totals = bench.reporting.totals()
    assert (totals.sales, totals.after_z) == (1, 1)


def test_float_and_paid_in_open_the_drawer_once_they_are_written(bench: Any, cashing_up: CashingUp) -> None:
    bench.printing.start()
    cashing_up.put_float(15_000)
    drawer_openings(bench, 1)
    cashing_up.pay_in(500, "change")
    drawer_openings(bench, 2)
    assert bench.kinds() == ["float", "paid-in"]
    assert cashing_up.close_day().totals.cash_expected_minor == 15_500


def test_money_out_needs_a_manager_for_just_this(bench: Any, cashing_up: CashingUp) -> None:
    bench.printing.start()
    with pytest.raises(ApprovalNeededError) as needed:
        cashing_up.pay_out(2_000, "window cleaner")
    assert needed.value.what is Guarded.PAID_OUT
    sean = bench.sean.person_id
    word = bench.approving.approve(Guarded.PAID_OUT, sean, "4321", "is due", needed.value.about)
    with pytest.raises(ApprovalError):
        cashing_up.pay_out(9_000, "window cleaner", word)
    assert "paid-out" not in bench.kinds()
    assert bench.drawer.openings == 0

    cashing_up.pay_out(2_000, "window cleaner", word)
    drawer_openings(bench, 1)
    ((body,),) = bench.database.rows("SELECT body FROM journal WHERE kind = 'paid-out'")
    assert '"approved":{"by":2,"name":"Sean","why":"is due"}' in body
    assert cashing_up.close_day().totals.cash_expected_minor == -2_000


def test_money_out_without_a_reason_asks_no_manager(cashing_up: CashingUp) -> None:
    with pytest.raises(CashMoveError, match="what the money is for"):
        cashing_up.pay_out(2_000, " ")

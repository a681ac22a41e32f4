from typing import Any

import pytest

from appliance.storage.print_jobs import PrintState
from appliance.till.print_worker import FRESH
from appliance.till.printing import ReceiptFate
from drivers.devices import PaperState
from drivers.document import Banner, Document


def states(bench: Any, sale_id: str) -> list[str]:
    return [str(job.state) for job in bench.jobs.of_sale(sale_id)]


def is_copy(document: Document) -> bool:
    return any(isinstance(element, Banner) for element in document.elements)


def test_a_receipt_is_printed_after_the_drawer_opened(bench: Any) -> None:
    bench.printing.start()
    sale_id = bench.sell(331, given_minor=5000)

    bench.until(lambda: states(bench, sale_id) == ["printed"])
    assert bench.drawer.openings == 1
    assert bench.printing.fate(sale_id) is ReceiptFate.OUT
    assert not is_copy(bench.printer.printed[0][0])


def test_a_card_sale_leaves_the_drawer_shut(bench: Any) -> None:
    bench.printing.start()
    bench.selling.add_product(331)
    done = bench.tendering.take_card(2490, "1")

    bench.until(lambda: states(bench, done.completed.sale.sale_id) == ["printed"])
    assert bench.drawer.openings == 0


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"paper": PaperState.OUT}, "Printer is out of paper"),
        ({"cover_open": True}, "Printer cover is open"),
        ({"plugged": False}, "No printer"),
    ],
)
def test_a_printer_in_trouble_blocks_no_sale_and_prints_by_itself_when_it_is_back(
    bench: Any, trouble: dict[str, Any], words: str
) -> None:
    for name, value in trouble.items():
        setattr(bench.printer, name, value)
    bench.printing.start()
    first, second = bench.sell(331), bench.sell(402)
    bench.until(lambda: states(bench, first) == ["failed"] and bench.printing.problem() == words)
    assert states(bench, second) == ["queued"]
    assert [bench.printing.fate(sale) for sale in (first, second)] == [ReceiptFate.NOT_PRINTED] * 2
    assert [job.sale_id for job in bench.printing.unprinted()] == [first, second]

    bench.printer.paper, bench.printer.cover_open, bench.printer.plugged = PaperState.OK, False, True
    bench.until(lambda: states(bench, first) == states(bench, second) == ["printed"])
    assert bench.printing.problem() == ""
    assert not any(is_copy(document) for document, _ in bench.printer.printed)


def test_a_receipt_that_may_be_on_paper_comes_again_only_by_hand_and_as_a_copy(bench: Any) -> None:
    bench.printer.end_the_paper_in_the_middle()
    bench.printing.start()
    first = bench.sell(331)
    bench.until(lambda: states(bench, first) == ["unknown"])
    assert bench.printing.fate(first) is ReceiptFate.MAYBE

    bench.printer.paper = PaperState.OK
    second = bench.sell(402)
    bench.until(lambda: states(bench, second) == ["printed"])
    assert states(bench, first) == ["unknown"]

    assert bench.printing.reprint(first) is True
    bench.until(lambda: states(bench, first) == ["sent", "printed"])
    assert [is_copy(document) for document, _ in bench.printer.printed] == [False, True]
    assert bench.printing.unprinted() == []


def test_a_printed_receipt_asked_for_again_is_a_copy(bench: Any) -> None:
    bench.printing.start()
    sale_id = bench.sell(331)
    bench.until(lambda: states(bench, sale_id) == ["printed"])

    assert bench.printing.reprint(sale_id) is True
    bench.until(lambda: states(bench, sale_id) == ["printed", "printed"])
    assert [is_copy(document) for document, _ in bench.printer.printed] == [False, True]
    assert bench.drawer.openings == 1


def test_an_old_receipt_waits_until_somebody_asks_and_is_no_copy_then(bench: Any) -> None:
    bench.printer.plugged = False
    bench.printing.start()
    sale_id = bench.sell(331)
    bench.until(lambda: states(bench, sale_id) == ["failed"])
    bench.clock.pass_by(seconds=FRESH.total_seconds() + 1)
    bench.printer.plugged = True
    bench.until(lambda: bench.printing.problem() == "")
    assert states(bench, sale_id) == ["failed"]

    assert bench.printing.reprint(sale_id) is False
    bench.until(lambda: states(bench, sale_id) == ["printed"])
    assert not is_copy(bench.printer.printed[0][0])


def test_what_was_on_its_way_when_the_till_stopped_may_have_been_printed(bench: Any) -> None:
    sale_id = bench.sell(331)
    (job,) = bench.jobs.of_sale(sale_id)
    bench.jobs.set_state(job.job_id, PrintState.SENDING)
    bench.restart()
    bench.printing.start()

    bench.until(lambda: states(bench, sale_id) == ["unknown"])
    assert bench.printer.printed == []


def test_what_was_queued_when_the_till_stopped_is_printed_and_the_drawer_stays_shut(bench: Any) -> None:
    sale_id = bench.sell(331)
    bench.restart()
    bench.printing.start()

    bench.until(lambda: states(bench, sale_id) == ["printed"])
    assert bench.drawer.openings == 0


def test_a_drawer_that_did_not_open_is_said_and_not_kicked_later(bench: Any) -> None:
    bench.printer.plugged = False
    bench.printing.start()
    bench.sell(331)
    bench.until(lambda: bench.printing.drawer_problem() != "")
    bench.printer.plugged = True
    bench.until(lambda: len(bench.printer.printed) == 1)
    assert bench.drawer.openings == 0

    bench.printing.open_drawer()
    bench.until(lambda: bench.drawer.openings == 1 and bench.printing.drawer_problem() == "")


def test_a_printer_that_says_nothing_leaves_the_job_at_sent(bench: Any) -> None:
    quiet = type(bench.printer)(confirms=False)
    bench.printer, bench.drawer = quiet, type(bench.drawer)(quiet)
    bench.restart()
    bench.printing.start()
    sale_id = bench.sell(331)

    bench.until(lambda: states(bench, sale_id) == ["sent"])
    assert bench.printing.fate(sale_id) is ReceiptFate.OUT


def test_a_receipt_that_cannot_be_made_does_not_stop_the_next(bench: Any) -> None:
    bench.jobs.queue(None, {"kind": "nonsense"}, False, bench.clock())
    bench.printing.start()
    sale_id = bench.sell(331)

    bench.until(lambda: states(bench, sale_id) == ["printed"])
    (job,) = bench.printing.unprinted()
    assert (str(job.state), job.reason) == ("failed", "This receipt cannot be made. Call the technician.")
    bench.printing.dismiss(job.job_id)
    assert bench.printing.unprinted() == []


def test_a_sale_without_a_receipt_prints_one_when_asked(bench: Any) -> None:
    bench.printing.start()
    bench.selling.add_product(331)
    recorded = bench.journal.record(
        bench.selling.sale,
        bench.tendering.payment.cash(2490),
        bench.marta,
        bench.clock(),
        print_receipt=False,
    )
    sale_id = recorded.completed.sale.sale_id
    assert bench.printing.fate(sale_id) is ReceiptFate.NOT_WANTED

    assert bench.printing.reprint(sale_id) is False
    bench.until(lambda: states(bench, sale_id) == ["printed"])


def test_an_x_report_may_come_again_as_a_copy(bench: Any) -> None:
    bench.printer.unplug_in_the_middle()
    bench.printing.start()
    bench.reporting.x_report(bench.marta)
    bench.until(lambda: [str(job.state) for job in bench.jobs.open()] == ["unknown"])
    bench.printer.plugged = True
    (job,) = bench.printing.unprinted()
    bench.printing.print_again(job)

    bench.until(lambda: len(bench.printer.printed) == 1)
    assert is_copy(bench.printer.printed[0][0])


def test_stopping_and_starting_without_work_is_quick(bench: Any) -> None:
    bench.printing.start()
    bench.printing.stop()
    bench.restart()
    bench.printing.stop()

from datetime import UTC, datetime
from typing import Any

from appliance.domain.tender import TenderKind
from appliance.storage.report_codec import totals_from_dict
from appliance.till.paper import report_body
from drivers.document import Framed, Pair


def test_an_x_report_counts_the_day_so_far_and_is_printed_and_journalled(bench: Any) -> None:
    bench.clock.at = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)  # 23:59 in the shop
    bench.sell(402)
    bench.clock.at = datetime(2026, 11, 20, 23, 1, tzinfo=UTC)  # 00:01
    bench.sell(331, 331, given_minor=5000)
    bench.selling.add_product(55)
    bench.tendering.take_card(650, "1")
    bench.printing.start()

    totals = bench.reporting.x_report(bench.marta)
    assert (totals.sales, totals.items, totals.total_minor) == (2, 3, 5630)
    assert totals.tenders[TenderKind.CASH].amount_minor == 4980
    assert totals.change_minor == 20
    assert bench.kinds()[-1] == "x-report"

    bench.until(lambda: len(bench.printer.printed) == 4)
    document, _ = bench.printer.printed[-1]
    assert Framed("Total", "€56.30") in document.elements
    assert Pair("Cash, 1", "49.80") in document.elements


def test_the_paper_shows_the_figures_of_the_moment_that_it_was_asked_for(bench: Any) -> None:
    bench.sell(331)
    bench.reporting.x_report(bench.marta)
    bench.sell(402)
    bench.printing.start()

    bench.until(lambda: len(bench.printer.printed) == 3)
    report = next(
        document for document, _ in bench.printer.printed if Pair("Sales", "1") in document.elements
    )
    assert Framed("Total", "€24.90") in report.elements


def test_reading_the_totals_prints_and_writes_nothing(bench: Any) -> None:
    bench.reporting.totals()

    assert bench.kinds() == []
    assert bench.jobs.open() == []


def test_figures_survive_the_file(bench: Any) -> None:
    bench.sell(331, 55)
    totals = bench.reporting.totals()

    assert totals_from_dict(report_body(totals, "Marta")["totals"]) == totals

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appliance.domain.money import currency
from appliance.domain.report import DayTotals, TenderTotal
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.receipts import reports
from appliance.receipts.wording import ReceiptHeader
from drivers.document import Banner, Document, Framed, Pair, Table, Text
from drivers.printer_raster import ReceiptRaster

EUR = currency("EUR")
FONTS = Path(__file__).parents[2] / "appliance" / "fonts"
TOTALS = DayTotals(
    since=datetime(2025, 11, 20, 23, 0, tzinfo=UTC),
    until=datetime(2025, 11, 21, 16, 5, tzinfo=UTC),
    sales=31,
    items=112,
    total_minor=123_450,
    tax=(
        TaxTotal(230_000, "VAT 23%", 95_000, 21_850, 116_850),
        TaxTotal(135_000, "VAT 13.5%", 5_815, 785, 6_600),
    ),
    tenders={TenderKind.CARD: TenderTotal(9, 40_000), TenderKind.CASH: TenderTotal(24, 83_448)},
    change_minor=12_000,
    rounding_minor=-2,
    voided_lines=3,
    voided_minor=4_500,
    voided_sales=1,
    first_receipt="T1-000101",
    last_receipt="T1-000131",
    unsent=12,
)


def text_of(document: Document) -> dict[str, str]:
    return {each.left: each.right for each in document.elements if isinstance(each, Pair)}


def test_the_report_has_every_figure_of_the_day(header: ReceiptHeader, local: Any) -> None:
    document = reports.x_report(TOTALS, header, EUR, local=local, person_name="Marta")
    rows = text_of(document)

    assert rows["X report"] == "Fri 21 Nov 2025  17:05"
    assert (rows["Sales"], rows["Items"]) == ("31", "112")
    assert rows["Receipts"] == "T1-000101 to T1-000131"
    assert (rows["Card, 9"], rows["Cash, 24"]) == ("400.00", "834.48")
    assert (rows["Change given"], rows["Rounding"]) == ("120.00", "\N{MINUS SIGN}0.02")
    assert (rows["Taken off, 3 lines"], rows["Sales given up"]) == ("45.00", "1")
    assert Framed("Total", "€1,234.50") in document.elements
    (table,) = [each for each in document.elements if isinstance(each, Table)]
    assert table.rows[-1] == ("", "1,008.15", "226.35", "1,234.50")
    said = [each.text for each in document.elements if isinstance(each, Text)]
    assert said[0] == "Since Fri 21 Nov 2025  00:00, read by Marta"
    assert said[-1].startswith("12 sales wait to be sent to the online shop.")


def test_a_day_without_a_sale_has_a_report_too(header: ReceiptHeader, local: Any) -> None:
    empty = replace(
        TOTALS, sales=0, items=0, total_minor=0, tax=(), tenders={}, change_minor=0, rounding_minor=0,
        voided_lines=0, voided_minor=0, voided_sales=0, first_receipt="", last_receipt="", unsent=0,
    )  # fmt: skip
    document = reports.x_report(empty, header, EUR, local=local, person_name="Marta")

    assert "Receipts" not in text_of(document)
    assert any(isinstance(each, Text) and "knows every sale" in each.text for each in document.elements)
    assert ReceiptRaster(FONTS, 576).render(document).height > 200


def test_a_copy_of_a_report_says_so(header: ReceiptHeader, local: Any) -> None:
    document = reports.x_report(TOTALS, header, EUR, local=local, person_name="Marta", copy=True)

    assert Banner("COPY") in document.elements

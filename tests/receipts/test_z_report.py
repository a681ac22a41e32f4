"""The Z report on paper: every figure, and what proves the day later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from appliance.domain.cash import CashMoves
from appliance.domain.money import currency
from appliance.domain.report import ClerkTotals, DayTotals, TenderTotal, ZReport
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.receipts import reports
from appliance.receipts.wording import ReceiptHeader
from appliance.verify import ANCHOR
from drivers.document import Banner, Document, Framed, Pair, QrBeside, Style, Table, Text
from drivers.printer_raster import ReceiptRaster

EUR = currency("EUR")
FONTS = Path(__file__).parents[2] / "appliance" / "fonts"
MINUS = "\N{MINUS SIGN}"
TOTALS = DayTotals(
    since=datetime(2025, 11, 20, 17, 2, tzinfo=UTC),
    until=datetime(2025, 11, 21, 17, 5, tzinfo=UTC),
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
    last_receipt="T1-000133",
    unsent=12,
    refunds=2,
    refunded_minor=2_490,
    refund_rounding_minor=3,
    refund_tax=(TaxTotal(230_000, "VAT 23%", 2_024, 466, 2_490),),
    refund_tenders={TenderKind.CASH: TenderTotal(1, 1_203), TenderKind.CARD: TenderTotal(1, 1_290)},
    moves=CashMoves(1, 15_000, 1, 2_000, 2, 3_550),
    clerks=(
        ClerkTotals("Marta", 24, 83_448, 2, 1, 3, 1, 1_200, 1),
        ClerkTotals("Sean", 7, 40_002, refunds=1, refunded_minor=1_290),
        ClerkTotals("Eoghan"),
    ),
    held=1,
    after_z=11,
)
REPORT = ZReport(
    number=12,
    seq=1235,
    first_seq=1101,
    last_seq=1234,
    totals=TOTALS,
    grand_total_minor=48_211_730,
    head_hash=bytes.fromhex("7f3a91c25d0e" + "00" * 26),
    hash=bytes.fromhex("c41d08ab93fe" + "00" * 26),
    till_name="Till 1",
    person_name="Marta",
    public_key=bytes(range(17, 49)),
    clock_is_set=True,
)


def pairs(document: Document) -> dict[str, str]:
    return {each.left: each.right for each in document.elements if isinstance(each, Pair)}


def texts(document: Document) -> list[str]:
    return [each.text for each in document.elements if isinstance(each, Text)]


@pytest.fixture
def compose(header: ReceiptHeader, local: Any) -> Any:
    def made(report: ZReport = REPORT, *, copy: bool = False) -> Document:
        return reports.z_report(report, header, EUR, local=local, copy=copy)

    return made


def test_the_z_report_has_every_figure_of_the_day(compose: Any) -> None:
    document = compose()
    rows = pairs(document)

    assert rows["Z report 12"] == "Fri 21 Nov 2025  18:05"
    assert (rows["Sales"], rows["Items"]) == ("31", "112")
    assert rows["Receipts"] == "T1-000101 to T1-000133"
    assert Framed("Total", "€1,234.50") in document.elements
    assert (rows["Card, 9"], rows["Cash, 24"]) == ("400.00", "834.48")
    assert (rows["Given back, 2"], rows["Left of the total"]) == (f"{MINUS}24.90", "1,209.60")
    assert (rows["Cash, 1"], rows["Card, 1"]) == (f"{MINUS}12.03", f"{MINUS}12.90")
    assert (rows["Taken off, 3 lines"], rows["Sales given up"]) == ("45.00", "1")
    assert rows["Grand total"] == "€482,117.30"
    sold, returned = [each for each in document.elements if isinstance(each, Table)]
    assert (sold.rows[-1][-1], returned.rows[-1][-1]) == ("1,234.50", "24.90")
    assert texts(document)[0] == "Since Z report 11, Thu 20 Nov 2025  18:02. Till 1, closed by Marta"


def test_a_rate_has_the_same_letter_among_sales_and_refunds(compose: Any) -> None:
    back = (TaxTotal(135_000, "VAT 13.5%", 5_815, 785, 6_600),)
    document = compose(replace(REPORT, totals=replace(TOTALS, refund_tax=back)))
    sold, returned = [each for each in document.elements if isinstance(each, Table)]
    assert (sold.rows[1][0], returned.rows[0][0]) == ("B  13.5 %", "B  13.5 %")


def test_the_z_report_counts_the_drawer(compose: Any) -> None:
    rows = pairs(compose())
    assert (rows["Float, 1"], rows["Cash of sales, less change"]) == ("150.00", "834.48")
    assert (rows["Cash given back"], rows["Paid in, 1"]) == (f"{MINUS}12.03", "20.00")
    assert (rows["Paid out, 2"], rows["The drawer should hold"]) == (f"{MINUS}35.50", "€956.95")


def test_the_z_report_says_who_did_what(compose: Any) -> None:
    document = compose()
    rows = pairs(document)
    assert (rows["Marta, 24 sales"], rows["Sean, 7 sales"], rows["Eoghan, 0 sales"]) == (
        "834.48",
        "400.02",
        "0.00",
    )
    marta, sean = texts(document)[1:3]
    assert marta == (
        "2 lines taken off, 1 sale given up, drawer opened without a sale 3 times, "
        "1 refund of 12.00, 1 receipt printed again"
    )
    assert sean == "1 refund of 12.90"


def test_the_z_report_carries_the_proof_of_its_day(compose: Any) -> None:
    document = compose()
    rows = pairs(document)

    assert (rows["Entry 1234"], rows["Entry 1235, this report"]) == ("7F3A 91C2 5D0E", "C41D 08AB 93FE")
    assert rows["Key"] == "1112 1314 1516 1718"
    assert ANCHOR.findall(rows["Anchor"]) == [("1235", "C41D08AB93FE")]
    (code,) = [each for each in document.elements if isinstance(each, QrBeside)]
    assert code.data == rows["Anchor"]
    assert code.lines[1].text.startswith("Entries 1101 to 1234 of the till's journal.")


def test_what_waits_is_said_at_the_end(compose: Any) -> None:
    assert texts(compose())[-1] == (
        "12 sales wait to be sent to the online shop. 1 sale is set aside, and not in these figures."
    )
    nothing = replace(REPORT, totals=replace(TOTALS, unsent=0, held=0))
    assert texts(compose(nothing))[-1] == "The online shop knows every sale."


def test_a_clock_that_was_not_set_is_said_at_the_head(compose: Any) -> None:
    said = "Clock not set: the time is wrong."
    assert said not in texts(compose())
    assert Text(said, Style.STRONG) in compose(replace(REPORT, clock_is_set=False)).elements
    partly = replace(REPORT, totals=replace(TOTALS, unclocked=2))
    assert "Clock not set while 2 entries of this day came about." in texts(compose(partly))


def test_a_day_without_anything_has_a_report_too(compose: Any) -> None:
    empty = DayTotals(
        since=TOTALS.since, until=TOTALS.until, sales=0, items=0, total_minor=0, tax=(), tenders={},
        change_minor=0, rounding_minor=0, voided_lines=0, voided_minor=0, voided_sales=0,
        first_receipt="", last_receipt="", unsent=0,
    )  # fmt: skip
    document = compose(replace(REPORT, number=1, totals=empty, grand_total_minor=0, public_key=b""))
    rows = pairs(document)

    assert rows["The drawer should hold"] == "€0.00"
    assert not {"Receipts", "Given back, 0", "Float", "Key"} & set(rows)
    assert texts(document)[0].startswith("Since Thu 20 Nov 2025  18:02.")


def test_a_copy_says_so(compose: Any) -> None:
    assert Banner("COPY") not in compose().elements
    assert Banner("COPY") in compose(copy=True).elements


@pytest.mark.parametrize("width_dots", [576, 384])
def test_the_printed_proof_can_be_scanned(compose: Any, width_dots: int) -> None:
    picture = ReceiptRaster(FONTS, width_dots).render(compose()).convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == "1235:C41D08AB93FE"

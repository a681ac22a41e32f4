from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.money import currency
from appliance.domain.refund import CompletedRefund, Refund, RefundLine
from appliance.domain.tender import TenderKind
from appliance.receipts import refund
from appliance.receipts.wording import ReceiptHeader
from drivers.document import Banner, Document, Framed, Item, Pair, QrBeside, Style, Table, Text

EUR = currency("EUR")
AT = datetime(2025, 11, 21, 13, 33, tzinfo=UTC)
LINES = (
    RefundLine(1, 2, 402, 402, "Wood screws", 2, 1750, 230_000, "VAT 23%", 327),
    RefundLine(2, 6, 55, None, "Kindling, 3 kg net", 1, 651, 135_000, "VAT 13.5%", 77),
)


@pytest.fixture
def made() -> CompletedRefund:
    plan = Refund("b" * 32, LINES, "a" * 32, "T1-000123")
    return CompletedRefund(
        plan, TenderKind.CASH, "", -1, "Faulty", None, "T1-000124", AT, 1, "Marta", "Till 1"
    )


def words(document: Document) -> list[str]:
    beside = [text for each in document.elements if isinstance(each, QrBeside) for text in each.lines]
    return [each.text for each in (*document.elements, *beside) if isinstance(each, Text)]


def test_the_paper_says_what_goes_back_and_why(
    made: CompletedRefund, header: ReceiptHeader, local: Any
) -> None:
    document = refund.compose(made, header, EUR, local=local, chain_code="7F3A 91C2 5D0E")

    for element in (
        Banner("Refund"),
        Pair("T1-000124", "Fri 21 Nov 2025  14:33", Style.BIG),
        Text("Of receipt T1-000123", Style.STRONG),
        Item("Wood screws", "−17.50", "A", "2 pieces"),
        Item("Kindling, 3 kg net", "−6.51", "B"),
        Framed("Refund", "−€24.01"),
        Pair("Rounding", "0.01"),
        Pair("Cash", "−24.00"),
        Table(
            ("Rate", "Net", "VAT", "Gross"),
            (
                ("A  23 %", "−14.23", "−3.27", "−17.50"),
                ("B  13.5 %", "−5.74", "−0.77", "−6.51"),
                ("", "−19.97", "−4.04", "−24.01"),
            ),
        ),
    ):
        assert element in document.elements, element
    assert {"Why: Faulty", "Signature:"} <= set(words(document))
    (code,) = [each for each in document.elements if isinstance(each, QrBeside)]
    assert code.data == "T1-000124 7F3A91C25D0E"


def test_a_refund_without_a_receipt_names_the_manager(
    made: CompletedRefund, header: ReceiptHeader, local: Any
) -> None:
    approval = Approval(2, "Sean", Guarded.REFUND_WITHOUT_RECEIPT, "Known customer", AT)
    without = replace(made, refund=Refund("b" * 32, LINES), approval=approval, rounding_minor=0)
    document = refund.compose(without, header, EUR, local=local)

    assert Text("Without a receipt", Style.STRONG) in document.elements
    assert "Approved by Sean: Known customer" in words(document)
    assert not any(isinstance(each, Pair) and each.left == "Rounding" for each in document.elements)


def test_a_copy_a_card_and_a_wrong_clock_say_so(
    made: CompletedRefund, header: ReceiptHeader, local: Any
) -> None:
    card = replace(made, tender=TenderKind.CARD, reference="0042", rounding_minor=0, clock_is_set=False)
    document = refund.compose(card, header, EUR, local=local, copy=True)

    assert Banner("COPY") in document.elements
    assert Pair("Card, slip 0042", "−24.01") in document.elements
    assert any("Clock not set" in text for text in words(document))

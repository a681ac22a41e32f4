"""The price list on receipt paper, and what the receipt of a sale from paper says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.money import currency
from appliance.domain.tender import CompletedSale
from appliance.receipts import price_list, sale
from appliance.receipts.price_list import PriceRow, PriceSection, sheets
from appliance.receipts.wording import ReceiptHeader
from drivers.document import Listed, Pair, Text
from drivers.printer_raster import ReceiptRaster

EUR = currency("EUR")
AT = datetime(2025, 11, 21, 13, 33, tzinfo=UTC)
FONTS = Path(__file__).parents[2] / "appliance" / "fonts"


def section(name: str, count: int, start: int = 1) -> PriceSection:
    return PriceSection(
        name,
        tuple(PriceRow(number, f"Thing {number}", 100 * number) for number in range(start, start + count)),
    )


def test_a_sheet_has_number_name_and_price_by_category(header: ReceiptHeader, local: Any) -> None:
    document = price_list.compose(
        [section("Kitchen", 2), section("Tools", 1, 900)], header, EUR, local=local, at=AT, number=2, of=3
    )
    listed = [each for each in document.elements if isinstance(each, Listed)]
    assert listed == [
        Listed("1", "Thing 1", "1.00"),
        Listed("2", "Thing 2", "2.00"),
        Listed("900", "Thing 900", "900.00"),
    ]
    assert Pair("Price list 2 of 3", "Fri 21 Nov 2025  14:33").left in {
        each.left for each in document.elements if isinstance(each, Pair)
    }
    words = [each.text for each in document.elements if isinstance(each, Text)]
    assert words[1:] == ["Kitchen", "Tools", "3 products. Prices as of Fri 21 Nov 2025  14:33."]


@pytest.mark.parametrize(
    ("counts", "on_sheets"),
    [((), []), ((3,), [3]), ((50,), [50]), ((30, 30), [50, 10]), ((120, 1), [50, 50, 21])],
)
def test_a_long_list_is_cut_into_sheets_and_nothing_is_lost(
    counts: tuple[int, ...], on_sheets: list[int]
) -> None:
    sections = [section(f"Category {at}", count, 1_000 * at) for at, count in enumerate(counts)]
    made = sheets(sections)
    assert [sum(len(each.rows) for each in sheet) for sheet in made] == on_sheets
    assert [row for sheet in made for each in sheet for row in each.rows] == [
        row for each in sections for row in each.rows
    ]
    assert all(each.name for sheet in made for each in sheet)


@pytest.mark.parametrize("width", [576, 384])
def test_a_full_sheet_is_as_long_as_a_hand_can_hold(header: ReceiptHeader, local: Any, width: int) -> None:
    document = price_list.compose(sheets([section("All", 80)])[0], header, EUR, local=local, at=AT)
    picture = ReceiptRaster(FONTS, width).render(document)
    assert picture.height / 8 < 300, "millimetres"


def test_a_long_name_goes_on_below_itself_and_leaves_the_number_alone() -> None:
    header, name = ReceiptHeader("Holm & Ash"), "Enamel mug, forest green, with a rim of brass and a saucer"
    long = PriceSection("Kitchen", (PriceRow(1209, name, 1290),))
    document = price_list.compose([long], header, EUR, local=lambda at: at, at=AT)
    short = price_list.compose([section("Kitchen", 1)], header, EUR, local=lambda at: at, at=AT)
    raster = ReceiptRaster(FONTS, 576)
    assert raster.render(document).height > raster.render(short).height


def test_a_receipt_of_a_sale_from_paper_says_so(
    completed: Callable[..., CompletedSale], header: ReceiptHeader, local: Any
) -> None:
    from_paper = replace(completed(), sold_at=datetime(2025, 11, 20, 11, 0, tzinfo=UTC))
    words = "Sold on paper 20 Nov, booked 21 Nov 14:33"
    for each, is_said in ((from_paper, True), (completed(), False)):
        document = sale.compose(each, header, EUR, local=local)
        assert (words in [text.text for text in document.elements if isinstance(text, Text)]) == is_said

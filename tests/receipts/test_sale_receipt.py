from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from appliance.domain.barcodes import BarcodeRules, ReceiptCode, read
from appliance.domain.money import currency
from appliance.domain.tender import Payment
from appliance.receipts import sale
from appliance.receipts.wording import ReceiptHeader
from drivers.document import (
    Banner,
    Code,
    Document,
    Framed,
    Item,
    Masthead,
    Pair,
    QrBeside,
    Rule,
    Style,
    Table,
    Text,
)
from drivers.printer_raster import ReceiptRaster

EUR = currency("EUR")
CHAIN = "7F3A 91C2 5D0E"
FONTS = Path(__file__).parents[2] / "appliance" / "fonts"


def test_the_receipt_is_that_of_the_reference_picture(
    completed: Any, header: ReceiptHeader, local: Any
) -> None:
    document = sale.compose(completed(), header, EUR, local=local, chain_code=CHAIN)

    assert document == Document(
        (
            Masthead("Holm & Ash", "Hardware and home"),
            Pair("14 Quay Street, Galway H91 X2F4", "091 555 014", Style.SMALL),
            Pair("VAT no. IE 6388047V", "holmandash.ie", Style.SMALL),
            Rule(3),
            Pair("T1-000123", "Fri 21 Nov 2025  14:33", Style.BIG),
            Text("Till 1, you were served by Marta", Style.SMALL),
            Rule(2),
            Item("Claw hammer 450 g", "24.90", "A"),
            Item("Wood screws 4 × 40, 200 pcs", "17.50", "A", "2 × 8.75"),
            Item("Oak hook rail, 5 hooks", "46.00", "A"),
            Item("Enamel mug, forest green", "38.70", "A", "3 × 12.90"),
            Item("Furniture oil 500 ml", "17.90", "A", "19.90, 2.00 off"),
            Item("Kindling, 3 kg net", "6.50", "B"),
            Framed("Total", "€151.50"),
            Pair("Cash", "200.00"),
            Pair("Change", "48.50"),
            Rule(2),
            Table(
                ("Rate", "Net", "VAT", "Gross"),
                (
                    # The picture has 27.11, tax of the sum. The shop rounds each line, and the paper says its sum.
                    ("A  23 %", "117.88", "27.12", "145.00"),
                    ("B  13.5 %", "5.73", "0.77", "6.50"),
                    ("", "123.61", "27.89", "151.50"),
                ),
            ),
            Rule(3),
            QrBeside(
                "T1-000123 7F3A91C25D0E",
                (
                    Text("Something not right?", Style.STRONG),
                    Text("Bring it back within 30 days. This code is all we need, online or not."),
                    Text("Thank you, see you soon.", Style.STRONG),
                ),
            ),
            Code(CHAIN),
        )
    )


def pairs(document: Document) -> list[tuple[str, str]]:
    return [(each.left, each.right) for each in document.elements if isinstance(each, Pair)]


def test_a_card_payment_names_its_slip(completed: Any, header: ReceiptHeader, local: Any) -> None:
    made = completed(lambda due: due.cash(5000).card(10150, "0042"))
    document = sale.compose(made, header, EUR, local=local)

    assert ("Cash", "50.00") in pairs(document)
    assert ("Card, slip 0042", "101.50") in pairs(document)
    assert not any(left == "Change" for left, _ in pairs(document))


def test_cash_rounding_has_its_own_row(completed: Any, header: ReceiptHeader, local: Any) -> None:
    lines = (("Nails", 1, 1002, 230_000, ""),)
    made = completed(lambda due: due.cash(1000), step=5, lines=lines)
    document = sale.compose(made, header, EUR, local=local)

    assert Framed("Total", "€10.02") in document.elements
    assert ("Rounding", "\N{MINUS SIGN}0.02") in pairs(document)


def test_tax_on_top_is_shown_before_the_total(completed: Any, header: ReceiptHeader, local: Any) -> None:
    lines = (("Nails", 2, 1000, 230_000, ""), ("Book", 1, 1000, 0, ""))
    document = sale.compose(completed(included=False, lines=lines), header, EUR, local=local)

    assert Item("Nails", "20.00", "A", "2 × 10.00") in document.elements
    assert pairs(document)[3:5] == [("Before tax", "30.00"), ("VAT 23%", "4.60")]
    assert Framed("Total", "€34.60") in document.elements
    assert not any(left == "VAT 0%" for left, _ in pairs(document))


def test_a_copy_says_so(completed: Any, header: ReceiptHeader, local: Any) -> None:
    document = sale.compose(completed(), header, EUR, local=local, copy=True)

    assert Banner("COPY") in document.elements


def test_weighed_goods_show_their_weight(completed: Any, header: ReceiptHeader, local: Any) -> None:
    lines = (("Ham", 1, 860, 135_000, "0.432 kg at 19.90"),)
    document = sale.compose(completed(lines=lines), header, EUR, local=local)

    assert Item("Ham", "8.60", "A", "0.432 kg at 19.90") in document.elements


def test_a_price_lowered_by_hand_says_how_much_it_is_off(
    completed: Any, header: ReceiptHeader, local: Any
) -> None:
    made = completed(lambda due: due, lines=(("Oil", 1, 1990, 0, ""), ("Nails", 3, 1000, 0, "")))
    lowered = made.sale.with_price(1, 1790).with_price(2, 900)
    document = sale.compose(replace(made, sale=lowered), header, EUR, local=local)

    assert Item("Oil", "17.90", "A", "19.90, 2.00 off") in document.elements
    assert Item("Nails", "27.00", "A", "3 × 9.00, 1.00 off each") in document.elements
    dearer = replace(made, sale=made.sale.with_price(1, 2500))
    assert Item("Oil", "25.00", "A") in sale.compose(dearer, header, EUR, local=local).elements


def test_a_free_sale_has_a_receipt_without_tenders(completed: Any, header: ReceiptHeader, local: Any) -> None:
    made = completed(lambda due: due, lines=(("Leaflet", 1, 0, 230_000, ""),))
    document = sale.compose(made, header, EUR, local=local)

    assert Framed("Total", "€0.00") in document.elements
    assert not any(left in ("Cash", "Card", "Change") for left, _ in pairs(document))


def test_a_bare_header_leaves_nothing_empty(completed: Any, local: Any) -> None:
    document = sale.compose(completed(), ReceiptHeader("Shop"), EUR, local=local)

    assert ("", "") not in pairs(document)
    assert QrBeside("T1-000123", ()) in document.elements


@pytest.mark.parametrize("width_dots", [576, 384])
def test_the_printed_code_reads_back_as_our_receipt(
    completed: Any, header: ReceiptHeader, local: Any, width_dots: int
) -> None:
    document = sale.compose(completed(), header, EUR, local=local, chain_code=CHAIN)
    picture = ReceiptRaster(FONTS, width_dots).render(document).convert("L")

    (found,) = zxingcpp.read_barcodes(picture)
    rules = BarcodeRules(EUR, receipt_series=("T1",))
    assert read(found.text, "Q1", rules) == ReceiptCode("T1-000123", "7F3A91C25D0E")


def test_the_same_sale_gives_the_same_paper(completed: Any, header: ReceiptHeader, local: Any) -> None:
    def paper() -> Document:
        return sale.compose(completed(lambda due: Payment.cash(due, 20000)), header, EUR, local=local)

    assert paper() == paper()


def test_a_clock_that_was_not_set_is_named_below_the_date_and_only_then(
    completed: Any, header: ReceiptHeader, local: Any
) -> None:
    right = completed()
    marked = sale.compose(replace(right, clock_is_set=False), header, EUR, local=local).elements
    mark = Text("Clock not set: this date may be wrong", Style.STRONG)
    dated = marked[marked.index(mark) - 1]
    assert isinstance(dated, Pair)
    assert "21 Nov 2025" in dated.right
    plain = sale.compose(right, header, EUR, local=local).elements
    assert tuple(each for each in marked if each != mark) == plain


@pytest.mark.parametrize("width", [576, 384])
def test_the_mark_of_the_clock_fits_on_one_line(width: int) -> None:
    raster = ReceiptRaster(FONTS, width)
    mark, short = (
        raster.render(Document((Text(text, Style.STRONG),)))
        for text in ("Clock not set: this date may be wrong", "Clock")
    )
    assert mark.height == short.height

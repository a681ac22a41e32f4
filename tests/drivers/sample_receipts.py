"""The documents that the driver tests print, and what they need to print them."""

from __future__ import annotations

from pathlib import Path

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

FACES = Path(__file__).parents[2] / "appliance" / "fonts"
GOLDEN = Path(__file__).parent / "golden"
QR_DATA = "https://holmandash.ie/r/T1-000123/7F3A91C25D0E/4417"


def raster(width_dots: int = 576) -> ReceiptRaster:
    return ReceiptRaster(FACES, width_dots)


def receipt(number: str = "T1-000123") -> Document:
    """The receipt of the reference pictures."""
    return Document(
        (
            Masthead("Holm & Ash", "Hardware and home"),
            Pair("14 Quay Street, Galway H91 X2F4", "091 555 014", Style.SMALL),
            Pair("VAT no. IE 6388047V", "holmandash.ie", Style.SMALL),
            Rule(3),
            Pair(number, "Fri 21 Nov 2025  14:33", Style.BIG),
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
                    ("A  23 %", "117.89", "27.11", "145.00"),
                    ("B  13.5 %", "5.73", "0.77", "6.50"),
                    ("", "123.62", "27.88", "151.50"),
                ),
            ),
            Rule(3),
            QrBeside(
                QR_DATA,
                (
                    Text("Something not right?", Style.STRONG),
                    Text("Bring it back within 30 days. This code is all we need, online or not."),
                    Text("Thank you, see you soon.", Style.STRONG),
                ),
            ),
            Code("7F3A 91C2 5D0E"),
        )
    )


def slip(text: str = "Test slip") -> Document:
    """A short piece of paper."""
    return Document((Banner("COPY"), Text(text)))

"""The kinds of code that a scanner can hand over, and the shop's rules for telling them apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from appliance.domain.barcodes.in_store import InStoreRule
from appliance.domain.money import Currency


@dataclass(frozen=True, slots=True)
class GtinCode:
    """A product's number, with what a GS1 code may say besides.

    Attributes:
        gtin14: the number as 14 digits, whatever was scanned.
        weight_grams: net weight (AI 310x), None without one.
        price_minor: price on the label (AI 392x, 393x), None without one or where the shop's rules ignore it.
        batch: AI 10; serial: AI 21; "" without one. Kept for recalls.
        expiry: use by (AI 17), else sell by (16), else best before (15): the last day on which it may be
            sold.
        add_on: the two or five digits beside a periodical's or book's code, "" without them.
    """

    gtin14: str
    weight_grams: int | None = None
    price_minor: int | None = None
    batch: str = ""
    serial: str = ""
    expiry: date | None = None
    add_on: str = ""


@dataclass(frozen=True, slots=True)
class InStoreCode:
    """A label that the shop printed itself: its own item number with a weight or a price."""

    item_number: int
    weight_grams: int | None = None
    price_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """One of our own receipts.

    Attributes:
        receipt_number: such as "T1-000123".
        chain_code: the code at its foot without blanks, "" if only the number was scanned.
    """

    receipt_number: str
    chain_code: str = ""


@dataclass(frozen=True, slots=True)
class PlainCode:
    """Any other text: a stock keeping unit, perhaps."""

    text: str


Barcode = GtinCode | InStoreCode | ReceiptCode | PlainCode


@dataclass(frozen=True, slots=True)
class BarcodeRules:
    """What this shop's codes look like.

    Attributes:
        currency: of price labels.
        in_store: the shop's own labels; the first that matches wins.
        receipt_series: series of receipt numbers that are ours, such as "T1".
        gs1_price_wins: a price in a GS1 code replaces the price of the catalogue.
        upc: North America: bare eight digits that are no EAN-8 may be a UPC-E, and add-ons may follow a
            UPC-A. Off, because elsewhere such a code is a misread EAN-8.
    """

    currency: Currency
    in_store: tuple[InStoreRule, ...] = ()
    receipt_series: tuple[str, ...] = ()
    gs1_price_wins: bool = False
    upc: bool = False

    @classmethod
    def from_texts(
        cls,
        currency: Currency,
        *,
        in_store: Iterable[str] = (),
        receipt_series: Iterable[str] = (),
        gs1_price_wins: bool = False,
        upc: bool = False,
    ) -> BarcodeRules:
        """Build the rules from the texts of the settings.

        Raises:
            RuleError: a pattern is not one; the text names it.
        """
        rules = tuple(InStoreRule.parse(text) for text in in_store)
        return cls(currency, rules, tuple(receipt_series), gs1_price_wins, upc)

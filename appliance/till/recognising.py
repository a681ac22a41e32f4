"""Which product a scan, a number or a tile means, and what its code says besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from appliance.domain.barcodes import (
    Barcode,
    BarcodeRules,
    GtinCode,
    InStoreCode,
    PlainCode,
    ReceiptCode,
    read,
)
from appliance.domain.catalogue import Product
from appliance.domain.errors import BarcodeError
from appliance.receipts.wording import short_day
from appliance.storage.catalogue import Catalogue
from appliance.till.clock import Local, Now
from appliance.till.lines import Said

NO_SUCH_CODE: Final = "No product has this code."
NO_SUCH_NUMBER: Final = "No product has this number."
NO_SUCH_PRODUCT: Final = "The shop no longer has this product."
_LONGEST_SHOWN: Final = 48


@dataclass(frozen=True, slots=True)
class Recognised:
    """A product, and what its code said besides."""

    product: Product
    said: Said


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing can be sold by this code; nothing has changed."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class FoundReceipt:
    """One of our own receipts was scanned; nothing has changed. ``chain_code``: "" if only its number was."""

    receipt_number: str
    chain_code: str = ""


class Recognising:
    """Reads codes by the shop's rules and looks their products up; changes nothing."""

    def __init__(self, catalogue: Catalogue, rules: BarcodeRules, now: Now, local: Local) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._now = now
        self._local = local

    def scanned(self, text: str, symbology: str | None) -> Recognised | Unknown | FoundReceipt:
        """What a scanned text means."""
        try:
            code = read(text, symbology, self._rules)
        except BarcodeError as refused:
            return self._misread(text, str(refused))
        if isinstance(code, ReceiptCode):
            return FoundReceipt(code.receipt_number, code.chain_code)
        if isinstance(code, GtinCode) and code.expiry is not None and self._is_past(code.expiry):
            return Unknown(_shown(text), _past(code.expiry))
        return self._recognised(self._product(code, text), _said(code, text), _shown(text), NO_SUCH_CODE)

    def number(self, number: int) -> Recognised | Unknown:
        """What a typed product number means."""
        return self._recognised(self._catalogue.find_number(number), Said(), str(number), NO_SUCH_NUMBER)

    def product(self, product_id: int) -> Recognised | Unknown:
        """What a tile or a search hit means."""
        return self._recognised(self._catalogue.get(product_id), Said(), str(product_id), NO_SUCH_PRODUCT)

    def _recognised(
        self, product: Product | None, said: Said, code: str, otherwise: str
    ) -> Recognised | Unknown:
        return Unknown(code, otherwise) if product is None else Recognised(product, said)

    def _is_past(self, expiry: date) -> bool:
        return expiry < self._local(self._now()).date()

    def _product(self, code: Barcode, text: str) -> Product | None:
        match code:
            case GtinCode(gtin14=gtin14):
                return self._catalogue.find_barcode(gtin14, text)
            case InStoreCode(item_number=number):
                return self._catalogue.find_number(number) or self._catalogue.find_barcode(None, str(number))
            case PlainCode(text=plain):
                return self._catalogue.find_barcode(None, plain)
            case ReceiptCode():
                return None

    def _misread(self, text: str, reason: str) -> Recognised | Unknown:
        """Digits with a wrong check digit may still be a stock keeping unit, if one is exactly that."""
        plain = text if text.isascii() and text.isdigit() else ""
        product = self._catalogue.find_barcode(None, plain) if plain else None
        return self._recognised(product, Said(barcode=plain), _shown(text), reason)


def _said(code: Barcode, text: str) -> Said:
    if isinstance(code, GtinCode | InStoreCode):
        serial = code.serial if isinstance(code, GtinCode) else ""
        return Said(text, code.weight_grams, code.price_minor, serial)
    return Said(text)


def _past(expiry: date) -> str:
    return f"Past its date, {short_day(expiry)} {expiry.year}. Do not sell it."


def _shown(text: str) -> str:
    """A code as the banner shows it: no AIM identifier, nothing unprintable, not endless."""
    code = text.strip()
    code = code[3:] if code.startswith("]") else code
    return "".join(letter for letter in code if letter.isprintable())[:_LONGEST_SHOWN]

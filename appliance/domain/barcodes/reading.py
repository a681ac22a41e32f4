"""From a scanned text to what it means."""

from __future__ import annotations

import re
from typing import Final

from appliance.domain.barcodes import numbers
from appliance.domain.barcodes.codes import Barcode, BarcodeRules, InStoreCode, PlainCode, ReceiptCode
from appliance.domain.barcodes.gs1_look import GROUP_SEPARATOR, is_element_string
from appliance.domain.errors import BarcodeError

MAX_LENGTH: Final = 512
_MAX_PLAIN_LENGTH: Final = 64
_IDENTIFIER: Final = re.compile(r"\]([A-Za-z][0-9A-Za-z])(.*)", re.DOTALL)
_RECEIPT: Final = re.compile(r"([A-Z][A-Z0-9]{0,7})-(\d{6,12})(?: ([0-9A-F]{12}))?")
_LINK: Final = re.compile(r"https?://", re.IGNORECASE)
_UPC_A_LENGTH, _EAN_13_LENGTH = 12, 13


def read(text: str, symbology: str | None, rules: BarcodeRules) -> Barcode:
    """Read a scanned text.

    Args:
        text: as scanned, with or without its AIM identifier ("]E0..."); GS (U+001D) as the separator of GS1.
        symbology: the AIM identifier without its bracket, None when the scanner sends none.
        rules: the shop's.

    Raises:
        BarcodeError: the text is no code that can be sold; its text says why and what to do.
    """
    text, symbology = _without_identifier(text.strip(" \r\n\t"), symbology)
    _refuse_unreadable(text)
    receipt = _RECEIPT.fullmatch(text)
    if receipt is not None and receipt[1] in rules.receipt_series:
        return ReceiptCode(f"{receipt[1]}-{receipt[2]}", receipt[3] or "")
    if _LINK.match(text):
        return _read_gs1(text, rules, is_link=True)
    if is_element_string(text, symbology):
        return _read_gs1(text, rules, is_link=False)
    if text.isascii() and text.isdigit():
        code = _in_store(text, rules) or numbers.read_number(text, symbology, rules)
        if code is not None:
            return code
    if len(text) > _MAX_PLAIN_LENGTH:
        raise BarcodeError("This code is too long to be a product's.")
    return PlainCode(text)


def _read_gs1(text: str, rules: BarcodeRules, *, is_link: bool) -> Barcode:
    # Not at the top: it brings 24 MiB of company prefixes, and most shops never scan such a code. The first one
    # that is scanned costs 0.15 s more.
    from appliance.domain.barcodes import gs1  # noqa: PLC0415

    return gs1.read_link(text, rules) if is_link else gs1.read_element_string(text, rules)


def _without_identifier(text: str, symbology: str | None) -> tuple[str, str | None]:
    found = _IDENTIFIER.fullmatch(text)
    return (found[2], found[1]) if found else (text, symbology or None)


def _refuse_unreadable(text: str) -> None:
    if not text:
        raise BarcodeError("The code is empty. Scan it again.")
    if len(text) > MAX_LENGTH:
        raise BarcodeError("This code is too long to be a product's.")
    if not text.replace(GROUP_SEPARATOR, "").isprintable():
        raise BarcodeError("The code holds characters that no product's code has. Scan it again.")


def _in_store(digits: str, rules: BarcodeRules) -> InStoreCode | None:
    for spelling in _spellings(digits):
        for rule in rules.in_store:
            found = rule.match(spelling)
            if found is None or (rule.checked and not numbers.has_check_digit(spelling)):
                continue
            return InStoreCode(
                int(found["item"]),
                weight_grams=rule.weight_grams(found),
                price_minor=rule.price_minor(found, rules.currency),
            )
    return None


def _spellings(digits: str) -> tuple[str, ...]:
    """The digits, and the same code as UPC-A and EAN-13 tell it: scanners differ in the leading zero."""
    if len(digits) == _UPC_A_LENGTH:
        return digits, f"0{digits}"
    if len(digits) == _EAN_13_LENGTH and digits.startswith("0"):
        return digits, digits[1:]
    return (digits,)

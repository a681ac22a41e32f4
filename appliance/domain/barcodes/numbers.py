"""Retail numbers: GTIN-8 to GTIN-14 with their check digit, UPC-E, and add-ons of periodicals and books."""

from __future__ import annotations

from typing import Final

from appliance.domain.barcodes.codes import BarcodeRules, GtinCode
from appliance.domain.errors import BarcodeError

GTIN_LENGTHS: Final = (8, 12, 13, 14)
_UPC_E_LENGTH: Final = 8
_BASE_BY_LENGTH: Final = {14: 12, 15: 13, 17: 12, 18: 13}
"""Length of a code that was read together with its add-on, to its length without."""
_PERIODICALS: Final = ("977", "978", "979")

MISREAD: Final = "The code was not read right. Scan it again."


def check_digit(digits: str) -> int:
    """The GS1 check digit (modulo 10, weights 3 and 1 from the right) for digits that lack theirs."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the right check digit of the others."""
    return int(digits[-1]) == check_digit(digits[:-1])


def is_gtin(digits: str) -> bool:
    """Whether these digits are a GTIN of any length, by their check digit; eight zeros are none."""
    return len(digits) in GTIN_LENGTHS and has_check_digit(digits) and int(digits) > 0


def expand_upc_e(digits: str) -> str | None:
    """The UPC-A of an eight-digit UPC-E (GS1 General Specifications 5.2.2.4.2), None if it is not one."""
    if len(digits) != _UPC_E_LENGTH or digits[0] not in "01":
        return None
    system, body, check = digits[0], digits[1:7], digits[7]
    last = body[5]
    if last in "012":
        middle = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        middle = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        middle = f"{body[:4]}00000{body[4]}"
    else:
        middle = f"{body[:5]}0000{last}"
    upc_a = f"{system}{middle}{check}"
    return upc_a if has_check_digit(upc_a) else None


def read_number(digits: str, symbology: str | None, rules: BarcodeRules) -> GtinCode | None:
    """Read bare digits as a product's number; None if they have no length of one.

    The check digit decides, never a guess: a number of the right length with a wrong one was misread.

    Args:
        digits: ASCII digits only.
        symbology: AIM identifier without its bracket, None when the scanner sends none.
        rules: the shop's.

    Raises:
        BarcodeError: a retail number that was misread, or an add-on without its code.
    """
    if symbology in ("E1", "E2"):
        raise BarcodeError("Only the small code beside it was read. Scan the large one.")
    if symbology == "E0" and len(digits) == _UPC_E_LENGTH:
        return _upc_e(digits)
    if is_gtin(digits):
        return GtinCode(digits.zfill(14))
    found = _with_add_on(digits, symbology, rules)
    if found is not None:
        return found
    if len(digits) not in GTIN_LENGTHS or not _must_be_a_gtin(symbology):
        return None
    if rules.upc and symbology is None and len(digits) == _UPC_E_LENGTH:
        return _upc_e(digits)
    raise BarcodeError(MISREAD)


def _upc_e(digits: str) -> GtinCode:
    upc_a = expand_upc_e(digits)
    if upc_a is None:
        raise BarcodeError(MISREAD)
    return GtinCode(upc_a.zfill(14))


def _must_be_a_gtin(symbology: str | None) -> bool:
    return symbology is None or symbology[0] in "EI"


def _with_add_on(digits: str, symbology: str | None, rules: BarcodeRules) -> GtinCode | None:
    length = _BASE_BY_LENGTH.get(len(digits))
    if length is None or not is_gtin(digits[:length]):
        return None
    if symbology is None:
        allowed = digits.startswith(_PERIODICALS) if length == 13 else rules.upc
    else:
        allowed = symbology.startswith("E")
    return GtinCode(digits[:length].zfill(14), add_on=digits[length:]) if allowed else None

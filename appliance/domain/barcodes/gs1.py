"""GS1 element strings and Digital Links: a product's number with its weight, batch and dates.

Sunrise 2027 packs carry a Digital Link in an ordinary QR code, whose AIM identifier biip refuses to look
behind; ours is off before the text comes here.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from biip import ParseConfig, ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message

from appliance.domain.barcodes.codes import BarcodeRules, GtinCode
from appliance.domain.barcodes.gs1_look import GROUP_SEPARATOR
from appliance.domain.barcodes.numbers import MISREAD, is_gtin
from appliance.domain.errors import BarcodeError
from appliance.domain.money import round_half_up

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

_FOR_PEOPLE: Final = re.compile(r"\((\d{2,4})\)([^(]*)")
_EXPIRY_FIRST_TO_LAST: Final = ("17", "16", "15")
_VARIABLE_MEASURE: Final = "9"
_CONFIG: Final = ParseConfig()


def read_element_string(text: str, rules: BarcodeRules) -> GtinCode:
    """Read element strings such as ``0109501101530003 3103000432``, or the same written for people.

    Raises:
        BarcodeError: not readable, or no product.
    """
    if text.startswith("(") and "".join(f"({ai}){value}" for ai, value in _FOR_PEOPLE.findall(text)) == text:
        text = GROUP_SEPARATOR.join(f"{ai}{value}" for ai, value in _FOR_PEOPLE.findall(text))
    try:
        message = GS1Message.parse(text.strip(GROUP_SEPARATOR), config=_CONFIG)
    except ParseError:
        raise BarcodeError(MISREAD) from None
    return _product(message.element_strings, rules)


def read_link(text: str, rules: BarcodeRules) -> GtinCode:
    """Read a GS1 Digital Link such as ``https://id.gs1.org/01/09501101530003``.

    Raises:
        BarcodeError: a web address without a product's number.
    """
    try:
        link = GS1DigitalLinkURI.parse(text, config=_CONFIG)
    except (ParseError, ValueError):  # ValueError: urllib, on an address such as "http://["
        raise BarcodeError("This is a web address, not a product.") from None
    return _product(link.element_strings, rules)


def _product(elements: list[GS1ElementString], rules: BarcodeRules) -> GtinCode:
    values = {element.ai.ai: element.value for element in elements}
    gtin14 = values.get("01", "")
    if not gtin14:
        raise BarcodeError(_why_no_product(values))
    if not is_gtin(gtin14):
        raise BarcodeError(MISREAD)
    weight_grams = _weight_grams(elements)
    price_minor = _price_minor(elements, rules) if rules.gs1_price_wins else None
    if gtin14.startswith(_VARIABLE_MEASURE) and weight_grams is None and price_minor is None:
        raise BarcodeError("This code needs a weight, and it has none.")
    return GtinCode(
        gtin14,
        weight_grams=weight_grams,
        price_minor=price_minor,
        batch=values.get("10", ""),
        serial=values.get("21", ""),
        expiry=_expiry(elements),
    )


def _why_no_product(values: dict[str, str]) -> str:
    if "00" in values or "02" in values:
        return "This is the label of a carton or pallet, not of a product."
    if {"255", "8110", "8112"} & values.keys():
        return "This is a coupon, not a product."
    return "This code names no product."


def _expiry(elements: list[GS1ElementString]) -> date | None:
    dates = {element.ai.ai: element.date for element in elements if element.date is not None}
    return next((dates[ai] for ai in _EXPIRY_FIRST_TO_LAST if ai in dates), None)


def _weight_grams(elements: list[GS1ElementString]) -> int | None:
    """Net weight in kilograms with 0 to 5 decimals (AI 3100 to 3105), as whole grams."""
    for element in elements:
        if element.ai.ai.startswith("310"):
            grams = int(round_half_up(int(element.value) * 1000, 10 ** int(element.ai.ai[3])))
            return grams or None
    return None


def _price_minor(elements: list[GS1ElementString], rules: BarcodeRules) -> int | None:
    """Price of a weighed item: AI 392n in the shop's currency, 393n behind the number of its currency."""
    for element in elements:
        ai, digits = element.ai.ai, element.value
        if ai.startswith("393"):
            if digits[:3] != rules.currency.numeric:
                raise BarcodeError("The price on this label is in another currency.")
            digits = digits[3:]
        if ai.startswith(("392", "393")):
            price = int(round_half_up(int(digits) * rules.currency.unit_minor, 10 ** int(ai[3])))
            return price or None
    return None

"""Labels that a shop prints itself: patterns such as ``21{item5}{weight5}c``.

Each country, and often each shop, has its own; no table fits all, so the owner's settings hold it. A
pattern is read from left to right:

- a digit stands for itself, ``x`` for any digit, ``c`` (at the end) for the check digit of the whole code;
- ``{item5}`` is the shop's item number;
- ``{weight5}`` is a weight in grams; ``{weight5/2}`` one in kilograms with two decimals;
- ``{price5}`` is a price in minor units; ``{price4/1}`` one with one decimal;
- ``{v}`` is GS1's check digit of the weight or price that follows it. A shop that uses that place for
  something else writes ``x``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from appliance.domain.errors import BarcodeError, RuleError
from appliance.domain.money import Currency, round_half_up

_TOKEN: Final = re.compile(
    r"(?P<plain>[0-9xc])|\{(?P<name>item|weight|price)(?P<digits>[1-9])(?:/(?P<decimals>[0-4]))?\}|\{(?P<check>v)\}"
)
_GRAM_DECIMALS: Final = 3
_CHECKED_LENGTHS: Final = (4, 5)


@dataclass(frozen=True, slots=True)
class InStoreRule:
    """One pattern, ready to be held against a code.

    Attributes:
        pattern: as the settings have it.
        expression: the same as a regular expression with the groups item, measure and v.
        measure: what the label says beside the item.
        decimals: of the measure; None for grams or minor units.
        checked: the last digit is the check digit.
    """

    pattern: str
    expression: re.Pattern[str]
    measure: Literal["weight", "price"]
    decimals: int | None
    checked: bool

    @classmethod
    def parse(cls, pattern: str) -> InStoreRule:
        """Read a pattern.

        Raises:
            RuleError: it is not one, with what is wrong.
        """
        tokens = list(_TOKEN.finditer(pattern))
        if "".join(token.group() for token in tokens) != pattern:
            raise RuleError(f"{pattern!r} is not a label pattern such as 21{{item5}}{{weight5}}c.")
        measures = [token for token in tokens if token["name"] in ("weight", "price")]
        items = [token for token in tokens if token["name"] == "item"]
        if len(items) != 1 or len(measures) != 1 or "c" in pattern[:-1].replace("price", ""):
            raise RuleError(f"{pattern!r} needs one item, one weight or price, and c only at its end.")
        measure = measures[0]
        if "{v}" in pattern and int(measure["digits"]) not in _CHECKED_LENGTHS:
            raise RuleError(f"{pattern!r}: a check digit {{v}} goes with four or five digits only.")
        return cls(
            pattern,
            re.compile("".join(_expression(token) for token in tokens)),
            "weight" if measure["name"] == "weight" else "price",
            None if measure["decimals"] is None else int(measure["decimals"]),
            pattern.endswith("c"),
        )

    def match(self, digits: str) -> re.Match[str] | None:
        """The groups of a code that has this pattern's shape, None if it has not."""
        return self.expression.fullmatch(digits)

    def weight_grams(self, found: re.Match[str]) -> int | None:
        """The weight on the label, None on a price label.

        Raises:
            BarcodeError: no weight, or one that its own check digit denies.
        """
        if self.measure != "weight":
            return None
        return _scaled(
            _measure(found), _GRAM_DECIMALS if self.decimals is None else self.decimals, _GRAM_DECIMALS
        )

    def price_minor(self, found: re.Match[str], currency: Currency) -> int | None:
        """The price on the label in minor units, None on a weight label.

        Raises:
            BarcodeError: no price, or one that its own check digit denies.
        """
        if self.measure != "price":
            return None
        decimals = currency.exponent if self.decimals is None else self.decimals
        return _scaled(_measure(found), decimals, currency.exponent)


def _expression(token: re.Match[str]) -> str:
    if token["check"]:
        return r"(?P<v>\d)"
    if token["name"] == "item":
        return rf"(?P<item>\d{{{token['digits']}}})"
    if token["name"]:
        return rf"(?P<measure>\d{{{token['digits']}}})"
    return r"\d" if token["plain"] in "xc" else token["plain"]


def _measure(found: re.Match[str]) -> int:
    text = found["measure"]
    verifier = found.groupdict().get("v")
    if verifier is not None and int(verifier) != _verifier(text):
        raise BarcodeError("The label was not read right. Scan it again.")
    if int(text) == 0:
        raise BarcodeError("The label says nothing: weigh it again.")
    return int(text)


def _verifier(digits: str) -> int:
    # Not at the top: biip holds 24 MiB of company prefixes, which most shops never need.
    from biip.checksums import gs1_price_weight_check_digit  # noqa: PLC0415

    return int(gs1_price_weight_check_digit(digits))


def _scaled(value: int, decimals: int, wanted: int) -> int:
    return int(round_half_up(value * 10**wanted, 10**decimals))

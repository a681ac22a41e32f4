"""Currencies and whole minor units: how amounts are read, rounded and written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from appliance.domain.errors import AmountError, UnknownCurrencyError

MAX_MINOR: Final = 10**12
"""The largest amount that is believed; more is a slip of the finger or a broken file."""

MAX_DECIMALS: Final = 40
"""An amount as small as 1e-999999 would be a fraction of a million digits."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency with the number of decimals of its minor unit (ISO 4217).

    Attributes:
        code: ISO 4217 code, such as "EUR".
        exponent: decimals of the minor unit: 2 for the euro, 0 for the yen, 3 for the Kuwaiti dinar.
        symbol: what is written before the amount.
        cash_minor: notes and coins in circulation, largest first, in minor units.
        numeric: the same as a number (ISO 4217), as GS1 codes have it.
        quick_minor: the smallest piece that a customer rounds up to when paying: the euro, 100 yen.
        smallest_note_minor: the smallest piece of paper; below it are coins.
    """

    code: str
    exponent: int
    symbol: str
    cash_minor: tuple[int, ...]
    numeric: str
    quick_minor: int
    smallest_note_minor: int

    @property
    def unit_minor(self) -> int:
        """Minor units in one whole unit: 100 for the euro."""
        return int(10**self.exponent)

    def parse(self, text: str) -> int:
        """Read a decimal text such as "12.90" into minor units.

        Raises:
            AmountError: the text is no plain decimal number or has more decimals than the currency.
        """
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            raise AmountError(f"{text!r} is not an amount.") from None
        if not value.is_finite():
            raise AmountError(f"{text!r} is not an amount.")
        minor = value.scaleb(self.exponent)
        if minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
            raise AmountError(f"{text!r} is not an amount in {self.code}.")
        return int(minor)

    def parse_rounded(self, text: str) -> int:
        """Read a decimal text with any number of decimals, rounding half up to the minor unit.

        Shops keep prices with more decimals than the currency has; the till charges whole minor units.

        Raises:
            AmountError: the text is no plain decimal number.
        """
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            raise AmountError(f"{text!r} is not an amount.") from None
        if not value.is_finite() or abs(value) > MAX_MINOR or value.adjusted() < -MAX_DECIMALS:
            raise AmountError(f"{text!r} is not an amount.")
        scaled = value.scaleb(self.exponent)
        numerator, denominator = scaled.as_integer_ratio()
        return round_half_up(numerator, denominator)

    def plain(self, minor: int) -> str:
        """Write an amount without its symbol, with a point and all decimals: "1234.50"."""
        sign = "-" if minor < 0 else ""
        whole, part = divmod(abs(minor), self.unit_minor)
        return f"{sign}{whole}.{part:0{self.exponent}d}" if self.exponent else f"{sign}{whole}"

    def amount(self, minor: int) -> str:
        """Write an amount for a person: "1,234.50", with U+2212 as its minus sign."""
        sign = "\N{MINUS SIGN}" if minor < 0 else ""
        whole, part = divmod(abs(minor), self.unit_minor)
        return f"{sign}{whole:,}.{part:0{self.exponent}d}" if self.exponent else f"{sign}{whole:,}"

    def price(self, minor: int) -> str:
        """Write an amount with its symbol: "€151.50"."""
        text = self.amount(abs(minor))
        return f"\N{MINUS SIGN}{self.symbol}{text}" if minor < 0 else f"{self.symbol}{text}"


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest whole number, halves away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def round_half_down(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest whole number, halves towards zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * -((-2 * numerator + denominator) // (2 * denominator))


_EURO: Final = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
_POUND: Final = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
_DOLLAR: Final = (10000, 5000, 2000, 1000, 500, 100, 25, 10, 5, 1)
_FRANC: Final = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5)
_YEN: Final = (10000, 5000, 1000, 500, 100, 50, 10, 5, 1)
_KUWAITI_DINAR: Final = (20000, 10000, 5000, 1000, 500, 250, 100, 50, 20, 10, 5)
_KRONA: Final = (100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100)
_DIRHAM: Final = (50000, 20000, 10000, 5000, 2000, 1000, 500, 100, 50, 25)

_CURRENCIES: Final = {
    currency.code: currency
    for currency in (
        Currency("EUR", 2, "€", _EURO, "978", 100, 500),
        Currency("GBP", 2, "£", _POUND, "826", 100, 500),
        Currency("USD", 2, "$", _DOLLAR, "840", 100, 100),
        Currency("CHF", 2, "CHF ", _FRANC, "756", 100, 1000),
        Currency("JPY", 0, "¥", _YEN, "392", 100, 1000),
        Currency("KWD", 3, "KD ", _KUWAITI_DINAR, "414", 250, 250),
        Currency("SEK", 2, "kr ", _KRONA, "752", 1000, 2000),
        Currency("AED", 2, "AED ", _DIRHAM, "784", 100, 500),
    )
}


def currency(code: str) -> Currency:
    """Return the currency with this ISO 4217 code.

    Raises:
        UnknownCurrencyError: a code whose minor unit and cash we do not know.
    """
    try:
        return _CURRENCIES[code.upper()]
    except KeyError:
        known = ", ".join(sorted(_CURRENCIES))
        raise UnknownCurrencyError(f"Currency {code!r} is not known. Known: {known}.") from None

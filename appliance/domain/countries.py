"""Countries: what a till can guess from where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CURRENCIES: Final = {
    "EUR": "AD AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA XK BL GF GP MF MQ PM RE TF YT",
    "GBP": "GB GG IM JE",
    "USD": "US AS EC FM GU MH MP PR PW SV TL VG VI",
    "CHF": "CH LI",
    "JPY": "JP",
    "KWD": "KW",
    "SEK": "SE",
    "AED": "AE",
}
"""Where each currency that the till knows is what is paid with (ISO 4217, ISO 3166)."""
_OTHER_ENDINGS: Final = {"UK": "GB"}
_SOLD_TO_ALL: Final = frozenset({"AI", "CC", "CO", "FM", "IO", "LA", "LY", "ME", "SH", "TV", "WS"})
"""Endings that belong to a country and are used by everybody."""


@dataclass(frozen=True, slots=True)
class Country:
    """One country.

    Attributes:
        code: two letters (ISO 3166).
        name: in English.
        zones: its time zones, the one of most of its people first.
    """

    code: str
    name: str
    zones: tuple[str, ...]

    @property
    def currency(self) -> str:
        """What is paid with there; "" where the till does not know that currency."""
        return next((money for money, codes in CURRENCIES.items() if self.code in codes.split()), "")


def country_of(address: str) -> str:
    """The country that the ending of a shop's address speaks of; "" for .com and the like.

    Args:
        address: "https://shop.example.ie/wp".
    """
    host = address.partition("://")[2].partition("/")[0].partition(":")[0]
    ending = host.rpartition(".")[2].upper()
    if len(ending) != 2 or not ending.isalpha() or ending in _SOLD_TO_ALL:
        return ""
    return _OTHER_ENDINGS.get(ending, ending)

"""Tax per line, by class, rounded as WooCommerce rounds.

Measured on WooCommerce 9.9.5 (prices with and without tax, three classes, 120 baskets): where prices
include tax, a line's tax is what the gross amount holds, rounded half *down*; where they do not, it is
added and rounded half *up*; totals are sums over lines. "Round tax at subtotal" shops differ by a cent in
the tax total and are compared, never imitated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.domain.money import round_half_down, round_half_up

PPM: Final = 1_000_000
"""Rates are whole parts per million: 23 % is 230,000. Shops give rates with four decimals of a percent."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """The rate of one tax class.

    Attributes:
        tax_class: the shop's slug for the class; "standard" for the default one.
        rate_ppm: parts per million of the net amount.
        label: the shop's own name of the tax, such as "VAT 23%".
    """

    tax_class: str
    rate_ppm: int
    label: str

    @property
    def percent(self) -> str:
        """The rate for a person: "23 %", "13.5 %"."""
        whole, part = divmod(self.rate_ppm, 10_000)
        decimals = f"{part:04d}".rstrip("0")
        return f"{whole}.{decimals} %" if decimals else f"{whole} %"


@dataclass(frozen=True, slots=True)
class TaxRules:
    """How this shop taxes: the rate of each class, and whether its prices include tax."""

    prices_include_tax: bool
    rates: Mapping[str, TaxRate]

    def rate(self, tax_class: str) -> TaxRate:
        """The rate of a class; a class without a rate is taxed at nothing, as the shop does."""
        return self.rates.get(tax_class or "standard") or TaxRate(tax_class or "standard", 0, "")

    def tax_minor(self, amount_minor: int, rate_ppm: int) -> int:
        """Tax of one line's amount: the part that it holds, or what comes on top (module docstring)."""
        if self.prices_include_tax:
            return round_half_down(amount_minor * rate_ppm, PPM + rate_ppm)
        return round_half_up(amount_minor * rate_ppm, PPM)


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What one rate amounts to over a whole sale."""

    rate_ppm: int
    label: str
    net_minor: int
    tax_minor: int
    gross_minor: int

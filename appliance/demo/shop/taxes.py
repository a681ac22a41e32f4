"""Tax as WooCommerce computes it for an order collected at the shop's own address.

From its source and measured on 9.9.5: a line's tax is its net amount times the rate, kept with six decimals;
for the total each line's tax is rounded to the currency, halves down where prices include tax and up where
they do not; net amounts of lines are rounded one by one, those of fees only in the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from appliance.demo.shop.database import Row, ShopDatabase

SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rate:
    """One tax rate."""

    rate_id: int
    percent: Decimal
    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Amount:
    """What a line or a fee adds: net before discount and after, with its taxes."""

    kind: str
    subtotal: Decimal
    total: Decimal
    taxes: tuple[tuple[Rate, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Taxes:
    """The shop's tax settings, read once for a request."""

    decimals: int
    includes_tax: bool
    rounds_at_subtotal: bool
    rates: dict[str, tuple[Rate, ...]]

    @classmethod
    def read(cls, database: ShopDatabase) -> Taxes:
        """Read settings and the rates of the shop's own country."""
        country = database.setting("woocommerce_default_country").partition(":")[0]
        rates: dict[str, tuple[Rate, ...]] = {}
        if database.setting("woocommerce_calc_taxes") == "yes":
            sql = "SELECT * FROM tax_rate WHERE country IN ('', ?) ORDER BY priority, country = '', id"
            for row in database.rows(sql, (country,)):
                rates.setdefault(row["class"], (_rate(row),))
        return cls(
            int(database.setting("woocommerce_price_num_decimals")),
            database.setting("woocommerce_prices_include_tax") == "yes",
            database.setting("woocommerce_tax_round_at_subtotal") == "yes",
            rates,
        )

    def of(self, tax_class: str, tax_status: str) -> tuple[Rate, ...]:
        """The rates for a line."""
        return self.rates.get(tax_class or "standard", ()) if tax_status == "taxable" else ()

    def net(self, price: Decimal, rates: Sequence[Rate]) -> Decimal:
        """A catalogue price without tax."""
        if not self.includes_tax:
            return price
        return price - sum((price * rate.percent / (100 + rate.percent) for rate in rates), Decimal(0))

    def on(self, net: Decimal, rates: Sequence[Rate]) -> tuple[tuple[Rate, Decimal], ...]:
        """The taxes on a net amount, six decimals each."""
        return tuple((rate, (net * rate.percent / 100).quantize(SIX, ROUND_HALF_UP)) for rate in rates)

    def money(self, amount: Decimal) -> Decimal:
        """Round an amount as money."""
        return amount.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def tax_money(self, amount: Decimal) -> Decimal:
        """Round a tax as money."""
        return amount.quantize(
            Decimal(1).scaleb(-self.decimals), ROUND_HALF_DOWN if self.includes_tax else ROUND_HALF_UP
        )

    def totals(self, amounts: Iterable[Amount]) -> tuple[Decimal, Decimal, dict[int, tuple[Rate, Decimal]]]:
        """Total, tax, and tax by rate of an order."""
        net, by_rate = Decimal(0), dict[int, tuple[Rate, Decimal]]()
        for amount in amounts:
            per_line = amount.kind == "line_item" and not self.rounds_at_subtotal
            net += self.money(amount.total) if per_line else amount.total
            for rate, tax in amount.taxes:
                added = tax if self.rounds_at_subtotal else self.tax_money(tax)
                by_rate[rate.rate_id] = (rate, by_rate.get(rate.rate_id, (rate, Decimal(0)))[1] + added)
        tax = self.tax_money(sum((each for _, each in by_rate.values()), Decimal(0)))
        return self.money(net + tax), tax, by_rate


def _rate(row: Row) -> Rate:
    code = "-".join(each for each in (row["country"], row["state"], row["name"]) if each).upper()
    return Rate(row["id"], Decimal(row["rate"]), row["name"], f"{code}-{row['priority']}")

"""From a product and what its code said to a line of the sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from appliance.domain.catalogue import Product
from appliance.domain.money import Currency, round_half_up
from appliance.domain.sale import SaleLine
from appliance.domain.tax import TaxRules

QUANTITY_LOWERED: Final = "quantity-lowered"
"""Kind of the journal entry: goods that were scanned and are not paid for, as with a line that is taken off."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a code said beside which product it is."""

    barcode: str = ""
    weight_grams: int | None = None
    price_minor: int | None = None
    serial: str = ""


def make_line(
    product: Product, said: Said, quantity: int, tax: TaxRules, now: datetime, currency: Currency
) -> SaleLine:
    """A line at the price of now: of a piece, of a weight (prices are per kilogram), or of the label."""
    price, note = price_of(product, said, now), _note(product, said, now, currency)
    rate = tax.rate(product.tax_class)
    return SaleLine(
        position=0,
        name=product.name,
        quantity=quantity,
        unit_price_minor=price,
        tax_class=rate.tax_class,
        rate_ppm=rate.rate_ppm,
        tax_label=rate.label,
        product_id=product.product_id,
        parent_id=product.parent_id,
        stock_id=product.stock_id if product.on_hand is not None else None,
        number=product.number,
        sku=product.sku,
        barcode=said.barcode,
        weight_grams=said.weight_grams,
        note=note,
    )


def lowered(sale_id: str, line: SaleLine, quantity: int, amount_minor: int) -> dict[str, Any]:
    """What the journal says of a line that becomes fewer; ``lines`` and ``amount_minor`` are what reports add up."""
    pieces = {"from": line.quantity, "to": quantity, "lines": 1, "amount_minor": amount_minor}
    return {"sale_id": sale_id, "position": line.position, "name": line.name, **pieces}


def price_of(product: Product, said: Said, now: datetime) -> int:
    """The price of now: that on the label, of a weight (prices are per kilogram), or of a piece."""
    if said.price_minor is not None:
        return said.price_minor
    each = product.price_at(now)
    return each if said.weight_grams is None else int(round_half_up(each * said.weight_grams, 1000))


def _note(product: Product, said: Said, now: datetime, currency: Currency) -> str:
    if said.price_minor is not None:
        return "price on the label"
    if said.weight_grams is None:
        return f"serial {said.serial}" if said.serial else ""
    kilograms, grams = divmod(said.weight_grams, 1000)
    return f"{kilograms}.{grams:03d} kg at {currency.amount(product.price_at(now))}"

"""Products and lines of a sale as the words that tiles and rows show."""

from appliance.domain.catalogue import Product
from appliance.domain.money import Currency
from appliance.domain.sale import Sale, SaleLine
from appliance.ui.strings import Words
from appliance.ui.widgets.lines import LineText
from appliance.ui.widgets.tile import TileText

FEW = 2
"""From here down a tile says how many are left."""


def code_text(code: str) -> str:
    """A barcode as a person reads it out: "5 390123 456789"; anything else as it is."""
    if code.isdigit() and len(code) == 13:
        return f"{code[0]} {code[1:7]} {code[7:]}"
    if code.isdigit() and len(code) == 8:
        return f"{code[:4]} {code[4:]}"
    return code


def unknown_note(reason: str, say: Words) -> str:
    """Why a code adds nothing, and what to do: the reason's own advice, else to scan on."""
    has_advice = ". " in reason or ": " in reason
    return reason if has_advice else say("sell.unknown_note", reason=reason)


def number_text(number: int | None, sku: str) -> str:
    """What a person may type to find it."""
    return str(number) if number is not None else sku


def tile_text(
    product: Product, price_minor: int, left: int | None, currency: Currency, say: Words
) -> TileText:
    """A product as a tile."""
    return TileText(
        key=product.product_id,
        name=product.tile_name or product.name,
        number=number_text(product.number, product.sku),
        price=currency.amount(price_minor),
        left=say("sell.left", count=max(left, 0)) if left is not None and left <= FEW else "",
    )


def line_text(sale: Sale, line: SaleLine, hint: str | None, currency: Currency, say: Words) -> LineText:
    """A line of the sale as a row; a price that was changed by hand says what it was."""
    notes = [number_text(line.number, line.sku)]
    if line.quantity > 1:
        notes.append(f"{line.quantity:,} × {currency.amount(line.unit_price_minor)}")
    if line.regular_unit_price_minor is not None:
        notes.append(say("sell.was", price=currency.amount(line.regular_unit_price_minor)))
    notes.append(line.note)
    return LineText(
        key=line.position,
        name=line.name,
        quantity=f"{line.quantity:,}",
        is_one=line.quantity == 1,
        note=" · ".join(note for note in notes if note),
        hint=hint or "",
        amount=currency.amount(sale.line_gross_minor(line)),
    )

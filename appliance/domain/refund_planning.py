"""Planning a refund: what comes back of a sale, or of the shelf, and for how much.

What a line was sold for is shared over its pieces by running sums: after so many pieces came back, so much of its
price and of its tax has been refunded, each rounded half up. The refunds of a line therefore add up to what was paid,
to the cent, in whatever portions it comes back; the last portion takes the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from appliance.domain.catalogue import Product
from appliance.domain.errors import EmptySaleError, NoSuchLineError, QuantityError, TenderError
from appliance.domain.money import MAX_MINOR, round_half_up
from appliance.domain.refund import NOTHING, Refund, Refundable, RefundLine
from appliance.domain.sale import MAX_QUANTITY, SaleLine
from appliance.domain.tax import TaxRules


@dataclass(frozen=True, slots=True)
class Unproven:
    """Pieces of a product that come back without a receipt.

    Attributes:
        product: what it is. quantity: how many.
        unit_price_minor: of one piece, as prices are on the shelf: with or without tax, as the shop's are.
        is_damaged: they do not go back to the shelf.
    """

    product: Product
    quantity: int
    unit_price_minor: int
    is_damaged: bool = False


def of_sale(
    refund_id: str, refundable: Refundable, quantities: Mapping[int, int], damaged: Collection[int] = ()
) -> Refund:
    """Plan to take back pieces of a sale, at what they were sold for.

    Args:
        refund_id: a new name.
        refundable: the sale.
        quantities: pieces by the position of the line; lines with none are left out.
        damaged: positions of the lines whose pieces do not go back to the shelf.

    Raises:
        EmptySaleError: nothing comes back.
        QuantityError: more than was sold and not yet refunded.
        NoSuchLineError: the sale has no such line.
    """
    sale = refundable.completed.sale
    wanted = {position: quantity for position, quantity in quantities.items() if quantity}
    if unknown := wanted.keys() - {line.position for line in sale.lines}:
        raise NoSuchLineError(f"The receipt has no line {min(unknown)}.")
    chosen = [line for line in sale.lines if line.position in wanted]
    if not chosen:
        raise EmptySaleError("Choose what comes back.")
    lines = tuple(
        _part(number, refundable, line, wanted[line.position], restock=line.position not in damaged)
        for number, line in enumerate(chosen, 1)
    )
    return Refund(refund_id, lines, sale.sale_id, refundable.completed.receipt_number)


def of_products(refund_id: str, pieces: Sequence[Unproven], tax: TaxRules) -> Refund:
    """Plan to take back products without a receipt.

    Raises:
        EmptySaleError: nothing comes back.
        QuantityError, TenderError: a quantity or a price that cannot be meant.
    """
    if not pieces:
        raise EmptySaleError("Choose what comes back.")
    refund = Refund(refund_id, tuple(_unproven(at, each, tax) for at, each in enumerate(pieces, 1)))
    if refund.total_minor > MAX_MINOR:
        raise TenderError("That is more than can be meant.")
    return refund


def _unproven(position: int, piece: Unproven, tax: TaxRules) -> RefundLine:
    product, quantity = piece.product, piece.quantity
    amount = piece.unit_price_minor * quantity
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityError(f"{quantity} is not a quantity from 1 to {MAX_QUANTITY}.")
    if amount == 0:
        raise TenderError(f"{product.name} costs nothing.")
    if not 0 < amount <= MAX_MINOR:
        raise TenderError("An amount is needed.")
    rate = tax.rate(product.tax_class)
    part = tax.tax_minor(amount, rate.rate_ppm)
    return RefundLine(
        position=position,
        of_position=None,
        product_id=product.product_id,
        stock_id=product.stock_id if product.on_hand is not None else None,
        name=product.name,
        quantity=quantity,
        amount_minor=gross_minor(piece, tax),
        rate_ppm=rate.rate_ppm,
        tax_label=rate.label,
        tax_minor=part,
        restock=not piece.is_damaged,
    )


def gross_minor(piece: Unproven, tax: TaxRules) -> int:
    """What the customer gets for such pieces, tax included."""
    amount = piece.unit_price_minor * piece.quantity
    if tax.prices_include_tax:
        return amount
    return amount + tax.tax_minor(amount, tax.rate(piece.product.tax_class).rate_ppm)


def amount_minor(refundable: Refundable, line: SaleLine, quantity: int) -> int:
    """What so many more pieces of a line give, after those that came back before."""
    before = refundable.returned.get(line.position, NOTHING)
    gross = refundable.completed.sale.line_gross_minor(line)
    return round_half_up(gross * (before.quantity + quantity), line.quantity) - before.amount_minor


def _part(number: int, refundable: Refundable, line: SaleLine, quantity: int, *, restock: bool) -> RefundLine:
    sale, before = refundable.completed.sale, refundable.returned.get(line.position, NOTHING)
    if not 0 < quantity <= refundable.left(line):
        left = refundable.left(line)
        raise QuantityError(
            f"{line.name}: {left} can come back." if left else f"{line.name} came back already."
        )
    after = before.quantity + quantity
    return RefundLine(
        position=number,
        of_position=line.position,
        product_id=line.product_id,
        stock_id=line.stock_id,
        name=line.name,
        quantity=quantity,
        amount_minor=amount_minor(refundable, line, quantity),
        rate_ppm=line.rate_ppm,
        tax_label=line.tax_label,
        tax_minor=round_half_up(sale.line_tax_minor(line) * after, line.quantity) - before.tax_minor,
        restock=restock,
    )

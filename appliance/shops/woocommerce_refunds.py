"""Refunds under an order, as WooCommerce keeps them.

Measured on 9.9.5: the call is not idempotent (four at once over the whole: two were made, and the stock went up
twice). More than is left of the order is answered with 500, for ever. Neither pieces nor the amounts of the lines are
checked against anything, a line that the order does not have is passed over in silence, and of two entries for one
line the last counts. Pieces come back in stock only on lines that still have some taken (``_reduced_stock``), so
that an order that somebody cancelled, or put back by hand, does not give twice. There is no flag for one line: what is
damaged goes with a quantity of 0 and its money, or, where all is, without ``api_restock``. Nobody gets a mail where
the order has no address. The refund's date is when it was told; the true one is in its meta data.

Those meta data are written last: PHP that dies before (tried at four places) leaves a refund without them that takes
its money off the order, its pieces put back or not. Looked for by them alone it would be made twice. So the till's
name of it stands in its reason too, which is there from the first write on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from appliance.domain.errors import AmountError
from appliance.domain.money import Currency, round_half_up
from appliance.domain.refund import CompletedRefund, RefundLine
from appliance.shops.contract import Anchor, OddAnswerError, ShopRefund, UnknownOutcomeError
from appliance.shops.woocommerce_order_body import anchored, meta, stamp
from appliance.shops.woocommerce_orders import LINE, ORDERS, texts_of
from appliance.shops.woocommerce_rest import Json, Rest

FIELDS: Final = "id,amount,reason,meta_data"
ORDER_FIELDS: Final = "id,total,refunds,line_items,meta_data"
MAX_PAGES: Final = 10
_NAMED: Final = re.compile(r"\[\S* ([0-9a-f]{32})\]$")
"""The end of the reason of a till's refund: its receipt and its name."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What goes back of one line of the order.

    Attributes:
        item: the line. quantity: pieces for the shelf.
        amount_minor: tax included; tax_minor: the tax in that.
    """

    item: Json
    quantity: int
    amount_minor: int
    tax_minor: int

    def less(self, minor: int) -> _Part:
        """The same over less money, with its share of the tax."""
        rest = self.amount_minor - minor
        tax = round_half_up(self.tax_minor * rest, self.amount_minor) if self.amount_minor else 0
        return _Part(self.item, self.quantity, rest, tax)


def refunds(rest: Rest, currency: Currency, order_id: int) -> list[ShopRefund]:
    """List an order's refunds; one request. The shop has none, too, of an order that is gone."""
    path = f"{ORDERS}/{order_id}/refunds"
    pages = rest.pages(path, {"_fields": FIELDS, "orderby": "id", "order": "asc"}, MAX_PAGES)
    found = [_read(item, currency) for page in pages for item in page.items]
    return sorted(found, key=lambda each: each.refund_id)


def refund(
    rest: Rest, currency: Currency, order_id: int, completed: CompletedRefund, anchor: Anchor | None = None
) -> ShopRefund:
    """Read what is left of the order, and refund that of it which came back; two requests."""
    order = rest.read(f"{ORDERS}/{order_id}", {"_fields": ORDER_FIELDS})
    if order.get("id") != order_id:  # answers that a proxy mixed up: another order's lines would be refunded
        raise OddAnswerError("The shop answered with another order than the one that was asked for.")
    try:
        if _is_named(order, completed.refund.refund_id):
            raise UnknownOutcomeError(
                "The order has this refund already: the shop's list of refunds lags behind."
            )
        body = refund_body(order, completed, currency, anchor)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, AmountError) as error:
        raise OddAnswerError(f"The shop's order cannot be read ({error!r}).") from error
    made = _read(rest.write(f"{ORDERS}/{order_id}/refunds", body, {"_fields": FIELDS}), currency)
    if made.till_refund_id != completed.refund.refund_id:
        raise OddAnswerError("The shop answered with another refund than the one it was sent.")
    return made


def _is_named(order: Json, refund_id: str) -> bool:
    """Whether the order names the refund among its own: a list of them out of a cache may lack it."""
    found = (_NAMED.search(str(each["reason"] or "")) for each in order["refunds"])
    return any(named is not None and named[1] == refund_id for named in found)


def refund_body(
    order: Json, completed: CompletedRefund, currency: Currency, anchor: Anchor | None = None
) -> Json:
    """Write a refund of an order as it is now."""
    lines = completed.refund.lines
    amount = _amount(order, completed.refund.total_minor, currency)
    is_restocked = any(line.restock for line in lines)
    parts = _parts(order, lines, is_restocked=is_restocked)
    cut = sum(part.amount_minor for part in parts) - amount
    return {
        "amount": currency.plain(amount),
        "reason": f"{completed.reason} [{completed.receipt_number} {completed.refund.refund_id}]",
        "api_refund": False,  # the money has left already; asked to, the shop looks for a gateway and breaks
        "api_restock": is_restocked,
        "line_items": [_line(part, currency) for part in _shortened(parts, cut)],
        "meta_data": meta(_facts(completed, currency) | anchored(anchor)),
    }


def _amount(order: Json, wanted: int, currency: Currency) -> int:
    """What can be taken off the order: what is wanted, or what is left if that is less.

    Where the shop came to a few cents more than the till and everything else has gone back, they go too: the order is
    then refunded to its end, as the customer was.
    """
    total = currency.parse_rounded(order["total"])
    left = total - sum(abs(currency.parse_rounded(each["total"])) for each in order["refunds"])
    told = texts_of(order).get("till_total")
    surplus = total - currency.parse(told) if told else 0
    if 0 < left - wanted == surplus <= len(order["line_items"]):
        return left
    return max(0, min(wanted, left))


def _parts(order: Json, lines: Sequence[RefundLine], *, is_restocked: bool) -> list[_Part]:
    """What goes back by line of the order; what has no line there (any more) is money without one."""
    items = _by_position(order)
    parts: dict[int, _Part] = {}
    for line in lines:
        position = line.of_position or 0
        if position not in items:
            continue
        so_far = parts.get(position, _Part(items[position], 0, 0, 0))
        parts[position] = _Part(
            so_far.item,
            so_far.quantity + (line.quantity if line.restock or not is_restocked else 0),
            so_far.amount_minor + line.amount_minor,
            so_far.tax_minor + line.tax_minor,
        )
    return list(parts.values())


def _by_position(order: Json) -> dict[int, Json]:
    """The order's lines by the sale's; those of an order that was told before lines said so, by their order."""
    items = sorted(order["line_items"], key=lambda item: int(item["id"]))
    named = {texts_of(item).get(LINE, ""): item for item in items}
    if any(named.keys() - {""}):
        return {int(name): item for name, item in named.items() if name.isdecimal()}
    if str(len(items)) != texts_of(order).get("till_lines"):
        return {}
    return dict(enumerate(items, 1))


def _shortened(parts: Sequence[_Part], cut_minor: int) -> list[_Part]:
    """Take off the last lines what cannot be refunded any more."""
    kept: list[_Part] = []
    for part in reversed(parts):
        off = min(max(0, cut_minor), part.amount_minor)
        cut_minor -= off
        kept.append(part.less(off) if off else part)
    return kept[::-1]


def _line(part: _Part, currency: Currency) -> Json:
    taxes = [int(each["id"]) for each in part.item["taxes"]]
    if not taxes:
        amount = currency.plain(part.amount_minor)
        return {"id": part.item["id"], "quantity": part.quantity, "refund_total": amount}
    weights = [abs(Decimal(str(each["total"] or 0))) for each in part.item["taxes"]]
    shares = _shared(part.tax_minor, weights)
    return {
        "id": part.item["id"],
        "quantity": part.quantity,
        "refund_total": currency.plain(part.amount_minor - part.tax_minor),
        "refund_tax": [
            {"id": tax, "refund_total": currency.plain(share)}
            for tax, share in zip(taxes, shares, strict=True)
        ],
    }


def _shared(minor: int, weights: Sequence[Decimal]) -> list[int]:
    """Share tax over the rates of a line; the last takes the rest."""
    total = sum(weights, Decimal(0))
    shares = [int(minor * weight / total) if total else 0 for weight in weights]
    return [*shares[:-1], minor - sum(shares[:-1])]


def _facts(completed: CompletedRefund, currency: Currency) -> dict[str, str]:
    refund = completed.refund
    damaged = [f"{line.quantity} x {line.name}" for line in refund.lines if not line.restock]
    return {
        "till_refund_id": refund.refund_id,
        "till_receipt_number": completed.receipt_number,
        "till_refunded_at": stamp(completed.completed_at),
        "till_cashier": completed.cashier_name,
        "till_name": completed.till_name,
        "till_total": currency.plain(refund.total_minor),
        "till_tax": currency.plain(refund.tax_minor),
        "till_rounding": currency.plain(completed.rounding_minor),
        "till_paid": currency.plain(completed.paid_minor),
        "till_tender": completed.tender.value,
        "till_reference": completed.reference,
        "till_damaged": ", ".join(damaged),
        "till_approved_by": completed.approval.name if completed.approval else "",
    }


def _read(item: Json, currency: Currency) -> ShopRefund:
    try:
        told = texts_of(item)
        total, ours = currency.parse_rounded(item["amount"]), told.get("till_total")
        named = _NAMED.search(str(item["reason"] or ""))
        is_whole = "till_refund_id" in told or named is None
        refund_id = told.get("till_refund_id") or (named[1] if named else None)
        difference = currency.parse(ours) - total if refund_id and ours else None
        return ShopRefund(int(item["id"]), refund_id, total, difference, is_whole)
    except (KeyError, TypeError, ValueError, AmountError) as error:
        raise OddAnswerError(f"The shop's refund cannot be read ({error!r}).") from error

"""Which order a sale is, when several tills hold the sale: decided by the one lock that a plain WooCommerce has.

A product's SKU is given to exactly one of those who ask for it at the same moment (measured: one winner in 28 of 28
rounds of four to six; coupons, tags, tax classes and customers had two or three). So a claim is a product that nobody
sees, with the sale in its SKU and the order in its *name*: WordPress writes the name before WooCommerce takes the
lock, and so whoever holds the lock has named its order, even if PHP dies in the next moment. Meta data come later, and
a loser that is quick would find none.
"""

from __future__ import annotations

import re
from typing import Final

from appliance.shops.errors import OddAnswerError, RefusedError, UnknownOutcomeError
from appliance.shops.orders import Claim
from appliance.shops.woocommerce_rest import Json, Rest, TakenError

PRODUCTS: Final = "/wc/v3/products"
FIELDS: Final = "id,name,sku"
LOST_RACE: Final = "woocommerce_rest_product_not_created"
"""The lock was taken between the shop's look and its own attempt; asked again, it names the winner."""

GONE: Final = "woocommerce_rest_product_invalid_id"
MOST_TRIES: Final = 3
_NAME: Final = re.compile(r"Claim of order (\d{1,15})(?: by ([A-Za-z0-9-]{1,60}))?")
_BY: Final = re.compile(r"[A-Za-z0-9-]{0,60}")
"""What WordPress leaves in a name as it is."""


def sku(sale_id: str) -> str:
    """The SKU of a sale's claim."""
    return f"CLAIM-{sale_id}"


def claim_body(sale_id: str, order_id: int, by: str = "") -> Json:
    """A product without a price, a count or a page: no till sells it, and no visitor sees it.

    Raises:
        ValueError: the name of who claims has other than letters, digits and hyphens.
    """
    if not _BY.fullmatch(by):
        raise ValueError(f"{by!r} cannot stand in the name of a claim.")
    return {
        "name": f"Claim of order {order_id}" + (f" by {by}" if by else ""),
        "sku": sku(sale_id),
        "type": "simple",
        "status": "private",
        "catalog_visibility": "hidden",
        "manage_stock": False,
        "reviews_allowed": False,
        "description": "A till's mark of which order one of its sales is. It goes by itself; do not sell it.",
        "meta_data": [{"key": "_till_order_id", "value": str(order_id)}],
    }


def claim(rest: Rest, sale_id: str, order_id: int, by: str = "") -> Claim:
    """Claim a sale for an order; the answer is the claim that holds. Two requests for a loser, one for the winner.

    Raises:
        UnknownOutcomeError: it may have been made, or another till is at it; ask again.
    """
    for _ in range(MOST_TRIES):
        try:
            return _read(
                rest.write(PRODUCTS, claim_body(sale_id, order_id, by), {"_fields": FIELDS}), sale_id
            )
        except TakenError as taken:
            return _of_winner(rest, taken.resource_id, sale_id)
        except RefusedError as error:
            if error.code != LOST_RACE:
                raise
    raise UnknownOutcomeError("Another till tells the shop of this sale at this very moment.")


def drop_claim(rest: Rest, claim_id: int) -> None:
    """Delete a claim for ever: in the bin it would hold its SKU. One that is not there is dropped."""
    try:
        seen = _read(
            rest.read(f"{PRODUCTS}/{claim_id}", {"_fields": FIELDS})
        )  # nothing but a claim is ever deleted
        if seen.claim_id != claim_id:
            raise OddAnswerError("The shop answered with another product than the one that was asked for.")
        rest.remove(f"{PRODUCTS}/{claim_id}")
    except RefusedError as error:
        if error.code != GONE:
            raise


def _of_winner(rest: Rest, product_id: int, sale_id: str) -> Claim:
    try:
        return _read(rest.read(f"{PRODUCTS}/{product_id}", {"_fields": FIELDS}), sale_id)
    except RefusedError as error:
        if error.code != GONE:
            raise
        raise UnknownOutcomeError("The claim of this sale was dropped at this very moment.") from error


def _read(item: Json, sale_id: str = "") -> Claim:
    """Read a claim; of this sale, where one is named.

    Raises:
        OddAnswerError: it is another product.
    """
    named = _NAME.fullmatch(str(item.get("name", "")))
    number = item.get("id")
    is_another = sale_id != "" and item.get("sku") != sku(sale_id)
    if named is None or not isinstance(number, int) or is_another:
        raise OddAnswerError(f"The shop's product {number} is not the claim that it should be.")
    return Claim(number, int(named[1]), named[2] or "")

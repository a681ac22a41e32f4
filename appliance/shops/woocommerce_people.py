"""WooCommerce's coupons and customers.

Measured on 9.9.5: coupons heed ``modified_after``; customers ignore it silently, and have no instant that could be
trusted, so new ones are known by their numbers and changes by reading all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from appliance.domain.coupons import Coupon
from appliance.domain.customers import Customer
from appliance.shops.contract import OddAnswerError
from appliance.shops.listed import CouponsPage
from appliance.shops.woocommerce_changed import BY_NUMBER, Changed, Cursor
from appliance.shops.woocommerce_rest import Json, Rest

COUPONS: Final = "/wc/v3/coupons"
CUSTOMERS: Final = "/wc/v3/customers"
ALL_COUPONS: Final = {"status": "any,trash"}

_RULES: Final = (
    "amount", "status", "discount_type", "description", "date_expires_gmt", "usage_count", "individual_use",
    "product_ids", "excluded_product_ids", "usage_limit", "usage_limit_per_user", "limit_usage_to_x_items",
    "free_shipping", "product_categories", "excluded_product_categories", "exclude_sale_items", "minimum_amount",
    "maximum_amount", "email_restrictions",
)  # fmt: skip
COUPON_FIELDS: Final = ",".join(("id", "code", *_RULES))
_OF_A_CUSTOMER: Final = ("email", "first_name", "last_name", "username", "billing", "shipping")
CUSTOMER_FIELDS: Final = ",".join(("id", *_OF_A_CUSTOMER))
_UNREADABLE: Final = (KeyError, TypeError, ValueError)


def coupons(rest: Rest, changed: Changed, text: str | None) -> Iterator[CouponsPage]:
    """See :meth:`Shop.coupons`."""
    cursor = Cursor.parse(text)
    if cursor is None:
        started_at = None
        for page in rest.pages(COUPONS, {"_fields": COUPON_FIELDS, **BY_NUMBER}):
            started_at = started_at or page.server_at or changed.now()
            end = Cursor(started_at, started_at).text if page.is_last else None
            yield CouponsPage(tuple(map(read_coupon, page.items)), end)
        return
    marks, started_at = changed.since(cursor)
    for items in changed.read([mark.number for mark in marks], COUPON_FIELDS):
        yield CouponsPage(tuple(map(read_coupon, items)))
    changed.settle(marks, started_at)
    yield CouponsPage((), cursor.moved(started_at).text)


def customers(rest: Rest) -> Iterator[tuple[Customer, ...]]:
    """See :meth:`Shop.customers`."""
    for page in rest.pages(CUSTOMERS, {"_fields": CUSTOMER_FIELDS, **BY_NUMBER}):
        yield tuple(map(read_customer, page.items))


def newest_customers(rest: Rest, than: int) -> Iterator[tuple[Customer, ...]]:
    """See :meth:`Shop.newest_customers`; one small request while there are none."""
    newest_first = {"orderby": "id", "order": "desc"}
    newest = rest.page(CUSTOMERS, {"_fields": "id", "per_page": "1", **newest_first}).items
    if not any(isinstance(each.get("id"), int) and each["id"] > than for each in newest):
        return
    for page in rest.pages(CUSTOMERS, {"_fields": CUSTOMER_FIELDS, **newest_first}):
        found = tuple(map(read_customer, page.items))
        yield tuple(each for each in found if each.customer_id > than)
        if not found or found[-1].customer_id <= than:
            return


def read_coupon(item: Json) -> Coupon:
    """Read a coupon.

    Raises:
        OddAnswerError: it is none.
    """
    try:
        return Coupon(int(item["id"]), str(item["code"]), _canonical({key: item.get(key) for key in _RULES}))
    except _UNREADABLE as error:
        raise OddAnswerError(f"The shop's coupon {item.get('id')} cannot be read ({error!r}).") from error


def read_customer(item: Json) -> Customer:
    """Read a customer.

    Raises:
        OddAnswerError: it is none; its name is not said.
    """
    try:
        return Customer(int(item["id"]), _canonical({key: item.get(key) for key in _OF_A_CUSTOMER}))
    except _UNREADABLE as error:
        raise OddAnswerError(f"The shop's customer {item.get('id')} cannot be read.") from error


def _canonical(values: Json) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

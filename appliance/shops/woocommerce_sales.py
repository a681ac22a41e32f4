"""All sales of all tills that a WooCommerce shop holds, a hundred orders a request: for a till that is restored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.domain.money import Currency
from appliance.shops.orders import OrderStatus
from appliance.shops.woocommerce_orders import FIELDS, ORDERS, read_order
from appliance.shops.woocommerce_rest import Rest

_MOST_PAGES: Final = 5_000


@dataclass(frozen=True, slots=True)
class ShopSale:
    """A till's sale as the shop holds it.

    Attributes:
        sale_id, receipt_number: the sale's names.
        order_id: the order.
        status: how far it is; is_whole: with all its lines and its total.
        total_minor: what the shop makes of it.
    """

    sale_id: str
    receipt_number: str
    order_id: int
    status: OrderStatus
    is_whole: bool
    total_minor: int


def sales(rest: Rest, currency: Currency, since: datetime) -> Iterator[list[ShopSale]]:
    """Yield them page by page, oldest first, whatever till made them; made after ``since`` less a day.

    By date and not by search: the shop searches a till's orders for seconds a page, and lists them in its stride.
    """
    after = (since - timedelta(days=1)).astimezone(UTC).replace(microsecond=0, tzinfo=None)
    parameters = {
        "_fields": FIELDS,
        "after": after.isoformat(),
        "dates_are_gmt": "true",
        "orderby": "id",
        "order": "asc",
        "per_page": "100",
    }
    for page in rest.pages(ORDERS, parameters, _MOST_PAGES):
        found: list[ShopSale] = []
        for item in page.items:
            order = read_order(item, currency)
            if order.sale_id is not None and not order.is_move:
                meta = {each["key"]: each["value"] for each in item["meta_data"]}
                receipt = str(meta.get("till_receipt_number", ""))
                found.append(
                    ShopSale(
                        order.sale_id,
                        receipt,
                        order.order_id,
                        order.status,
                        order.is_whole,
                        order.total_minor,
                    )
                )
        yield found

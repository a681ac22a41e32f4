"""WooCommerce's orders as far as the till follows them.

Measured on 9.9.5: an order's instant moves with its status, its lines, its meta data, a refund, and when it is thrown
away; not with a note. "any" leaves the trash out, and "any,trash" too: the trash is asked for apart, once an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.web_orders import OPEN_STATUSES, WebOrder, WebOrderLine
from appliance.shops.contract import OddAnswerError
from appliance.shops.listed import OrdersPage
from appliance.shops.woocommerce_changed import BY_NUMBER, FAR, Changed, Cursor
from appliance.shops.woocommerce_orders import FIELDS as ORDER_FIELDS
from appliance.shops.woocommerce_orders import read_order
from appliance.shops.woocommerce_rest import PER_PAGE, Json, Rest, utc

ORDERS: Final = "/wc/v3/orders"
FIELDS: Final = f"{ORDER_FIELDS},date_modified_gmt,shipping_lines"
PICKUP: Final = ("local_pickup", "pickup_location")
FIRST_LOOK: Final = timedelta(days=7)
"""How far back a new till looks; what is older and still open is read all the same."""

TRASH_EVERY: Final = timedelta(hours=1)


@dataclass(slots=True)
class WebOrders:
    """Follows the orders of one shop."""

    rest: Rest
    currency: Currency
    changed: Changed

    def since(self, text: str | None) -> Iterator[OrdersPage]:
        """See :meth:`Shop.orders_since`."""
        looked, _, trash = (text or "").partition("|")
        cursor = Cursor.parse(looked)
        if cursor is None:
            yield from self._first()
            return
        trash_at = datetime.fromisoformat(trash)
        if cursor.looked_at - trash_at >= TRASH_EVERY:  # in place of the other question, which comes next
            yield from self._listed({"status": "trash", **_modified_after(trash_at - FAR)})
            yield OrdersPage(next_cursor=_text(cursor, cursor.looked_at))
            return
        marks, started_at = self.changed.since(cursor)
        for items in self.changed.read([mark.number for mark in marks], FIELDS):
            yield OrdersPage(self._orders(items))
        self.changed.settle(marks, started_at)
        yield OrdersPage(next_cursor=_text(cursor.moved(started_at), trash_at))

    def _first(self) -> Iterator[OrdersPage]:
        newest = self.rest.page(ORDERS, {"_fields": "id", "per_page": "1"})
        started_at = newest.server_at or self.changed.now()
        yield from self._listed(_modified_after(started_at - FIRST_LOOK))
        yield from self.open()
        yield OrdersPage(next_cursor=_text(Cursor(started_at, started_at), started_at))

    def open(self) -> Iterator[OrdersPage]:
        """See :meth:`Shop.open_orders`."""
        yield from self._listed({"status": ",".join(OPEN_STATUSES)})

    def among(self, numbers: Sequence[int]) -> Iterator[OrdersPage]:
        """See :meth:`Shop.orders_among`; one request for a hundred, and one more where some are missing."""
        for first in range(0, len(numbers), PER_PAGE):
            missing = list(numbers[first : first + PER_PAGE])
            found: tuple[WebOrder, ...] = ()
            for status in ("any", "trash"):
                if missing:
                    parameters = {"include": ",".join(map(str, missing)), "status": status, "_fields": FIELDS}
                    items = self.rest.page(ORDERS, {**parameters, **BY_NUMBER}).items
                    found += self._orders(items)
                    there = {item.get("id") for item in items}
                    missing = [each for each in missing if each not in there]
            yield OrdersPage(found, tuple(missing))

    def _listed(self, parameters: dict[str, str]) -> Iterator[OrdersPage]:
        for page in self.rest.pages(ORDERS, {"_fields": FIELDS, **parameters, **BY_NUMBER}):
            if page.items:
                yield OrdersPage(self._orders(page.items))

    def _orders(self, items: list[Json]) -> tuple[WebOrder, ...]:
        return tuple(order for order in map(self._order, items) if order is not None)

    def _order(self, item: Json) -> WebOrder | None:
        """Read one; a plugin's oddity is not followed, and keeps no other from the till."""
        try:
            return read_web_order(item, self.currency)
        except OddAnswerError:
            return None


def read_web_order(item: Json, currency: Currency) -> WebOrder:
    """Read an order of any origin.

    Raises:
        OddAnswerError: it is not one.
    """
    order = read_order(item, currency)
    try:
        methods = [each.get("method_id") for each in item["shipping_lines"]]
        return WebOrder(
            order_id=order.order_id,
            number=order.number,
            status=str(item["status"]),
            sale_id=order.sale_id or "",
            customer="" if order.sale_id else order.customer,
            total_minor=order.total_minor,
            created_at=order.created_at,
            modified_at=utc(item["date_modified_gmt"]),
            lines=tuple(
                WebOrderLine(each.product_id, each.parent_id, each.name, each.quantity, each.reduced)
                for each in order.lines
            ),
            is_pickup=order.sale_id is None and any(each in PICKUP for each in methods),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddAnswerError(f"The shop's order {order.order_id} cannot be read ({error!r}).") from error


def _modified_after(at: datetime) -> dict[str, str]:
    naive = at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return {"modified_after": naive.isoformat(), "dates_are_gmt": "true"}


def _text(cursor: Cursor, trash_at: datetime) -> str:
    return f"{cursor.text}|{trash_at.isoformat()}"

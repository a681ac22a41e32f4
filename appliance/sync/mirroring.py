"""The shop's orders, coupons and customers, kept on the till: small looks often, and everything each night."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import OrdersPage, Shop
from appliance.storage.facts import ShopFacts
from appliance.storage.mirror import Mirror

FOLLOWED: Final = timedelta(days=7)
"""Orders of so many days are looked at each night, whether they still are what and where they were."""

_ORDERS: Final = "orders_cursor"
_COUPONS: Final = "coupons_cursor"


@dataclass(frozen=True, slots=True)
class Mirroring:
    """Brings what the till keeps of the shop beside its products."""

    shop: Shop
    facts: ShopFacts
    mirror: Mirror
    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def orders(self) -> int:
        """Bring the orders that changed; return how many did."""
        return self._put(self.shop.orders_since(self.facts.get(_ORDERS)))

    def orders_again(self) -> None:
        """Look at all open orders, and at those of the last days: what was changed or deleted past the dates."""
        self._put(self.shop.open_orders())
        known = {*self.mirror.orders.open_ids(), *self.mirror.orders.ids_since(self.now() - FOLLOWED)}
        self._put(self.shop.orders_among(sorted(known)))

    def coupons(self) -> None:
        """Bring the coupons that changed."""
        for page in self.shop.coupons(self.facts.get(_COUPONS)):
            self.mirror.coupons.put(page.coupons, sleep=self.sleep)
            if page.next_cursor is not None:
                self.facts.set(_COUPONS, page.next_cursor)

    def customers(self) -> None:
        """Bring new customers."""
        for page in self.shop.newest_customers(self.mirror.customers.newest_id()):
            self.mirror.customers.put(page, sleep=self.sleep)

    def people(self) -> None:
        """Read all coupons and customers: what became of those that the shop does not date, and who is gone."""
        codes: set[int] = set()
        for page in self.shop.coupons(None):
            self.mirror.coupons.put(page.coupons, sleep=self.sleep)
            codes |= {each.coupon_id for each in page.coupons}
        self.mirror.coupons.keep_only(codes)
        found: set[int] = set()
        for people in self.shop.customers():
            self.mirror.customers.put(people, sleep=self.sleep)
            found |= {each.customer_id for each in people}
        self.mirror.customers.keep_only(found)

    def _put(self, pages: Iterable[OrdersPage]) -> int:
        changed = 0
        for page in pages:
            changed += self.mirror.orders.put(page.orders, sleep=self.sleep)
            self.mirror.orders.mark_gone(page.gone)
            if page.next_cursor is not None:
                self.facts.set(_ORDERS, page.next_cursor)
        return changed

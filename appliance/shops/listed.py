"""What a shop lists, by the page: products, counts, orders, coupons and customers, and where the next look begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.coupons import Coupon
from appliance.domain.customers import Customer
from appliance.domain.web_orders import WebOrder


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A part of what changed. Apply it, then keep ``next_cursor`` where it is given: to go on from there is right.

    Attributes:
        changes: products to put in (idempotent) and numbers to take out. ``on_hand`` is the shop's count.
        next_cursor: on the last page where the next pull begins. While everything is read for the first time, on
            each page: where to go on if it breaks off.
        numbers: of all on this page that can be sold, and of what could not be read.
        families: by the number of a product all of its variations that can be sold. What the till holds beyond
            them is gone.
        done, total: while everything is read: products that were, of how many; else 0 and None.
        is_last: nothing comes after it.
    """

    changes: CatalogueChanges
    next_cursor: str | None = None
    numbers: frozenset[int] = frozenset()
    families: Mapping[int, frozenset[int]] = field(default_factory=dict)
    done: int = 0
    total: int | None = None
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class StockPage:
    """A part of the counts, by stock number (the parent's where it is shared).

    Attributes:
        next_page: where to go on; None on the last.
    """

    counts: dict[int, int]
    next_page: int | None


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A part of the shop's orders. Putting one in again changes nothing.

    Attributes:
        orders: as they are now, those in the trash too.
        gone: numbers of orders that the shop has no more.
        next_cursor: given on the last page of a look: where the next one begins.
    """

    orders: tuple[WebOrder, ...] = ()
    gone: tuple[int, ...] = ()
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CouponsPage:
    """A part of the shop's coupons; ``next_cursor`` as with orders."""

    coupons: tuple[Coupon, ...] = ()
    next_cursor: str | None = None


class ShopLists(Protocol):
    """The reading side of a shop. Each look asks one small question while nothing has changed.

    What an iterator has given may be used, and the iterator left, at any page.
    """

    def changes(self, cursor: str | None) -> Iterator[ChangesPage]:
        """Yield what changed since the cursor, page by page; None for everything. The last page has the next cursor.

        What was thrown away is among it; deleted for ever leaves no trace, and neither does what is written past
        the shop's own dates: only reading everything tells.
        """

    def stock(self, first_page: int = 1) -> Iterator[StockPage]:
        """Yield the counts of everything that is counted, a request a page."""

    def all_product_ids(self) -> set[int]:
        """The numbers of all that can be sold."""

    def landmarks(self, numbers: Sequence[int] | None) -> Mapping[int, str]:
        """When these products were made, as the shop writes it; of its ten oldest for None.

        What tells this shop from another one, or from one that was set up anew, at the same address.
        """

    def orders_since(self, cursor: str | None) -> Iterator[OrdersPage]:
        """Yield orders of any origin that changed since the cursor; None for the last days, and the open ones."""

    def open_orders(self) -> Iterator[OrdersPage]:
        """Yield the orders with which something is still to be done."""

    def orders_among(self, numbers: Sequence[int]) -> Iterator[OrdersPage]:
        """Yield these orders as they are now, and say which of them are gone."""

    def coupons(self, cursor: str | None) -> Iterator[CouponsPage]:
        """Yield coupons that changed since the cursor; None for all."""

    def customers(self) -> Iterator[tuple[Customer, ...]]:
        """Yield all customers. The shop does not say when one changed."""

    def newest_customers(self, than: int) -> Iterator[tuple[Customer, ...]]:
        """Yield the customers with higher numbers than this."""

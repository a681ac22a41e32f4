"""The pull that never misses: everything that changed in WooCommerce's catalogue since a cursor.

Measured on 9.9.5, and each of these lost products before: ``modified_after`` is strictly greater and has whole
seconds, so the cursor lies five minutes before the shop's own clock at the start of the run; pages are ordered by
number, because an edit during the run moves a product between pages ordered by date; a product that leaves the list
during the run moves one across the page's edge, so a total that fell means again; a "Z" is shifted by the shop's
zone, so the instant is naive and flagged as GMT; a variation's change bumps its parent, whose variations are read
with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.domain.money import Currency
from appliance.shops.contract import ChangesPage, OddAnswerError, RefusedError, UnknownOutcomeError
from appliance.shops.woocommerce_catalogue import (
    PRODUCT_FIELDS,
    VARIATION_FIELDS,
    is_sold,
    number_of,
    read_product,
    read_variation,
    readable,
    whole,
)
from appliance.shops.woocommerce_rest import Json, NoRouteError, Rest

PRODUCTS: Final = "/wc/v3/products"
OVERLAP: Final = timedelta(minutes=5)
TRASH_EVERY: Final = timedelta(minutes=10)
"""What was thrown away is asked for less often: an idle till then costs the shop one request a look."""

MAX_RUNS: Final = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next pull begins, for the list and for the trash.

    Attributes:
        products_after, trash_after: by the shop's clock; None for the beginning.
    """

    products_after: datetime | None
    trash_after: datetime | None

    @classmethod
    def parse(cls, text: str | None) -> Cursor:
        """Read what :meth:`text` wrote; anything else is the beginning, which only costs a long pull."""
        try:
            products, trash = (text or "").split("/")
            return cls(datetime.fromisoformat(products), datetime.fromisoformat(trash))
        except ValueError:
            return cls(None, None)

    @staticmethod
    def text(products_after: datetime, trash_after: datetime) -> str:
        """Write a cursor."""
        return f"{products_after.isoformat()}/{trash_after.isoformat()}"


@dataclass(frozen=True, slots=True)
class Pull:
    """Reads the catalogue of one shop.

    Attributes:
        rest: asks the shop.
        currency: of its prices.
        now: the till's clock, where the shop does not tell its own.
        said: products that cannot be read, and were named in the log already.
    """

    rest: Rest
    currency: Currency
    now: Callable[[], datetime]
    said: set[str] = field(default_factory=set)

    def changes(self, cursor: Cursor) -> Iterator[ChangesPage]:
        """Yield what changed; the last page carries the next cursor."""
        started_at: datetime | None = None
        read_at = self.now()
        for _ in range(MAX_RUNS):
            fell, total = False, 0
            for page in self.rest.pages(PRODUCTS, _modified(cursor.products_after, PRODUCT_FIELDS)):
                started_at = started_at or page.server_at or self.now()
                fell = fell or (page.total or 0) < total
                total = page.total or 0
                if page.items:
                    yield ChangesPage(self._read(page.items, read_at))
            if not fell:
                break
        else:
            raise UnknownOutcomeError("The shop's list of products changes faster than it can be read.")
        if started_at is None:
            raise UnknownOutcomeError("The shop gave no list of products.")
        yield self._end(cursor, started_at)

    def _end(self, cursor: Cursor, started_at: datetime) -> ChangesPage:
        next_after = started_at - OVERLAP
        since = cursor.trash_after
        if since is None:  # a till without products has none to throw away
            return ChangesPage(CatalogueChanges((), ()), Cursor.text(next_after, next_after))
        if started_at - since < TRASH_EVERY:
            return ChangesPage(CatalogueChanges((), ()), Cursor.text(next_after, since))
        parameters = _modified(since, "id,variations") | {"status": "trash"}
        removed: list[int] = []
        for page in self.rest.pages(PRODUCTS, parameters):
            for item in page.items:
                with self._alone(item):
                    removed.extend(_all_of(item))
        return ChangesPage(CatalogueChanges((), tuple(removed)), Cursor.text(next_after, next_after))

    def _read(self, items: list[Json], read_at: datetime) -> CatalogueChanges:
        products: list[Product] = []
        removed: list[int] = []
        for item in items:
            with self._alone(item):
                self._read_item(item, products, removed)
        return CatalogueChanges(tuple(products), tuple(removed), read_at)

    @contextmanager
    def _alone(self, item: Json) -> Iterator[None]:
        """Read one product within; one that cannot be read is named once, and keeps no other from the till."""
        try:
            with readable(item):
                yield
        except OddAnswerError as odd:
            if str(odd) not in self.said:
                log.warning("%s It is left as it was.", odd)
                self.said.add(str(odd))

    def _read_item(self, item: Json, products: list[Product], removed: list[int]) -> None:
        if item["type"] == "variable" and item["status"] in ("publish", "private"):
            removed.append(number_of(item))  # by itself it is nothing that can be sold; it once may have been
            self._read_variations(item, products, removed)
        elif is_sold(item):
            products.append(read_product(item, self.currency))
        else:
            removed.extend(_all_of(item))

    def _read_variations(self, parent: Json, products: list[Product], removed: list[int]) -> None:
        path = f"{PRODUCTS}/{number_of(parent)}/variations"
        try:
            for items in self._items(path, {"_fields": VARIATION_FIELDS}):
                for item in items:
                    with self._alone(item):
                        if is_sold({"type": "variation", **item}):
                            products.append(read_variation(item, parent, self.currency))
                        else:
                            removed.append(number_of(item))
        except RefusedError:
            return  # thrown away between the two questions: the list of the trash will name its variations

    def stock(self) -> Iterator[dict[int, int]]:
        """Yield counts by stock number: by the cheap report, or by the lists where the report is switched off."""
        try:
            yield from map(_counts, self._items("/wc-analytics/reports/stock", {}))
        except NoRouteError:
            yield from self._listed_stock()

    def _listed_stock(self) -> Iterator[dict[int, int]]:
        for items in self._items(PRODUCTS, {"_fields": "id,parent_id,type,manage_stock,stock_quantity"}):
            yield _counts(items)
            for parent in (each for each in items if each.get("type") == "variable"):
                path = f"{PRODUCTS}/{number_of(parent)}/variations"
                yield from map(
                    _counts, self._items(path, {"_fields": "id,parent_id,manage_stock,stock_quantity"})
                )

    def _items(self, path: str, parameters: dict[str, str]) -> Iterator[list[Json]]:
        for page in self.rest.pages(path, {**parameters, "orderby": "id", "order": "asc"}):
            yield page.items

    def all_product_ids(self) -> set[int]:
        """All that can be sold, variations among them."""
        found: set[int] = set()
        for items in self._items(PRODUCTS, {"_fields": "id,type,status,price,variations"}):
            for item in items:
                try:
                    with readable(item):
                        found.update(_sold_of(item))
                except OddAnswerError:
                    found.update(_named(item))  # not known to be gone: what the till has of it stays
        return found


def _modified(after: datetime | None, fields: str) -> dict[str, str]:
    parameters = {"_fields": fields, "orderby": "id", "order": "asc"}
    if after is not None:
        naive = after.astimezone(UTC).replace(microsecond=0, tzinfo=None)
        parameters |= {"modified_after": naive.isoformat(), "dates_are_gmt": "true"}
    return parameters


def _counts(items: list[Json]) -> dict[int, int]:
    """What a page says of what is counted; a shared count comes once for each variation, and is one."""
    found: dict[int, int] = {}
    for item in items:
        with suppress(OddAnswerError), readable(item):  # the list of products names it
            manages, quantity = item["manage_stock"], item["stock_quantity"]
            if manages and quantity is not None:
                found[whole(item["parent_id"]) if manages == "parent" else number_of(item)] = whole(quantity)
    return found


def _all_of(item: Json) -> list[int]:
    """A product's own number and those of its variations."""
    return [number_of(item), *map(whole, item.get("variations") or ())]


def _named(item: Json) -> list[int]:
    return [item["id"]] if isinstance(item.get("id"), int) else []


def _sold_of(item: Json) -> list[int]:
    """The numbers by which it is sold: its own, or those of its variations."""
    if item["type"] == "variable":
        return [whole(each) for each in item["variations"]]
    return [number_of(item)] if is_sold(item) else []

"""The pull that never misses: all of WooCommerce's catalogue, and then what changed in it.

All of it is read by the page, in the order of the numbers, and can go on at any page: a product that leaves the list
meanwhile moves another one across a page's edge, so a total that fell means going back. How changes are noticed
stands in :mod:`appliance.shops.woocommerce_changed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from math import ceil
from typing import Final

from appliance.domain.catalogue import CatalogueChanges
from appliance.shops.ahead import Ahead
from appliance.shops.contract import ChangesPage, OddAnswerError
from appliance.shops.woocommerce_catalogue import PRODUCT_FIELDS, is_sold, number_of, readable, whole
from appliance.shops.woocommerce_changed import BY_NUMBER, Changed, Cursor
from appliance.shops.woocommerce_reading import PRODUCTS, Reader
from appliance.shops.woocommerce_rest import PER_PAGE, Json, Page, Rest

LANDMARKS: Final = 10
ALL: Final = {"include_status": "any,trash"}
"""What was thrown away is on the list too, as a change of status; shops before 9.9 leave it out, and the nightly
reading finds what is gone there."""

_LOAD: Final = "load"


@dataclass(frozen=True, slots=True)
class Load:
    """How far the whole catalogue has been read.

    Attributes:
        page: the next one.
        total: products in the shop as of the last page, 0 before the first.
        started_at: when the first page was asked for, by the shop's clock.
    """

    page: int = 1
    total: int = 0
    started_at: datetime | None = None

    @classmethod
    def parse(cls, text: str | None) -> Load:
        """Read what :attr:`text` wrote; anything else is the beginning."""
        try:
            mark, page, total, started = (text or "").split("/")
            return cls(int(page), int(total), datetime.fromisoformat(started)) if mark == _LOAD else cls()
        except ValueError:
            return cls()

    @property
    def text(self) -> str:
        """To be kept."""
        return f"{_LOAD}/{self.page}/{self.total}/{self.started_at.isoformat() if self.started_at else ''}"

    def after(self, page: Page, now: datetime) -> Load:
        """Where to go on after a page: before it, if products have left the list since the one before."""
        total = page.total or 0
        fell = max(self.total - total, 0)
        started_at = self.started_at or page.server_at or now
        return Load(max(1, self.page - ceil(fell / PER_PAGE)) if fell else self.page + 1, total, started_at)


@dataclass(frozen=True, slots=True)
class Pull:
    """Reads the catalogue of one shop.

    Attributes:
        rest: asks the shop.
        reader: understands it.
        now: the till's clock.
    """

    rest: Rest
    reader: Reader
    now: Callable[[], datetime]
    changed: Changed = field(init=False)

    def __post_init__(self) -> None:
        """Nothing was seen yet."""
        object.__setattr__(self, "changed", Changed(self.rest, PRODUCTS, ALL, self.now))

    def changes(self, text: str | None) -> Iterator[ChangesPage]:
        """See :meth:`Shop.changes`."""
        cursor = Cursor.parse(text)
        if cursor is None:
            yield from self._all(Load.parse(text))
        else:
            yield from self._since(cursor)

    def _all(self, load: Load) -> Iterator[ChangesPage]:
        """Read on to the end; while a page is written the next one is asked for, on another thread."""
        page = self._page(load, self.rest.page)  # not again and again: a shop that is silent is left alone
        with Ahead[Page]() as ahead:
            while True:
                here, read_at = load, self.now()
                load = load.after(page, read_at)
                is_last = page.is_last and load.page > here.page
                begin = partial(ahead.begin, partial(self._page, load, self.rest.page_again))
                has_families = any(item.get("type") == "variable" for item in page.items)
                if not is_last and not has_families:
                    begin()
                read = self.reader.page(page.items, read_at)  # asks for the variations of families itself
                if not is_last and has_families:
                    begin()
                yield _loaded(read, here, load, is_last=is_last)
                if is_last:
                    return
                page = ahead.result()

    def _page(self, load: Load, ask: Callable[[str, Mapping[str, str], int], Page]) -> Page:
        return ask(PRODUCTS, {"_fields": PRODUCT_FIELDS, **BY_NUMBER}, load.page)

    def _since(self, cursor: Cursor) -> Iterator[ChangesPage]:
        marks, started_at = self.changed.since(cursor)
        for first in range(0, len(marks), PER_PAGE):
            some = marks[first : first + PER_PAGE]
            yield from self._read([mark.number for mark in some])
            self.changed.settle(some, started_at)
        yield ChangesPage(CatalogueChanges((), ()), cursor.moved(started_at).text, is_last=True)

    def _read(self, numbers: Sequence[int]) -> Iterator[ChangesPage]:
        read_at = self.now()
        for items in self.changed.read(numbers, PRODUCT_FIELDS):
            yield self.reader.page(items, read_at)

    def all_product_ids(self) -> set[int]:
        """All that can be sold, variations among them."""
        found: set[int] = set()
        for page in self.rest.pages(PRODUCTS, {"_fields": "id,type,status,price,variations", **BY_NUMBER}):
            for item in page.items:
                try:
                    with readable(item):
                        found.update(_sold_of(item))
                except OddAnswerError:
                    found.update(_named(item))  # not known to be gone: what the till has of it stays
        return found

    def landmarks(self, numbers: Sequence[int] | None) -> Mapping[int, str]:
        """See :meth:`Shop.landmarks`; one request."""
        chosen = {"per_page": str(LANDMARKS)} if numbers is None else {"include": ",".join(map(str, numbers))}
        page = self.rest.page(PRODUCTS, {"_fields": "id,date_created_gmt", **chosen, **BY_NUMBER})
        return {item["id"]: str(item.get("date_created_gmt")) for item in page.items if _named(item)}


def _loaded(read: ChangesPage, here: Load, load: Load, *, is_last: bool) -> ChangesPage:
    end = Cursor(load.started_at, load.started_at).text if is_last and load.started_at else load.text
    done = load.total if is_last else min(here.page * PER_PAGE, load.total)
    return replace(read, next_cursor=end, done=done, total=load.total, is_last=is_last)


def _named(item: Json) -> list[int]:
    return [item["id"]] if isinstance(item.get("id"), int) else []


def _sold_of(item: Json) -> list[int]:
    """The numbers by which it is sold: its own, or those of its variations."""
    if item["type"] == "variable":
        return [whole(each) for each in item["variations"]]
    return [number_of(item)] if is_sold(item) else []

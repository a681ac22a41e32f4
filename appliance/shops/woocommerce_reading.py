"""Reading a page of WooCommerce's products: what is sold, what is not, and the variations of those that have them.

A variation's change bumps its parent, whose variations are read with it, all of them: one that is not among them any
more was deleted, of which the shop keeps nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.domain.money import Currency
from appliance.shops.contract import ChangesPage, OddAnswerError, RefusedError
from appliance.shops.woocommerce_catalogue import (
    VARIATION_FIELDS,
    is_sold,
    number_of,
    read_product,
    read_variation,
    readable,
    whole,
)
from appliance.shops.woocommerce_changed import BY_NUMBER
from appliance.shops.woocommerce_rest import Json, Rest

PRODUCTS: Final = "/wc/v3/products"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Read:
    """What one page holds so far, as :class:`ChangesPage` says it."""

    products: list[Product] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    families: dict[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads products of one shop.

    Attributes:
        rest: asks for variations.
        currency: of the prices.
        said: products that cannot be read, and were named in the log already.
    """

    rest: Rest
    currency: Currency
    said: set[str] = field(default_factory=set)

    def page(self, items: list[Json], read_at: datetime) -> ChangesPage:
        """Read a page of the list of products."""
        read = _Read()
        for item in items:
            with self._alone(item, read):
                self._read_item(item, read)
        changes = CatalogueChanges(tuple(read.products), tuple(read.removed), read_at)
        return ChangesPage(changes, numbers=frozenset(read.numbers), families=read.families)

    @contextmanager
    def _alone(self, item: Json, read: _Read) -> Iterator[None]:
        """Read one product within; one that cannot be read is named once, and keeps no other from the till."""
        try:
            with readable(item):
                yield
        except OddAnswerError as odd:
            if isinstance(item.get("id"), int):
                read.numbers.add(item["id"])  # not known to be gone: what the till has of it stays
            if str(odd) not in self.said:
                log.warning("%s It is left as it was.", odd)
                self.said.add(str(odd))

    def _read_item(self, item: Json, read: _Read) -> None:
        number = number_of(item)
        if item["type"] == "variable" and item["status"] in ("publish", "private"):
            read.removed.append(number)  # by itself it is nothing that can be sold; it once may have been
            self._read_variations(item, read)
        elif is_sold(item):
            read.families[number] = frozenset()
            read.products.append(read_product(item, self.currency))
            read.numbers.add(number)
        else:
            read.families[number] = frozenset()
            read.removed.extend((number, *map(whole, item.get("variations") or ())))

    def _read_variations(self, parent: Json, read: _Read) -> None:
        path = f"{PRODUCTS}/{number_of(parent)}/variations"
        family = _Read()
        try:
            for page in self.rest.pages(path, {"_fields": VARIATION_FIELDS, **BY_NUMBER}):
                for item in page.items:
                    with self._alone(item, family):
                        self._read_variation(item, parent, family)
        except RefusedError:
            return  # thrown away between the two questions: the next look says so
        read.products += family.products
        read.removed += family.removed
        read.numbers |= family.numbers
        read.families[number_of(parent)] = frozenset(family.numbers)

    def _read_variation(self, item: Json, parent: Json, family: _Read) -> None:
        if is_sold({"type": "variation", **item}):
            family.products.append(read_variation(item, parent, self.currency))
            family.numbers.add(number_of(item))
        else:
            family.removed.append(number_of(item))

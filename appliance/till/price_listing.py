"""The price list with the product numbers: read from the catalogue, and printed sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from appliance.domain.catalogue import Product
from appliance.receipts.price_list import PriceRow, PriceSection, sheets
from appliance.storage.catalogue import Catalogue
from appliance.storage.instants import to_text
from appliance.till.clock import Now
from appliance.till.printing import Printing

PRICE_LIST: Final = "price-list"
"""Kind of the print job."""
MOST_PRINTED: Final = 300
"""Six sheets, two metres. A shop with more prints what sells most here; ``till prices`` writes all of it."""
OTHER: Final = "Other"
_AT_ONCE: Final = 500


class PriceListing:
    """What can be sold by its number, by category."""

    def __init__(self, catalogue: Catalogue, printing: Printing | None, now: Now) -> None:
        """Use a connection of the calling thread; without printing it is only read."""
        self._catalogue, self._printing, self._now = catalogue, printing, now

    def sections(self, category: str = "") -> tuple[PriceSection, ...]:
        """All products that have a number, in the order of the categories; of one category if it is named."""
        return self._sorted(self._every(), category)

    def print(self) -> int:
        """Print the list, or what sells most where it is long; returns how many products stand on it.

        Each sheet is a job of its own, with its prices as they are now.
        """
        is_long = self._catalogue.count() > MOST_PRINTED
        products = self._catalogue.favourites(MOST_PRINTED) if is_long else list(self._every())
        made, at = sheets(self._sorted(products)), self._now()
        for number, sheet in enumerate(made, 1):
            body = {"kind": PRICE_LIST, "at": to_text(at), "number": number, "of": len(made)}
            if self._printing is not None:
                self._printing.report(body | {"sections": [_to_list(section) for section in sheet]})
        return sum(len(section.rows) for sheet in made for section in sheet)

    def _every(self) -> Iterator[Product]:
        offset = 0
        while products := self._catalogue.in_category(None, offset, _AT_ONCE):
            yield from products
            offset += _AT_ONCE

    def _sorted(
        self, products: Iterator[Product] | list[Product], category: str = ""
    ) -> tuple[PriceSection, ...]:
        now = self._now()
        known = self._catalogue.categories()
        rows: dict[str, list[PriceRow]] = {name: [] for name in (*(each.name for each in known), OTHER)}
        names = {each.category_id: each.name for each in known}
        for product in products:
            number = product.number
            if number is None:
                continue
            sku = product.sku if product.sku != str(number) else ""
            row = PriceRow(number, product.name, product.price_at(now), sku)
            home = next((name for key, name in names.items() if key in product.category_ids), OTHER)
            rows[home].append(row)
        wanted = category.casefold()
        return tuple(
            PriceSection(name, tuple(sorted(found, key=lambda row: (row.name.casefold(), row.number))))
            for name, found in rows.items()
            if found and wanted in ("", name.casefold())
        )


def sections_of(body: Mapping[str, Any]) -> tuple[PriceSection, ...]:
    """The sections on the sheet of a print job."""
    return tuple(PriceSection(name, tuple(PriceRow(*row) for row in rows)) for name, rows in body["sections"])


def _to_list(section: PriceSection) -> list[Any]:
    return [section.name, [[row.number, row.name, row.price_minor] for row in section.rows]]

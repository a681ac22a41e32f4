"""Finding a product without its barcode: tiles, categories, search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from appliance.domain.catalogue import Category, Product
from appliance.storage.catalogue import Catalogue

SHORTEST_SEARCH: Final = 2


@dataclass(frozen=True, slots=True)
class Page:
    """One screenful of tiles; ``page`` counts from 0."""

    products: tuple[Product, ...]
    page: int
    has_more: bool


class Finding:
    """Reads the catalogue for the screen; changes nothing."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def search(self, text: str, limit: int = 30) -> list[Product]:
        """Products whose name, stock keeping unit, number or category begins like the words; best first."""
        wanted = text.strip()
        return self._catalogue.search(wanted, limit) if len(wanted) >= SHORTEST_SEARCH else []

    def favourites(self, count: int) -> list[Product]:
        """What this till sold most of late, filled up with the newest products."""
        return self._catalogue.favourites(count)

    def categories(self) -> list[Category]:
        """The shop's categories in its own order."""
        return self._catalogue.categories()

    def in_category(self, category_id: int | None, page: int, size: int) -> Page:
        """One page of a category's products, or of all products for None."""
        found = self._catalogue.in_category(category_id, page * size, size + 1)
        return Page(tuple(found[:size]), page, len(found) > size)

    def number(self, number: int) -> Product | None:
        """The product with a short number, None without one."""
        return self._catalogue.find_number(number)

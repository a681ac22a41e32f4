"""What can be sold: products as the online shop describes them, and how many are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the online shop."""

    category_id: int
    name: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """A product, or one variation of it, as the online shop last described it.

    Attributes:
        product_id: the shop's number of the product; of the variation, for a variation.
        parent_id: the shop's number of the variable product that a variation belongs to.
        name: full name; a variation's holds its choices ("T-shirt, S").
        tile_name: what a tile shows; the name where the owner gave none.
        sku: the shop's stock keeping unit, "" without one.
        number: the short product number that is typed by hand (the trade's PLU), None without one.
        gtin: 14 digits, None without one.
        price_minor: price now, with or without tax as the shop keeps it.
        regular_price_minor: price when no sale is on.
        sale_price_minor: price within the window below, None without one.
        sale_from: start of the sale, None for open; sale_until: its end, None for open. The shop's own cron
            moves its current price only once a day, so the till decides by these.
        tax_class: slug, "standard" for the default.
        category_ids: the shop's numbers of its categories.
        manages_stock: False where the shop does not count it.
        on_hand: the shop's last count less what this till sold and the shop has not heard; None if not
            counted.
        parent_manages_stock: the count is kept on the parent and shared by its variations.
        backorders: True where the shop sells it below zero on purpose.
        reserved: pieces on sales that were set aside at this till.
        low_stock_amount: at so few the owner wants to know, None where the shop names no number for this product.
        barcode: what the owner typed as its GTIN, as it is; ``gtin`` is None where that is none.
        image_url: of its picture in the shop, "" without one.
    """

    product_id: int
    name: str
    price_minor: int
    parent_id: int | None = None
    tile_name: str = ""
    sku: str = ""
    number: int | None = None
    gtin: str | None = None
    regular_price_minor: int | None = None
    sale_price_minor: int | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    tax_class: str = "standard"
    category_ids: tuple[int, ...] = ()
    manages_stock: bool = False
    parent_manages_stock: bool = False
    on_hand: int | None = None
    backorders: bool = False
    reserved: int = 0
    low_stock_amount: int | None = None
    image_url: str = ""
    barcode: str = ""

    @property
    def available(self) -> int | None:
        """What can be sold now: on hand less what is reserved; None if it is not counted."""
        return None if self.on_hand is None else self.on_hand - self.reserved

    @property
    def stock_id(self) -> int:
        """The product whose count this one draws on: the parent's where the variations share it."""
        return self.parent_id if self.parent_manages_stock and self.parent_id else self.product_id

    def price_at(self, now: datetime) -> int:
        """The price at an instant (UTC), a scheduled sale included, in minor units."""
        if self.sale_price_minor is None or self.regular_price_minor is None:
            return self.price_minor
        started = self.sale_from is None or self.sale_from <= now
        over = self.sale_until is not None and self.sale_until < now
        return self.sale_price_minor if started and not over else self.regular_price_minor


@dataclass(frozen=True, slots=True)
class CatalogueChanges:
    """What changed in the online shop's catalogue.

    Attributes:
        products: as they are now; ``on_hand`` is the shop's own count, and ``number`` is left to the till.
        removed: the shop's numbers of products that can no longer be sold.
        read_at: when the reading of them began (UTC), None for now.
    """

    products: tuple[Product, ...] = ()
    removed: tuple[int, ...] = ()
    read_at: datetime | None = None

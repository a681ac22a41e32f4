"""The tiles: what sells most here, or a category's products page by page, or the categories themselves."""

from collections.abc import Callable, Sequence

from appliance.domain.catalogue import Category, Product
from appliance.till.finding import Finding
from appliance.ui.marks import Area, split
from appliance.ui.strings import Words
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.tile import Tile, TileText

FOLDER_SIDES = 8


class TilePage:
    """A grid of tiles, or of categories in the same places. Not a part itself: add its `parts`.

    Favourites keep their place for as long as they are favourites: a new one takes the place of one that
    went.
    """

    def __init__(
        self,
        look: Look,
        say: Words,
        area: Area,
        finding: Finding,
        text_of: Callable[[Product], TileText],
        on_product: Callable[[int], None],
        on_category: Callable[[], None],
    ) -> None:
        columns, rows = (4, 6) if look.is_large else (3, 4)
        cells = split(area, columns, rows)
        self._say, self._finding, self._text_of, self._chosen = say, finding, text_of, on_category
        self.tiles = [Tile(look, cell, on_product) for cell in cells]
        self.folders = [
            Key(look, cell, " ", self._chooser(at), icon="folder", size=look.sizes.tile_name)
            for at, cell in enumerate(cells)
        ]
        self.next_key = Key(look, cells[-1], " ", self._turn, icon="next")
        self._products: list[Product | None] = [None] * len(cells)
        self._categories: Sequence[Category] = ()
        self._category: Category | None = None
        self._page = 0
        self._has_more = False
        self.is_choosing = False
        self._is_shown, self._now = True, 0.0

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        return [*self.tiles, *self.folders, self.next_key]

    @property
    def category(self) -> str:
        """Name of the category that is shown, "" for the favourites."""
        return self._category.name if self._category is not None else ""

    def show(self, shown: bool, now: float) -> None:
        """Appear or go."""
        self._is_shown, self._now = shown, now
        self._arrange()

    def load(self) -> None:
        """Read the products again, in the places where they were."""
        if self._category is None:
            self._keep_places(self._finding.favourites(len(self.tiles)))
            self._has_more = False
        else:
            page = self._finding.in_category(self._category.category_id, self._page, len(self.tiles) - 1)
            self._has_more = page.has_more
            self._products = [*page.products, *[None] * (len(self.tiles) - len(page.products))]
        self.fill()

    def fill(self) -> None:
        """Say again what the tiles say: prices, and how many are left after this sale."""
        for tile, product in zip(self.tiles, self._products, strict=True):
            tile.fill(None if product is None else self._text_of(product))
        self._arrange()

    def choose(self, choosing: bool) -> None:
        """Show the categories in place of the tiles, or the tiles again."""
        self.is_choosing = choosing
        if choosing:
            self._categories = self._finding.categories()[: len(self.folders) - 1]
            names = [self._say("sell.favourites"), *(each.name for each in self._categories)]
            for at, key in enumerate(self.folders):
                name = names[at] if at < len(names) else ""
                size = self._folder_size(key, name)
                key.change(
                    text=key.look.fit(name, key.face, size.px, key.area.w - FOLDER_SIDES),
                    size=size,
                    name=name,
                    icon="" if not name else "folder" if at else "chart",
                    is_off=not name,
                )
        self._arrange()

    def _folder_size(self, key: Key, name: str) -> Type:
        """A tile name's, or a tile number's for a long name."""
        large, small = key.look.sizes.tile_name, key.look.sizes.tile_number
        is_long = key.look.width_of(name, key.face, large.px) > key.area.w - FOLDER_SIDES
        return small if is_long else large

    def _arrange(self) -> None:
        is_paged = self._category is not None and (self._has_more or self._page > 0)
        with_tiles = self._is_shown and not self.is_choosing
        for tile in self.tiles:
            tile.show(with_tiles, self._now)
        for folder in self.folders:
            folder.show(self._is_shown and self.is_choosing, self._now)
        if is_paged:
            self.tiles[-1].show(False, self._now)
        label = self._say("sell.next_tiles" if self._has_more else "sell.first_tiles")
        self.next_key.change(text=label, name=label, icon="next" if self._has_more else "back")
        self.next_key.show(with_tiles and is_paged, self._now)

    def _turn(self) -> None:
        self._page = self._page + 1 if self._has_more else 0
        self.load()

    def _chooser(self, at: int) -> Callable[[], None]:
        def choose() -> None:
            self._category = self._categories[at - 1] if 0 < at <= len(self._categories) else None
            self._page = 0
            self._products = [None] * len(self.tiles)
            self.choose(False)
            self.load()
            self._chosen()

        return choose

    def _keep_places(self, favourites: Sequence[Product]) -> None:
        fresh = {product.product_id: product for product in favourites}
        places = [fresh.pop(old.product_id, None) if old is not None else None for old in self._products]
        rest = iter(fresh.values())
        self._products = [kept if kept is not None else next(rest, None) for kept in places]

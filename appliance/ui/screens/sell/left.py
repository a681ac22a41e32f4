"""The left of the sell screen: tabs, then tiles, keys or what can be done, then + and - and More."""

from collections.abc import Callable

from appliance.domain.catalogue import Product
from appliance.domain.sale import SaleLine
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screens.sell.deeds import Deeds
from appliance.ui.screens.sell.keypad import LargeKeypad, SmallKeypad
from appliance.ui.screens.sell.more import OF_LINE, OF_SALE, MorePage
from appliance.ui.screens.sell.tiles import TilePage
from appliance.ui.screens.sell.wording import tile_text
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.tile import TileText

BESIDE_ICON = 24
ALWAYS_NOTED = ("note", "take_off", "hold", "customer", "return", "drawer")


class LeftBlock:
    """One block on the small panel, two on the large one. Not a part itself: add its `parts`."""

    def __init__(self, desk: Desk, deeds: Deeds) -> None:
        self._desk, self._look, self._say, self._deeds = desk, desk.look, desk.say, deeds
        sizes = self._look.sizes
        self.area = Area(sizes.margin, sizes.head, sizes.pad, sizes.body)
        tabs = self.area._replace(h=sizes.row - sizes.seam)
        top = sizes.head + sizes.row
        grid = self.area._replace(y=top, h=sizes.slab_top - sizes.seam - top)
        do = self._deeds_by_name()
        self.tabs = self._tab_keys(tabs)
        self.tiles = TilePage(
            self._look,
            self._say,
            grid,
            deeds.finding,
            self._tile_text,
            deeds.add_product,
            self._name_tiles_tab,
        )
        self.more = MorePage(self._look, self._say, tabs, grid, do)
        self.pad: SmallKeypad | LargeKeypad
        if self._look.is_large:
            self.pad_area = Area(self.area.right + sizes.margin, sizes.head, sizes.keys, sizes.body)
            self.pad = LargeKeypad(self._look, self._say, self.pad_area, deeds.press_digit, do)
        else:
            self.pad_area = self.area
            self.pad = SmallKeypad(self._look, self._say, grid, deeds.press_digit, deeds.multiply)
        self.base = self._base_keys()

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        return [*self.tabs, *self.tiles.parts, *self.more.parts, *self.pad.parts, *self.base]

    def begin(self) -> None:
        """The screen is shown again: the tiles, with what sells most now."""
        self.tiles.choose(False)
        self.tiles.load()

    def fill(self) -> None:
        """Show the chosen page, and what can be done now."""
        page, line, now = self._deeds.page, self._deeds.line, self._desk.seconds()
        if page == "more":
            self.more.fill(self._notes(line), self._useless(), has_line=line is not None)
        self.tiles.show(page == "tiles", now)
        self.tiles.fill()
        self.more.show(page == "more", now)
        if isinstance(self.pad, SmallKeypad):
            self.pad.show(page == "keys", now)
        else:
            self.pad.sink({*self._useless(), *(() if line is not None else ("price",))})
        for name, tab in self._named_tabs():
            tab.show(page != "more", now)
            tab.change(is_chosen=name == page)
        for key in self.base[:2]:
            key.change(is_off=line is None)
        self._fill_more_keys(page == "more", is_empty=line is None)
        self._name_tiles_tab()

    def _deeds_by_name(self) -> dict[str, Callable[[], None]]:
        deeds = self._deeds
        do: dict[str, Callable[[], None]] = {
            "how_many": deeds.ask_how_many,
            "price": deeds.ask_price,
            "look_up": self._look_up,
            "take_off": deeds.take_off,
            "hold": deeds.whole.hold,
            "return": lambda: self._desk.show("return", back="sell"),
            "take_all_off": deeds.whole.ask_take_all_off,
            "add": deeds.add_typed,
            "times": deeds.multiply,
        }
        if deeds.whole.drawer.works:
            do["drawer"] = deeds.whole.press_drawer
        return do

    def _tab_keys(self, area: Area) -> list[Key]:
        made: list[tuple[str, str, Callable[[], None] | None]] = [("tiles", "tiles", self._press_tiles)]
        if not self._look.is_large:
            made.append(("keys", "keys", lambda: self._deeds.turn("keys")))
        made.append(("search", "search", lambda: self._desk.show("search")))
        if self._look.is_large:
            made.append(("collect", "bag", None))
        return [
            Key(self._look, cell, self._say(f"sell.{name}"), do, icon=icon, beside=True, is_off=do is None)
            for (name, icon, do), cell in zip(made, split(area, len(made)), strict=True)
        ]

    def _base_keys(self) -> list[Key]:
        look, say, sizes, deeds = self._look, self._say, self._look.sizes, self._deeds
        cells = split(Area(self.area.x, sizes.slab_top, self.area.w, sizes.slab), 4 if look.is_large else 3)
        large = sizes.icon_large
        keys = [
            Key(look, cells[0], "", deeds.one_less, icon="minus", icon_px=large, name=say("sell.minus")),
            Key(look, cells[1], "", deeds.one_more, icon="plus", icon_px=large, name=say("sell.plus")),
        ]
        if look.is_large:
            keys.append(Key(look, cells[2], say("sell.line"), lambda: self._press_more(OF_LINE)))
            keys.append(Key(look, cells[3], say("sell.sale"), lambda: self._press_more(OF_SALE)))
        else:
            keys.append(Key(look, cells[2], say("sell.more"), lambda: self._press_more(self.more.tab)))
        return keys

    def _press_tiles(self) -> None:
        """The tab of the tiles; tapped again it shows the categories, and again the tiles."""
        self.tiles.choose(self._deeds.page == "tiles" and not self.tiles.is_choosing)
        self._deeds.turn("tiles")

    def _press_more(self, tab: int) -> None:
        """More, or Done in the same place."""
        if self._deeds.page == "more" and self.more.tab == tab:
            self._deeds.turn("tiles")
        else:
            self.more.tab = tab
            self._deeds.turn("more")

    def _look_up(self) -> None:
        if (line := self._deeds.line) is not None:
            self._desk.show("search", text=line.name)

    def _named_tabs(self) -> list[tuple[str, Key]]:
        names = ("tiles", "search", "collect") if self._look.is_large else ("tiles", "keys", "search")
        return list(zip(names, self.tabs, strict=True))

    def _name_tiles_tab(self) -> None:
        """The first tab has the name of the category that its tiles show."""
        key, name = self.tabs[0], self.tiles.category
        room = key.area.w - self._look.sizes.icon - BESIDE_ICON
        text = self._look.fit(name, key.face, self._look.sizes.label.px, room) or self._say("sell.tiles")
        key.change(text=text, icon="folder" if name else "tiles", name=name or text)

    def _fill_more_keys(self, is_open: bool, *, is_empty: bool) -> None:
        names = (("line", "note"), ("sale", "more")) if self._look.is_large else (("more", "more"),)
        for tab, (key, (name, icon)) in enumerate(zip(self.base[2:], names, strict=True)):
            closes = is_open and (not self._look.is_large or self.more.tab == tab)
            text = self._say("sell.done" if closes else f"sell.{name}")
            key.change(
                text=text, name=text, icon="check" if closes else icon, is_off=name == "line" and is_empty
            )

    def _useless(self) -> set[str]:
        """What there is nothing to be done with now."""
        whole = self._deeds.whole
        can = {"take_all_off": whole.can_be_dropped, "hold": whole.is_open or whole.held > 0}
        return {name for name, possible in can.items() if not possible}

    def _notes(self, line: SaleLine | None) -> dict[str, str]:
        say, held = self._say, self._deeds.whole.held
        notes = {name: say(f"more.{name}_note") for name in ALWAYS_NOTED}
        if held:
            notes["hold"] = say.count("menu.held", held)
        if line is None:
            return notes
        product = self._deeds.finding.number(line.number) if line.number is not None else None
        left = self._deeds.selling.left(product) if product is not None else None
        counted = say("more.look_up_uncounted") if left is None else say("more.look_up_note", count=left)
        return notes | {
            "price": say("more.price_note", price=self._deeds.currency.amount(line.unit_price_minor)),
            "how_many": say("more.how_many_note", count=line.quantity),
            "look_up": counted,
        }

    def _tile_text(self, product: Product) -> TileText:
        selling = self._deeds.selling
        return tile_text(
            product, selling.unit_price(product), selling.left(product), self._deeds.currency, self._say
        )

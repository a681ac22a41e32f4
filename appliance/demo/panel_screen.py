"""The panel of devices: the shelf, what can go wrong, the paper and the drawer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

from appliance.demo.goods import Good
from appliance.demo.panel_devices import Reading
from appliance.demo.panel_drawer import STEPS, Drawer
from appliance.demo.panel_paper import Paper
from appliance.demo.panel_parts import Head
from appliance.demo.panel_shelf import SHELVES, ShelfTile, on_label, on_shelf
from appliance.demo.panel_switches import Acting, Switches
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.widgets.band import GAP, Band
from appliance.ui.widgets.header import Header, HeaderText
from appliance.ui.widgets.key import Key

UNKNOWN_CODE: Final = "5901234123457"
SHOPPER: Final = "Niamh Byrne"
WIDTHS: Final = (514, 276, 450)
"""Of the three blocks; with the margins between them the whole width."""

OPEN_SECONDS: Final = 2.0
STEP_SECONDS: Final = 0.05
SAID_SECONDS: Final = 6.0
NOTE_LINES: Final = 3
SCAN_HINT: Final = "A click scans it at the till"
BUY_HINT: Final = "A click buys it online"


class Hands(Acting, Protocol):
    """Does what may take a while somewhere else, and comes back to the UI thread."""

    def buy(self, good: Good, name: str, then: Callable[..., None]) -> None:
        """Buy on the shop's page; ``then`` gets the kind of band and the words."""


class PanelScreen(Screen):
    """All devices of the till on one page."""

    def __init__(self, desk: Desk, hands: Hands, shop_address: str) -> None:
        super().__init__(desk)
        self._hands = hands
        self._is_buying = False
        self._reading: Reading | None = None
        self._forget: Callable[[], object] | None = None
        self._shut: Callable[[], object] | None = None
        sizes = self.look.sizes
        self.add_header(Header(self.look, brand="Behind the counter"))
        lefts = (sizes.margin, 2 * sizes.margin + WIDTHS[0], 3 * sizes.margin + WIDTHS[0] + WIDTHS[1])
        blocks = [Area(left, sizes.head, wide, sizes.body) for left, wide in zip(lefts, WIDTHS, strict=True)]
        self._build_shelf(blocks[0])
        self._switches = Switches(
            self.look, blocks[1], hands, self._turn_buying, shop_address, tell=self.tell, seconds=desk.seconds
        )
        self.add_all(self._switches.parts)
        self._build_printer(blocks[2])
        self.round_off(*blocks)
        self._lay_out(next(iter(SHELVES)))

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """The panel has no scanner of its own."""

    def fill(self, reading: Reading) -> None:
        """Show how everything is now."""
        before, self._reading = self._reading, reading
        self._switches.fill(reading)
        self.paper.fill(reading.slips, reading.made, has_paper=reading.has_paper)
        self._fill_pages()
        if before is not None and reading.kicks > before.kicks:
            self._pop_open()
        self.drawer.change(kicks=reading.kicks)
        self.desk.set_header(_header(reading))

    def tell(self, kind: str, title: str, *notes: str) -> None:
        """Say for a few seconds what came of a click."""
        if self._forget is not None:
            self._forget()
        lines = tuple(line for note in notes if note for line in self._wrapped(note))
        self.said.change(kind=kind, icon="stop" if kind == "stop" else "", title=title, notes=lines)
        self.said.show(True, self.desk.seconds())
        self._forget = self.desk.after(SAID_SECONDS, lambda: self.said.show(False, self.desk.seconds()))

    def _wrapped(self, note: str) -> tuple[str, ...]:
        """A note on as many lines of the band as it needs."""
        sizes = self.look.sizes
        room = self.said.area.w - 2 * sizes.inner - sizes.icon_large - GAP
        lines = [""]
        for each in note.split():
            longer = f"{lines[-1]} {each}".strip()
            if self.look.width_of(longer, "Medium", sizes.note.px) <= room:
                lines[-1] = longer
            else:
                lines.append(each)
        return tuple(lines[:NOTE_LINES])

    # the shelf

    def _build_shelf(self, block: Area) -> None:
        sizes = self.look.sizes
        tabs = split(Area(block.x, block.y, block.w, sizes.row - 2), len(SHELVES))
        self._tabs = [
            self.add(Key(self.look, cell, name, partial(self._lay_out, name)))
            for cell, name in zip(tabs, SHELVES, strict=True)
        ]
        grid = Area(block.x, block.y + sizes.row, block.w, 6 * sizes.tile - 2)
        self._tiles = [self.add(ShelfTile(self.look, cell, self._take)) for cell in split(grid, 3, 6)]
        foot = Area(block.x, sizes.slab_top, block.w, sizes.slab)
        code, said = split(foot, (self._tiles[0].area.w, block.w - self._tiles[0].area.w - 2))
        self.add(Key(self.look, code, "Unknown code", self._scan_unknown, icon="unknown", note=UNKNOWN_CODE))
        self._hint = self.add(Head(self.look, said, ""))
        self.said = self.add(Band(self.look, said, "calm"))
        self.said.show(False, 0)

    def _lay_out(self, shelf: str) -> None:
        goods: list[Good | None] = [*on_shelf(shelf)]
        goods += [None] * (len(self._tiles) - len(goods))
        for tile, good in zip(self._tiles, goods, strict=True):
            tile.fill(good)
        for tab in self._tabs:
            tab.change(is_chosen=tab.text == shelf)
        self._set_buying(self._is_buying)

    def _take(self, good: Good) -> None:
        if self._is_buying:
            self._set_buying(False)
            self.tell("calm", "On the shop's page", *on_label(good))
            self._hands.buy(good, SHOPPER, self.tell)
            return
        if self._scan(good.gtin):
            what, which = on_label(good)
            self.tell("done", what, which, f"scanned {good.gtin}")

    def _scan_unknown(self) -> None:
        if self._scan(UNKNOWN_CODE):
            self.tell("done", "Nobody knows this", f"scanned {UNKNOWN_CODE}")

    def _scan(self, code: str) -> bool:
        if self._reading is not None and not self._reading.has_scanner:
            self.tell("stop", "Scanner unplugged", "Nothing was scanned.")
            return False
        self._hands.devices(lambda devices: devices.scan(code))
        return True

    # buying on the shop's page

    def _turn_buying(self) -> None:
        self.said.show(False, self.desk.seconds())
        self._set_buying(not self._is_buying)

    def _set_buying(self, is_buying: bool) -> None:
        self._is_buying = is_buying
        self._switches.is_buying = is_buying
        self._hint.change(title=BUY_HINT if is_buying else SCAN_HINT)
        for tile in self._tiles:
            tile.change(is_for_sale_online=is_buying)

    # the printer and the drawer

    def _build_printer(self, block: Area) -> None:
        sizes, key = self.look.sizes, self.look.sizes.row - 2
        head, up, down = split(Area(block.x, block.y, block.w, key), (block.w - 2 * key - 4, key, key))
        self._count = self.add(Head(self.look, head, "Receipt printer"))
        self._up = self.add(
            Key(self.look, up, "", lambda: self._page(True), icon="up", name="older paper", is_off=True)
        )
        self._next = self.add(
            Key(self.look, down, "", lambda: self._page(False), icon="down", name="newer paper", is_off=True)
        )
        view = Area(block.x, block.y + sizes.row, block.w, 6 * sizes.tile - 2)
        self.paper = self.add(Paper(self.look, view, self.desk.after))
        self.drawer = self.add(Drawer(self.look, Area(block.x, sizes.slab_top, block.w, sizes.slab)))

    def _page(self, up: bool) -> None:
        self.paper.page(up)
        self._fill_pages()

    def _fill_pages(self) -> None:
        made = self._reading.made if self._reading is not None else 0
        self._up.change(is_off=not self.paper.above)
        self._next.change(is_off=not self.paper.below)
        self._count.change(aside="1 receipt" if made == 1 else f"{made} receipts" if made else "")

    def _pop_open(self) -> None:
        if self._shut is not None:
            self._shut()
        for at, out in enumerate(STEPS):
            self.desk.after(at * STEP_SECONDS, partial(self.drawer.change, out=out))
        self._shut = self.desk.after(OPEN_SECONDS, lambda: self.drawer.change(out=0))


def _header(now: Reading) -> HeaderText:
    clock = datetime.now(UTC).astimezone().strftime("%H:%M")
    waits = {0: "", 1: "1 sale waits"}.get(now.waiting, f"{now.waiting} sales wait")
    network = {"up": "Network up", "refuse": "Network down"}.get(now.mode, "Strange network")
    words = " · ".join(each for each in (network, waits) if each)
    if now.parked:
        parked = "1 sale needs a person" if now.parked == 1 else f"{now.parked} sales need a person"
        return HeaderText(state="needs_you", words=f"{words} · {parked}", clock=clock)
    return HeaderText(state="online" if now.mode == "up" else "offline", words=words, clock=clock)

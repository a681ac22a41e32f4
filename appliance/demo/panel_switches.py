"""The middle of the panel: what can go wrong, and the online shop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from appliance.demo.panel_devices import Devices, Reading
from appliance.demo.panel_faults import Faults, Tell, note_of
from appliance.demo.panel_parts import Head, Switch
from appliance.ui.marks import Area, split
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part


class Acting(Protocol):
    """Does to the devices what may take a while, somewhere else."""

    def devices(self, do: Callable[[Devices], None]) -> None:
        """Act on the devices; then they are read again."""

    def open_page(self) -> None:
        """Show the shop's page in a browser."""


class Switches:
    """The parts of the middle block. They show what is, not what was clicked: the day may turn them too."""

    def __init__(
        self,
        look: Look,
        block: Area,
        acting: Acting,
        on_buy: Callable[[], None],
        shop_address: str,
        *,
        tell: Tell,
        seconds: Callable[[], float],
    ) -> None:
        self._acting, self._seconds = acting, seconds
        self._mode = "up"
        sizes = look.sizes
        cells = split(Area(block.x, block.y + sizes.row, block.w, 6 * sizes.tile - 2), 1, 6)
        foot = Area(block.x, sizes.slab_top, block.w, sizes.slab)
        self.down = Switch(look, cells[0], "Network down", self._turn_network, icon="nowifi")
        self.odd = Switch(look, cells[1], "Strange network", partial(self._turn_page, True), icon="damaged")
        self.empty = Switch(look, cells[2], "Paper out", self._turn_paper, icon="receipt")
        self.scanner = Switch(look, cells[3], "Scanner unplugged", self._turn_scanner, icon="scanner")
        self.printer = Switch(look, cells[4], "Printer unplugged", self._turn_printer, icon="printer")
        self._shop = Switch(
            look, cells[5], "Open the shop", acting.open_page, icon="globe", note=shop_address
        )
        self._buy = Switch(look, foot, "Buy one online", on_buy, icon="bag")
        self.down.lit = self.odd.lit = "sky"
        self._buy.lit = "ivory"
        self._head = Head(look, Area(block.x, block.y, block.w, sizes.row - 2), "What can go wrong")
        devices: list[Part] = [self.down, self.odd, self.empty, self.scanner, self.printer]
        self._first_page: list[Part] = [self._head, *devices, self._shop, self._buy]
        self.faults = Faults(look, block, self._set_network, partial(self._turn_page, False), tell)

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        return [*self._first_page, *self.faults.parts]

    @property
    def is_buying(self) -> bool:
        """Whether the next click on the shelf buys on the shop's page."""
        return self._buy.is_chosen

    @is_buying.setter
    def is_buying(self, is_buying: bool) -> None:
        note = "now click it on the shelf" if is_buying else "on the shop's page"
        self._buy.change(is_chosen=is_buying, note=note)

    def fill(self, now: Reading) -> None:
        """Show how everything is."""
        self._mode = now.mode
        is_down = now.mode == "refuse"
        self.down.change(is_chosen=is_down, note="sales wait at the till" if is_down else "it is up")
        self.odd.change(is_chosen=now.mode not in ("up", "refuse"), note=note_of(now.mode))
        self.faults.fill(now.mode)
        self.empty.change(
            is_chosen=not now.has_paper, note="paper is in" if now.has_paper else "the roll is empty"
        )
        for switch, is_in in ((self.scanner, now.has_scanner), (self.printer, now.has_printer)):
            switch.change(is_chosen=not is_in, note="it is plugged in" if is_in else "its cable is out")

    def _turn_network(self) -> None:
        self._set_network("up" if self._mode == "refuse" else "refuse")

    def _turn_page(self, is_second: bool) -> None:
        now = self._seconds()
        for part in self._first_page:
            part.show(not is_second, now)
        self.faults.show(is_second, now)

    def _set_network(self, mode: str) -> None:
        self._acting.devices(lambda devices: devices.set_network(mode))

    def _turn_paper(self) -> None:
        is_in = self.empty.is_chosen
        self._acting.devices(lambda devices: devices.put_paper(is_in))

    def _turn_scanner(self) -> None:
        is_in = self.scanner.is_chosen
        self._acting.devices(lambda devices: devices.plug_scanner(is_in))

    def _turn_printer(self) -> None:
        is_in = self.printer.is_chosen
        self._acting.devices(lambda devices: devices.plug_printer(is_in))

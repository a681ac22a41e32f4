"""The panel's second page of what can go wrong: each way in which the network to the shop can fail, by groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from appliance.demo.network_faults import GROUPS, KINDS
from appliance.demo.panel_parts import Switch
from appliance.ui.marks import Area, split
from appliance.ui.theme import Look
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part

ICONS: Final = ("nowifi", "globe", "unknown", "damaged", "clock", "warn", "swap")
ANY: Final = "Any of them"
BACK: Final = "back to what can go wrong"

Tell = Callable[..., None]
"""Says what came of a click: the kind of band, a title, notes."""


class Faults:
    """A switch for each group; a click on it goes to the next kind of the group, and after the last the network is up.

    Args:
        look, block: the look, and where the page lies.
        set_network: sets how the network fails.
        on_back: leads back.
        tell: says what the chosen kind is like.
    """

    def __init__(
        self,
        look: Look,
        block: Area,
        set_network: Callable[[str], None],
        on_back: Callable[[], None],
        tell: Tell,
    ) -> None:
        self._set_network, self._tell = set_network, tell
        self._mode, self._asked = "up", ""
        sizes = look.sizes
        key = sizes.row - 2
        back, any_ = split(Area(block.x, block.y, block.w, key), (key, block.w - key - 2))
        self._back = Key(look, back, "", on_back, icon="back", name=BACK)
        self._any = Key(look, any_, ANY, self._turn_any)
        cells = split(Area(block.x, block.y + sizes.row, block.w, 6 * sizes.tile - 2), 1, 6)
        foot = Area(block.x, sizes.slab_top, block.w, sizes.slab)
        self._switches = {
            group: Switch(look, cell, group, partial(self._next_of, group), icon=icon)
            for group, cell, icon in zip(GROUPS, [*cells, foot], ICONS, strict=True)
        }
        for switch in self._switches.values():
            switch.lit = "sky"
        self.show(False, 0)

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        return [self._back, self._any, *self._switches.values()]

    def show(self, is_shown: bool, now: float) -> None:
        """Appear or go."""
        for part in self.parts:
            part.show(is_shown, now)

    def fill(self, mode: str) -> None:
        """Show how the network is."""
        if self._asked in ("", mode):  # else the devices were read before they did what was clicked last
            self._mode, self._asked = mode, ""
        self._any.change(is_chosen=mode == "any")
        for group, switch in self._switches.items():
            chosen = next((kind for kind in GROUPS[group] if kind.name == mode), None)
            switch.change(
                is_chosen=chosen is not None, note=chosen.note if chosen else f"{len(GROUPS[group])} kinds"
            )

    def _next_of(self, group: str) -> None:
        names = [kind.name for kind in GROUPS[group]]
        at = names.index(self._mode) + 1 if self._mode in names else 0
        self._choose(names[at] if at < len(names) else "up")

    def _turn_any(self) -> None:
        self._choose("up" if self._mode == "any" else "any")

    def _choose(self, mode: str) -> None:
        self._mode = self._asked = mode
        if mode in KINDS:
            self._tell("calm", KINDS[mode].note.capitalize(), KINDS[mode].words)
        self._set_network(mode)


def note_of(mode: str) -> str:
    """How the network is, in a few words."""
    if mode == "any":
        return "any of them, 4 in 10"
    return KINDS[mode].note if mode in KINDS and mode != "refuse" else "answers as it should"

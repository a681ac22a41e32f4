"""The pad for numbers: a column of its own on the large panel, in place of the tiles on the small one."""

from collections.abc import Callable, Collection, Mapping

from appliance.ui.marks import Area, split
from appliance.ui.strings import Words
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.pad import PAD, number_pad
from appliance.ui.widgets.part import Part

TIMES = "times"
SMALL_PAD = tuple("" if key == "00" else key for key in PAD)
"""The small panel has no room for keys of their own: "Times" takes the place of "00"."""
FUNCTIONS = (
    ("times", "close"),
    ("price", "note"),
    ("discount", "percent"),
    ("hold", "hold"),
    ("customer", "user"),
    ("drawer", "drawer"),
)
SMALL_LABEL = 16


class SmallKeypad:
    """Twelve keys in place of the tiles. What is typed stands over the lit key, which adds it."""

    def __init__(
        self, look: Look, say: Words, area: Area, on_key: Callable[[str], None], on_times: Callable[[], None]
    ) -> None:
        keys = number_pad(look, area, on_key, SMALL_PAD)
        at = SMALL_PAD.index("")
        keys[at] = Key(look, keys[at].area, say("sell.times"), on_times, icon="close")
        self.parts: list[Part] = list(keys)

    def show(self, shown: bool, now: float) -> None:
        """Appear or go."""
        for part in self.parts:
            part.show(shown, now)


class LargeKeypad:
    """A column: the field, twelve keys, six functions, and Add."""

    def __init__(
        self,
        look: Look,
        say: Words,
        area: Area,
        on_key: Callable[[str], None],
        do: Mapping[str, Callable[[], None]],
    ) -> None:
        """`do` has "add" and the functions by name; one that is missing is sunk."""
        sizes = look.sizes
        self._say = say
        self.field = Field(look, area._replace(h=sizes.row - sizes.seam), label=say("sell.number"))
        pad = Area(area.x, area.y + sizes.row, area.w, 4 * sizes.tile - sizes.seam)
        functions = Area(area.x, pad.bottom + sizes.seam, area.w, 2 * sizes.tile - sizes.seam)
        self.add = Key(
            look,
            Area(area.x, sizes.slab_top, area.w, sizes.slab),
            say("sell.add"),
            do["add"],
            icon="enter",
            beside=True,
            size=Type(sizes.title, sizes.label.line),
        )
        small = Type(SMALL_LABEL, sizes.label.line)
        self.keys = {
            name: Key(
                look, cell, say(f"sell.{name}"), do.get(name), icon=icon, size=small, is_off=name not in do
            )
            for (name, icon), cell in zip(FUNCTIONS, split(functions, 3, 2), strict=True)
        }
        pad_keys = number_pad(look, pad, on_key)
        self.parts: list[Part] = [self.field, *pad_keys, *self.keys.values(), self.add]

    def sink(self, useless: Collection[str]) -> None:
        """Sink the functions that there is nothing to do for now, and those of later versions."""
        for name, key in self.keys.items():
            key.change(is_off=key.on_tap is None or name in useless)

    def fill(self, verb: str, *, can_add: bool) -> None:
        """Say what Add will do; without digits it can do nothing."""
        self.add.change(text=verb, name=verb, is_off=not can_add)

"""What can be done to the chosen line, or to the whole sale: six keys in place of the tiles.

A key whose work comes with a later version stands in its place, sunk.
"""

from collections.abc import Callable, Collection, Mapping

from appliance.ui.marks import Area, split
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part

LINE_KEYS = (
    ("price", "coins"),
    ("discount", "percent"),
    ("note", "note"),
    ("how_many", "keys"),
    ("look_up", "search"),
    ("take_off", "bin"),
)
SALE_KEYS = (
    ("hold", "hold"),
    ("customer", "user"),
    ("discount", "percent"),
    ("return", "return"),
    ("drawer", "drawer"),
    ("take_all_off", "bin"),
)
OF_LINE, OF_SALE = 0, 1


class MorePage:
    """Two tabs of six keys. Not a part itself: add its `parts`."""

    def __init__(
        self, look: Look, say: Words, tabs: Area, grid: Area, do: Mapping[str, Callable[[], None]]
    ) -> None:
        """`do` has what each key does by its name; a name that is missing is sunk."""
        self._say, self._do = say, do
        self.tab = OF_LINE
        line, sale = split(tabs, 2)
        self.tabs = [
            Key(look, line, say("more.this_line"), lambda: self.turn(OF_LINE), icon="note", beside=True),
            Key(look, sale, say("more.this_sale"), lambda: self.turn(OF_SALE), icon="receipt", beside=True),
        ]
        self.keys = [Key(look, cell, " ", self._doer(at)) for at, cell in enumerate(split(grid, 2, 3))]
        self._notes: Mapping[str, str] = {}
        self._useless: Collection[str] = ()
        self._has_line = False

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        return [*self.tabs, *self.keys]

    def show(self, shown: bool, now: float) -> None:
        """Appear or go."""
        for part in self.parts:
            part.show(shown, now)

    def fill(self, notes: Mapping[str, str], useless: Collection[str], *, has_line: bool) -> None:
        """Say what the keys' second lines say now, and which have no use; without a line only the sale's keys have."""
        self._notes, self._useless, self._has_line = notes, useless, has_line
        self.turn(self.tab if has_line else OF_SALE)

    def turn(self, tab: int) -> None:
        """Show the keys for the line, or for the sale."""
        self.tab = tab
        self.tabs[OF_LINE].change(is_off=not self._has_line)
        for at, key in enumerate(self.tabs):
            key.change(is_chosen=at == tab)
        for key, (name, icon) in zip(self.keys, SALE_KEYS if tab else LINE_KEYS, strict=True):
            label = self._say(f"more.{name}")
            key.change(
                text=label,
                name=label,
                icon=icon,
                note=self._notes.get(name, ""),
                is_off=name not in self._do or name in self._useless,
            )

    def _doer(self, at: int) -> Callable[[], None]:
        def do() -> None:
            name = (SALE_KEYS if self.tab else LINE_KEYS)[at][0]
            self._do[name]()

        return do

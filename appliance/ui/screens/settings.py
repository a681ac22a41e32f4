"""The page for mistakes in the settings: each with its line on the left, what to do on the right."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.till.mistakes import STEPS, Mistakes
from appliance.ui.desk import Desk
from appliance.ui.marks import Mark
from appliance.ui.screens.announcement import BETWEEN, Announcement
from appliance.ui.widgets.sentence import wrap


@dataclass(frozen=True, slots=True)
class SettingsKeys:
    """What the keys do.

    Attributes:
        go_on: sells with what there is.
        again: looks at the settings once more.
        off: switches the till off.
        by_touch: types the settings on the screen instead; None where that is not possible.
    """

    go_on: Callable[[], None]
    again: Callable[[], None]
    off: Callable[[], None]
    by_touch: Callable[[], None] | None = None


class SettingsScreen(Announcement):
    """The mistakes. The lit key sells on where that is possible, and else switches off: the card must come out."""

    def __init__(self, desk: Desk, keys: SettingsKeys, mistakes: Mistakes) -> None:
        sells = mistakes.can_sell
        again = ("swap", desk.say("settings.again"), keys.again)
        off = ("power", desk.say("settings.off"), keys.off)
        touch = [] if keys.by_touch is None else [("keys", desk.say("settings.by_touch"), keys.by_touch)]
        super().__init__(desk, (*touch, again, off) if sells else (*touch, again))
        self._do = keys.go_on if sells else keys.off
        self._mistakes = mistakes

    def enter(self, **why: object) -> None:
        """Show them."""
        self.kind = "note" if self._mistakes.can_sell else "stop"
        self.title = self._mistakes.title
        self.told = (self._mistakes.happened, *self._mistakes.sentences)
        self.steps = STEPS
        if self._mistakes.can_sell:
            self.lit.change(verb=self.say("settings.go_on"), icon="next")
        else:
            self.lit.change(verb=self.say("settings.off"), icon="power")
        self.fill_in()

    def go_on(self) -> None:
        """The lit key."""
        self._do()

    def _draw_told(self) -> list[Mark]:
        """As many as there is room for; the last row says how many more there are."""
        shown = len(self.told)
        while shown > 2 and self._height(self._rows(shown)) > self.happened.area.h - BETWEEN:
            shown -= 1
        return self._listed(self.happened.area, [("", each) for each in self._rows(shown)])

    def _rows(self, shown: int) -> tuple[str, ...]:
        left = len(self.told) - shown
        more = (self.say.count("settings.more", left),) if left else ()
        return (*self.told[:shown], *more)

    def _height(self, rows: tuple[str, ...]) -> float:
        look, sizes = self.look, self.look.sizes
        room = self.happened.area.w - 2 * sizes.inner
        return sum(
            len(wrap(look, each, "Medium", sizes.text, room)) * sizes.text.line + BETWEEN for each in rows
        )

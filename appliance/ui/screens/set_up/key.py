"""The shop's key: a code leads its owner to the right page, and the till's scanner reads what is shown there."""

from appliance.till.questions import KEY
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.screens.set_up.walk import StepPage, Walk
from appliance.ui.widgets.code import Code
from appliance.ui.widgets.heading import Heading
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.sentence import wrap

HOW = ("key_scan", "key_make", "key_show")
BETWEEN = 8
BESIDE_ICON = 10
SHOWN = 7
"""So many letters of the key's end are shown, as the shop's own list does."""


class KeyPage(StepPage):
    """Left the code, right what to do with it; a scan of the key ends it.

    Where no scanner is known it says so: one of an unknown maker would be waited for in vain.
    """

    step = "key"

    def __init__(self, desk: Desk, walk: Walk) -> None:
        super().__init__(desk, walk)
        look, sizes = self.look, self.look.sizes
        left, right = two_columns(sizes)
        self.add(Heading(look, top_row(left, sizes), self.say("set_up.key_code")))
        self.code = self.add(Code(look, between(left, sizes, 1)))
        self.add(
            Key(look, foot(left, sizes), self.say("set_up.key_type"), self._type, icon="keys", beside=True)
        )
        room = between(right, sizes)
        band = sizes.row - sizes.seam
        self.how = self.add(Drawing(look, room._replace(h=room.h - sizes.row), self._draw_how))
        self.state = self.add(Drawing(look, Area(room.x, room.bottom - band, room.w, band), self._draw_state))
        self.lit = self.add(
            LitKey(look, foot(right, sizes), self.say("set_up.next"), self.go_on, icon="next")
        )
        self.add_notice(right)
        self.round_off(left, right)

    def enter(self, **why: object) -> None:
        """Shown, also again after the key was read."""
        self.notice.change(is_shown=False)
        self.code.change(text=self.setting_up.key_page)
        self.lit.change(is_lit=self.setting_up.has_key)
        self.state.change(is_stale=True)
        wrong = self.setting_up.wrong((KEY,)) if self.setting_up.value(KEY) else {}
        for sentence in wrong.values():
            self.complain(sentence)

    def refresh(self) -> None:
        """A scanner may have been plugged in."""
        self.state.change(is_stale=True)

    def words(self) -> list[str]:
        """The sentences whole."""
        return [*super().words(), *(self.say(f"set_up.{each}") for each in HOW)]

    def _type(self) -> None:
        self.walk.go(self.desk, "typed-key")

    def _draw_how(self) -> list[Mark]:
        area, sizes, size = self.how.area, self.look.sizes, self.look.sizes.text
        marks: list[Mark] = [Box(area, "panel")]
        y = float(area.y + sizes.inner)
        x = area.x + sizes.inner + size.line
        for at, name in enumerate(HOW):
            marks.append(word(f"{at + 1}", area.x + sizes.inner, y, "SemiBold", size, "sand"))
            for line in wrap(
                self.look, self.say(f"set_up.{name}"), "Medium", size, area.right - sizes.inner - x
            ):
                marks.append(word(line, x, y, "Medium", size))
                y += size.line
            y += BETWEEN
        return marks

    def _draw_state(self) -> list[Mark]:
        area, sizes, setting_up = self.state.area, self.look.sizes, self.setting_up
        waits = "key_waits" if self.walk.hands.has_scanner() else "key_no_scanner"
        bed, ink, sign, text = "panel", "sand", "scanner", self.say(f"set_up.{waits}")
        if setting_up.has_key:
            end = setting_up.value(KEY)[-SHOWN:]
            text = self.say("set_up.key_there", end=end) if end else self.say("set_up.key_kept")
            bed, ink, sign = "leaf-bed", "leaf", "check"
        x = area.x + sizes.inner + sizes.icon + BESIDE_ICON
        text = self.look.fit(text, "SemiBold", sizes.text.px, area.right - sizes.inner - x)
        return [
            Box(area, bed),
            Icon(area.x + sizes.inner, middle(area, sizes.icon), sign, sizes.icon, ink),
            word(text, x, middle(area, sizes.text.line), "SemiBold", sizes.text),
        ]

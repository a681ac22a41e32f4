"""The receipt printer: which of those that are plugged in, how wide its paper is, and a slip to see that it prints."""

from collections.abc import Sequence

from appliance.receipts.trial_slip import TEXT
from appliance.till.questions import PRINTER, WIDTH
from appliance.till.setting_up import FoundPrinter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.screens.set_up.walk import StepPage, Walk
from appliance.ui.widgets.heading import Heading
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.points import Point, Points

WIDTHS = ("576", "384")


class PrinterPage(StepPage):
    """Left the printers and their paper, right what to know; it looks again each second."""

    step = "printer"

    def __init__(self, desk: Desk, walk: Walk) -> None:
        super().__init__(desk, walk)
        look, sizes = self.look, self.look.sizes
        left, right = two_columns(sizes, wide_first=True)
        self._found: Sequence[FoundPrinter] = ()
        self._said, self._is_printing = "", False
        self.heading = self.add(Heading(look, top_row(left, sizes), self.say("set_up.printers")))
        room = between(left, sizes, 1)
        rows = room.h // sizes.row - 1
        self.list = LineList(look, room._replace(h=room.h - sizes.row), rows, self._choose)
        self.add_all(self.list.parts)
        paper = room._replace(y=room.bottom - sizes.row + sizes.seam, h=sizes.row - sizes.seam)
        cells = split(paper, 2)
        self.widths = [self.add(self._width_key(*each)) for each in zip(WIDTHS, cells, strict=True)]
        self.test = self.add(
            Key(look, foot(left, sizes), self.say("set_up.test"), self._test, icon="printer", beside=True)
        )
        self.points = self.add(Points(look, between(right, sizes)))
        self.lit = self.add(
            LitKey(look, foot(right, sizes), self.say("set_up.next"), self.go_on, icon="next")
        )
        self.add_notice(left)
        self.round_off(left, right)

    def _width_key(self, dots: str, cell: Area) -> Key:
        return Key(self.look, cell, self.say(f"set_up.paper_{dots}"), lambda: self._take_width(dots))

    def enter(self, **why: object) -> None:
        """Shown."""
        self._said, self._is_printing = "", False
        self.notice.change(is_shown=False)
        self.refresh()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """The slip's own code says that the scanner reads; whether it came out is seen from that too."""
        if text.strip() != TEXT:
            super().on_barcode(text, symbology)
            return
        self._said = self.say("set_up.was_read")
        self.desk.play("scanned")
        self._fill()

    def refresh(self) -> None:
        """Show what is plugged in now."""
        self._found = self.walk.hands.printers()
        self._fill()

    def _choose(self, key: int) -> None:
        """The only one is taken as it comes, so that another one of its kind can take its place."""
        self.setting_up.put(PRINTER, self._found[key].match if len(self._found) > 1 else "")
        self._fill()

    def _take_width(self, dots: str) -> None:
        self.setting_up.put(WIDTH, dots)
        self._fill()

    def _test(self) -> None:
        self._said, self._is_printing = "", True
        self._fill()
        self.walk.hands.test_print(self._printed)

    def _printed(self, refusal: str) -> None:
        self._is_printing = False
        self._said = "" if refusal else self.say("set_up.came_out")
        if refusal:
            self.complain(refusal)
        else:
            self.notice.change(is_shown=False)
            self.desk.play("done")
        self._fill()

    def _fill(self) -> None:
        say, found = self.say, self._found
        match = self.setting_up.value(PRINTER)
        chosen = next((at for at, each in enumerate(found) if match in ("", each.match)), None)
        rows = [
            LineText(at, each.name, note=each.match, icon="printer", icon_colour="sand")
            for at, each in enumerate(found)
        ]
        self.list.fill(rows or [LineText(-1, say("set_up.no_printer"), is_off=True)], chosen)
        self.list.rows[0].is_live = bool(found)
        width = self.setting_up.value(WIDTH)
        for dots, key in zip(WIDTHS, self.widths, strict=True):
            key.change(is_chosen=dots == width)
        self.test.change(
            is_off=self._is_printing or not found,
            text=say("set_up.testing" if self._is_printing else "set_up.test"),
        )
        about = ["printer_about", "drawer_about"] if found else ["plug_in", "printer_later"]
        points = [Point("info", say(f"set_up.{each}")) for each in about]
        if self._said:
            points.insert(0, Point("check", self._said, "leaf"))
        self.points.change(points=tuple(points))

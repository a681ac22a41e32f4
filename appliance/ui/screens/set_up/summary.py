"""All that was typed on one page: a tap leads to each, the lit key makes a till of it."""

from typing import Final

from appliance.till.mistakes import Mistakes
from appliance.till.questions import (
    ADDRESS,
    CURRENCY,
    KEY,
    MANAGER,
    PRINTER,
    SERIES,
    SHOP_NAME,
    STEPS,
    TILL_NAME,
    URL,
    WIDTH,
    WIFI_NAME,
    ZONE,
)
from appliance.ui.desk import Desk
from appliance.ui.screens.set_up.rows import RowsPage
from appliance.ui.screens.set_up.walk import LAST, Walk
from appliance.ui.widgets.lines import LineText

PATIENCE_SECONDS = 180.0
ICONS: Final = {
    "address": "globe",
    "key": "key",
    "name": "bag",
    "place": "coins",
    "network": "wifi",
    "printer": "printer",
    "manager": "user",
}
"""What has a row, with its sign; the receipt's lines are asked behind the name."""


class Summary(RowsPage):
    """What is missing or wrong says so in its row; else the till begins."""

    step = LAST

    def __init__(self, desk: Desk, walk: Walk) -> None:
        super().__init__(desk, walk)
        self._steps = tuple(ICONS)
        self._since: float | None = None

    def fill(self) -> None:
        """A row for each step."""
        self.show_rows([self._row(at, step) for at, step in enumerate(self._steps)])
        is_done = all(map(self.setting_up.is_done, STEPS))
        is_waiting = self._since is not None
        self.say_below(self.say("set_up.summary_about" if is_done else "set_up.summary_lacks"))
        self.lit.change(
            is_lit=is_done and not is_waiting,
            verb=self.say("set_up.working" if is_waiting else "set_up.start"),
            note=self.say("set_up.working_note") if is_waiting else "",
            icon="" if is_waiting else "next",
        )

    def choose(self, key: int) -> None:
        """To that step, and back here from it."""
        if self._since is None:
            self.walk.go(self.desk, self._steps[key])

    def go_back(self) -> None:
        """To the step before, unless it is under way."""
        if self._since is None:
            super().go_back()

    def go_on(self) -> None:
        """The lit key: hand it over, and wait for what comes of it."""
        try:
            self.setting_up.keep()
            self.setting_up.hand_over()
        except OSError as error:
            self.complain(self.say("set_up.not_kept", why=error.strerror or error))
            return
        self._since = self.desk.seconds()
        self.fill()

    def refresh(self) -> None:
        """See whether root is done."""
        if self._since is None:
            return
        outcome = self.setting_up.around.outcome()
        if outcome is not None:
            self._since = None
            self._end(outcome)
        elif self.desk.seconds() > self._since + PATIENCE_SECONDS:
            self._since = None
            self.complain(self.say("set_up.no_answer"))
        self.fill()

    def _end(self, outcome: Mistakes) -> None:
        if outcome.can_sell:
            self.desk.play("done")
            self.walk.hands.done()
        else:
            self.complain(next(iter(outcome.sentences), self.say("set_up.no_answer")))

    def _row(self, key: int, step: str) -> LineText:
        steps = ("name", "receipt") if step == "name" else (step,)
        wrong = [words for each in steps for words in self.setting_up.wrong(STEPS[each]).values()]
        lacks = any(self.setting_up.missing(STEPS[each]) for each in steps)
        hint = wrong[0] if wrong else self.say("set_up.lacks") if lacks else ""
        note = "" if hint else self._note(step)
        name = self.say(f"set_up.{step}")
        return LineText(key, name, note=note, hint=hint, icon=self._icon(step), icon_colour="sand")

    def _icon(self, step: str) -> str:
        is_cable = step == "network" and not self.setting_up.value(WIFI_NAME)
        return "swap" if is_cable else ICONS[step]

    def _note(self, step: str) -> str:
        say, value = self.say, self.setting_up.value
        if step == "network":
            way = value(WIFI_NAME) or value(ADDRESS)
            return way or say("set_up.cable")
        if step == "printer":
            return f"{value(PRINTER) or say('set_up.first_printer')} · {say(f'set_up.paper_{value(WIDTH)}')}"
        if step == "key":
            return say("set_up.key_there", end=value(KEY)[-7:]) if value(KEY) else say("set_up.key_kept")
        wheres = {
            "address": (URL,),
            "name": (SHOP_NAME, TILL_NAME, SERIES),
            "place": (ZONE, CURRENCY),
            "manager": (MANAGER,),
        }
        return " · ".join(value(each) for each in wheres[step] if value(each))

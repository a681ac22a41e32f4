"""Where the till stands: the country says time zone and currency, and each can be another one."""

from decimal import Decimal
from typing import Final

from appliance.till.questions import CURRENCY, ROUNDING, ZONE
from appliance.ui.screens.set_up.rows import RowsPage
from appliance.ui.widgets.lines import LineText

COUNTRY_ROW, ZONE_ROW, CURRENCY_ROW, ROUNDING_ROW = 1, 2, 3, 4
STEPS: Final = ("", "0.05", "0.10", "0.50", "1.00")
"""What cash is rounded to, somewhere in the world; each tap takes the next."""


class PlacePage(RowsPage):
    """Four rows; with a country that the shop's address speaks of, none needs a tap."""

    step = "place"

    def fill(self) -> None:
        """Show what was chosen or guessed."""
        say, value = self.say, self.setting_up.value
        country = self.setting_up.find_country(self.setting_up.country)
        rounding = value(ROUNDING)
        rows = (
            (COUNTRY_ROW, "globe", "country", country.name if country else ""),
            (ZONE_ROW, "clock", "zone", value(ZONE)),
            (CURRENCY_ROW, "coins", "currency", value(CURRENCY)),
            (ROUNDING_ROW, "cash", "rounding", rounding or say("set_up.not_rounded")),
        )
        self.show_rows(
            [
                LineText(
                    key,
                    say(f"set_up.{name}"),
                    amount=text or say("set_up.choose"),
                    note=say(f"set_up.{name}_note"),
                    icon=icon,
                    icon_colour="sand",
                )
                for key, icon, name, text in rows
            ]
        )
        is_done = self.setting_up.is_done("place")
        self.say_below(say("set_up.place_about" if is_done else "set_up.place_lacks"))
        self.lit.change(is_lit=is_done)

    def choose(self, key: int) -> None:
        """Another one: of a list, or the next amount."""
        if key == ROUNDING_ROW:
            now = self.setting_up.value(ROUNDING)
            steps = [each for each in STEPS if not each or self._can_be(each)]
            at = steps.index(now) if now in steps else -1
            self.setting_up.put(ROUNDING, steps[(at + 1) % len(steps)])
            self.fill()
            return
        what = {COUNTRY_ROW: "country", ZONE_ROW: "zone", CURRENCY_ROW: "currency"}[key]
        self.desk.show("set-up-choosing", what=what)

    def _can_be(self, step: str) -> bool:
        """Whether this currency has so small a coin; the till's own check knows."""
        before = self.setting_up.value(ROUNDING)
        self.setting_up.put(ROUNDING, str(Decimal(step)))
        is_wrong = bool(self.setting_up.wrong((ROUNDING,)))
        self.setting_up.put(ROUNDING, before)
        return not is_wrong

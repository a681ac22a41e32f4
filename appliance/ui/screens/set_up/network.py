"""The way to the shop: a cable needs nothing, a Wi-Fi its password, a fixed address three numbers."""

from appliance.till.questions import ADDRESS, STEPS, WIFI_NAME
from appliance.ui.screens.set_up.rows import RowsPage
from appliance.ui.widgets.lines import LineText

CABLE_ROW, WIFI_ROW, FIXED_ROW = 1, 2, 3


class NetworkPage(RowsPage):
    """Three ways; the cable is taken unless another one is."""

    step = "network"

    def enter(self, **why: object) -> None:
        """Shown."""
        super().enter(**why)
        if self.setting_up.around.has_wifi:
            self.walk.hands.listen()  # it takes seconds: by then somebody has read the page

    def refresh(self) -> None:
        """A cable may have been plugged in."""
        self.fill()

    def fill(self) -> None:
        """Show which is taken."""
        say, setting_up = self.say, self.setting_up
        wifi, address = setting_up.value(WIFI_NAME), setting_up.value(ADDRESS)
        radio = setting_up.around.has_wifi
        cable = say("set_up.cable_in" if self.walk.hands.has_cable() else "set_up.cable_note")
        rows = [
            LineText(CABLE_ROW, say("set_up.cable"), note=cable, icon="swap", icon_colour="sand"),
            LineText(
                WIFI_ROW,
                say("set_up.by_wifi"),
                amount=wifi,
                note=say("set_up.by_wifi_note" if radio else "set_up.no_wifi"),
                icon="wifi" if radio else "nowifi",
                icon_colour="sand",
                is_off=not radio,
            ),
            LineText(
                FIXED_ROW,
                say("set_up.fixed_row"),
                amount=address,
                note=say("set_up.fixed_row_note"),
                icon="count",
                icon_colour="sand",
            ),
        ]
        self.show_rows(rows, WIFI_ROW if wifi else FIXED_ROW if address else CABLE_ROW)
        self.say_below(say("set_up.network_about"))
        self.lit.change(is_lit=setting_up.is_done("network"))

    def choose(self, key: int) -> None:
        """The cable empties what the others had."""
        if key == CABLE_ROW:
            for where in STEPS["network"]:
                self.setting_up.put(where, "")
            self.fill()
        elif key == FIXED_ROW:
            self.walk.go(self.desk, "fixed")
        elif self.setting_up.around.has_wifi:
            self.desk.show("set-up-choosing", what="wifi")

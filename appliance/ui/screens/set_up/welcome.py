"""The first page of a new till: what one needs, and what will be asked."""

from appliance.till.questions import ROTATION
from appliance.ui.desk import Desk
from appliance.ui.screens.announcement import Announcement
from appliance.ui.screens.set_up.walk import Walk

NEEDED = ("needs_shop", "needs_names", "needs_network", "needs_paper")
ASKED = ("asks_shop", "asks_names", "asks_place", "asks_devices", "asks_manager")


class Welcome(Announcement):
    """Begins, turns the picture, or leads to the way by PC."""

    are_beside = False

    def __init__(self, desk: Desk, walk: Walk) -> None:
        say = desk.say
        quiet = (
            ("swap", say("set_up.turn"), self._turn),
            ("usb", say("set_up.on_a_pc"), walk.hands.on_a_pc),
            ("power", say("settings.off"), walk.hands.off),
        )
        super().__init__(desk, quiet)
        self._walk = walk
        self.kind, self.heading = "note", "set_up.asked"

    def enter(self, **why: object) -> None:
        """Say it."""
        self.title = self.say("set_up.new")
        self.told = tuple(self.say(f"set_up.{each}") for each in NEEDED)
        self.steps = tuple(self.say(f"set_up.{each}") for each in ASKED)
        self.lit.change(
            verb=self.say("set_up.go_on" if self._walk.setting_up.has_begun else "set_up.begin"),
            note=self.say("set_up.by_touch"),
            icon="next",
        )
        self.fill_in()

    def go_on(self) -> None:
        """The lit key."""
        self._walk.begin(self.desk)

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scanned address or key is as good a beginning as a tap."""
        where = self._walk.setting_up.take_scan(text)
        self.desk.play("scanned" if where else "refused")
        if where:
            self._walk.go(self.desk, where)

    def _turn(self) -> None:
        """For a screen that hangs upside down, or stands upright."""
        setting_up = self._walk.setting_up
        setting_up.put(ROTATION, str(self._walk.hands.turn()))
        setting_up.keep()

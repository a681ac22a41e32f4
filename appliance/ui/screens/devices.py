"""The page behind the key Devices: for now, help from outside. The test of the devices comes here later."""

from __future__ import annotations

from appliance.till.helping import Answer, Helping
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.announcement import Announcement


class Devices(Announcement):
    """What to do to get help; the lit key has the support file written onto a stick."""

    def __init__(self, desk: Desk, counter: Counter, helping: Helping) -> None:
        super().__init__(desk, (("back", desk.say("cash.back"), lambda: desk.show("menu")),))
        self.counter, self.helping = counter, helping
        self._waits = False
        self.kind = "note"
        self.title = self.say("devices.title")
        self.steps = tuple(self.say(f"devices.step_{number}") for number in (1, 2, 3))

    def enter(self, **why: object) -> None:
        """Show this till's number, which a technician asks for."""
        self._waits = False
        self._show(self.say("devices.number", number=self.helping.number))

    def hear(self, answer: Answer) -> None:
        """What came of it."""
        self._waits = False
        self.kind = "note" if answer.is_good else "stop"
        self._show(answer.words)

    def go_on(self) -> None:
        """Ask for the file, once at a time."""
        if self._waits:
            return
        self.notice.change(is_shown=False)
        try:
            self.helping.ask(self.counter.selling.cashier)
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self._waits, self.kind = True, "note"
        self._show(self.say("devices.waits"))

    def _show(self, sentence: str) -> None:
        self.told = (sentence,)
        self.lit.change(verb=self.say("devices.waiting" if self._waits else "devices.key"), icon="usb")
        self.fill_in()

"""The page of the stick: what is on it, what is on the card alone, and what to do."""

from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.announcement import Announcement


class Stick(Announcement):
    """Filled anew while it is shown: a stick that is plugged in catches up before one's eyes."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk, (("back", desk.say("cash.back"), lambda: desk.show("waiting")),))
        self.safety = counter.waiting.safety
        self.lit.change(verb=self.say("menu.back"), icon="send")

    def enter(self, **why: object) -> None:
        """Show how it is; without a second medium there is nothing to show."""
        self.refresh()

    def refresh(self) -> None:
        """Read again how it is."""
        view = self.safety.view()
        if view is None:
            self.desk.show("waiting")
            return
        self.kind = "calm" if view.is_well else "stop"
        self.are_numbered = len(view.steps) > 1
        self.title, self.told, self.steps = view.title, view.told, view.steps
        self.fill_in()

    def go_on(self) -> None:
        """Back to selling: nothing here stops it."""
        self.desk.show("sell")

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan works here too."""
        self.desk.show("sell", barcode=text, symbology=symbology)

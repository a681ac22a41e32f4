"""The page for a till that was moved: a copied card, other hardware, or a card older than the shop's books."""

from dataclasses import replace

from appliance.till.identifying import Moved
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screens.announcement import Announcement
from appliance.ui.widgets.sentence import sentences


class MovedTill(Announcement):
    """What gave it away, what will happen, and one key that confirms. Whoever signed in confirms, by name."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk, (("back", desk.say("moved.not_now"), self._leave),))
        self.counter = counter
        self.kind = "calm"
        self.are_numbered, self.heading = False, "moved.will_happen"

    def enter(self, **why: object) -> None:
        """Show what was found; where all is well again, go on selling."""
        state = self._state()
        if state is None:
            self.desk.show("sell")
            return
        self.title = state.title
        self.told = tuple(sentences(state.what_happened))
        self.steps = tuple(sentences(state.what_will_happen))
        self.lit.change(verb=state.key, icon="send")
        self.fill_in()

    def go_on(self) -> None:
        """Go on as another till."""
        cashier, identifying = self.counter.selling.cashier, self.counter.identifying
        if cashier is None or identifying is None:
            self._leave()
            return
        try:
            identifying.confirm(cashier)
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.show("pay" if self.counter.selling.payment is not None else "sell")

    def _state(self) -> Moved | None:
        identifying = self.counter.identifying
        state = None if identifying is None else identifying.state()
        return state if isinstance(state, Moved) else None

    def _leave(self) -> None:
        """Not now: whoever is asked may fetch somebody who knows."""
        cashier = self.counter.selling.cashier
        if cashier is not None:
            self.counter.signing_in.sign_out(cashier)
        self.counter.selling.hand_over(None)
        self.desk.set_header(replace(self.desk.header, cashier=""))
        self.desk.show("sign-in")

"""The page for a file that cannot be used: what is safe, what to do, and the way on."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.till.trouble import Trouble
from appliance.ui.desk import Desk
from appliance.ui.screens.announcement import Announcement


@dataclass(frozen=True, slots=True)
class TroubleKeys:
    """What the keys do.

    Attributes:
        again: tries once more; True if the file can be used again.
        on_stick: goes on from the stick; raises one of `refusals`, with a sentence, if it cannot.
        off: switches the till off.
        refusals: errors whose text is a sentence for the cashier.
        look: what is wrong now, after another try failed: a stick may have been plugged in meanwhile.
    """

    again: Callable[[], bool]
    on_stick: Callable[[], None]
    off: Callable[[], None]
    refusals: tuple[type[Exception], ...] = ()
    look: Callable[[], Trouble | None] = lambda: None


class TroubleScreen(Announcement):
    """A trouble with its keys. The lit key is the best way on: from the stick, or once more."""

    def __init__(self, desk: Desk, keys: TroubleKeys, trouble: Trouble | None = None) -> None:
        super().__init__(
            desk,
            (
                ("swap", desk.say("trouble.again"), self._again),
                ("power", desk.say("trouble.off"), keys.off),
            ),
        )
        self._do = keys
        self._trouble = trouble

    @property
    def trouble(self) -> Trouble | None:
        """What is shown."""
        return self._trouble

    def enter(self, **why: object) -> None:
        """Show a trouble; without one, that which is there."""
        trouble = why.get("trouble")
        if isinstance(trouble, Trouble):
            self._trouble = trouble
        shown = self._trouble
        if shown is None:
            return
        self.title, self.told, self.steps = shown.title, (shown.happened, *shown.safe), shown.steps
        if shown.on_stick:
            self.lit.change(verb=self.say("trouble.on_stick"), icon="send")
        else:
            self.lit.change(verb=self.say("trouble.again"), icon="swap")
        self.fill_in()

    def go_on(self) -> None:
        """From the stick if that is possible, else once more."""
        if self._trouble is None or not self._trouble.on_stick:
            self._again()
            return
        try:
            self._do.on_stick()
        except self._do.refusals as refused:
            self.complain(str(refused))

    def _again(self) -> None:
        if not self._do.again():
            self.complain(self.say("trouble.still"))
            self._look_again()
            return
        name = "sell" if self.desk.header.cashier else "sign-in"
        if self.desk.has(name):  # else the program begins anew
            self.desk.show(name)

    def _look_again(self) -> None:
        trouble = self._do.look()
        if trouble is not None and trouble != self._trouble:
            self.lit.appeared_at = (
                self.desk.seconds()
            )  # another key now: not for the second half of a double tap
            self.enter(trouble=trouble)

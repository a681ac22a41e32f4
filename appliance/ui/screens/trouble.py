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


_ICONS = {"again": "swap", "off": "power", "on_stick": "send"}


class TroubleScreen(Announcement):
    """A trouble with its keys. The lit key is the best way on: off and on again, from the stick, or once more."""

    def __init__(self, desk: Desk, keys: TroubleKeys, trouble: Trouble | None = None) -> None:
        again = (_ICONS["again"], desk.say("trouble.again"), self._again)
        off = (_ICONS["off"], desk.say("trouble.off"), self._other)
        super().__init__(desk, [again, off])
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
        lit, other = _best(shown), _beside(shown)
        self.lit.change(verb=self.say(f"trouble.{lit}"), icon=_ICONS[lit])
        name = self.say(f"trouble.{other}")
        self.keys[1].change(text=name, name=name, icon=_ICONS[other])
        self.fill_in()

    def go_on(self) -> None:
        """What the lit key says."""
        self._act(_best(self._trouble))

    def _other(self) -> None:
        """What the last quiet key says."""
        self._act(_beside(self._trouble))

    def _act(self, name: str) -> None:
        {"again": self._again, "off": self._do.off, "on_stick": self._sell_from_the_stick}[name]()

    def _sell_from_the_stick(self) -> None:
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


def _best(trouble: Trouble | None) -> str:
    """What the lit key does."""
    if trouble is not None and trouble.off_first:
        return "off"
    return "on_stick" if trouble is not None and trouble.on_stick else "again"


def _beside(trouble: Trouble | None) -> str:
    """What the last quiet key does: to switch off, unless the lit key does."""
    return "on_stick" if trouble is not None and trouble.off_first and trouble.on_stick else "off"

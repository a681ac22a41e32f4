"""The page of a new card with another till's stick in it: go on as that till, or be a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.till.beginning import DeadTill
from appliance.ui.desk import Desk
from appliance.ui.screens.announcement import Announcement


@dataclass(frozen=True, slots=True)
class BeginKeys:
    """What the keys do.

    Attributes:
        look: the tills on the stick as it is now.
        go_on: begins in a till's books; `follow` is told how it goes on.
        new: begins as a new till.
        off: switches the till off.
    """

    look: Callable[[], tuple[DeadTill, ...]]
    go_on: Callable[[DeadTill], None]
    new: Callable[[], None]
    off: Callable[[], None]


class BeginScreen(Announcement):
    """One till of the stick at a time. While the books are read no key does anything."""

    def __init__(self, desk: Desk, keys: BeginKeys) -> None:
        say = desk.say
        super().__init__(
            desk,
            (
                ("plus", say("begin.new"), self._new),
                ("swap", say("begin.other"), self._other),
                ("power", say("settings.off"), self._off),
            ),
        )
        self._do = keys
        self._tills: tuple[DeadTill, ...] = ()
        self._at = 0
        self.is_busy = False
        self.kind, self.are_numbered = "note", False

    @property
    def till(self) -> DeadTill | None:
        """Whose books are offered; None while there is no stick."""
        return self._tills[self._at % len(self._tills)] if self._tills else None

    def enter(self, **why: object) -> None:
        """Look at the stick."""
        self._tills, self._at = self._do.look(), 0
        self._show()

    def refresh(self) -> None:
        """A stick may have been plugged in."""
        if self.till is None and not self.is_busy and self._do.look():
            self.enter()

    def follow(self, entries: int) -> None:
        """How many entries are read."""
        if self.is_busy and self.till is not None:
            self.told = (self.till.busy(entries), self.say("begin.stay"))
            self.fill_in()

    def failed(self, sentence: str) -> None:
        """It did not work: say why, and ask again."""
        self.is_busy = False
        self.enter()
        self.complain(sentence)

    def go_on(self) -> None:
        """The lit key."""
        till = self.till
        if self.is_busy:
            return
        if till is None:
            self.enter()
            return
        self.is_busy = True
        self.notice.change(is_shown=False)
        self.lit.change(verb=self.say("begin.reading"), icon="send")
        self.follow(0)
        self._do.go_on(till)

    def _show(self) -> None:
        till = self.till
        if till is None:
            self.title = self.say("begin.no_stick")
            self.told, self.steps = (self.say("begin.no_stick_told"),), (self.say("begin.no_stick_do"),)
            self.lit.change(verb=self.say("settings.again"), icon="swap")
        else:
            self.title, self.told, self.steps = till.title, till.told, till.steps
            self.lit.change(verb=till.key, icon="send")
        self.lit.appeared_at = self.desk.seconds()  # another key: not for the second half of a double tap
        self.fill_in()

    def _new(self) -> None:
        if not self.is_busy:
            self.is_busy = True
            self._do.new()

    def _other(self) -> None:
        """The next till of the stick, or another stick."""
        if not self.is_busy:
            self._tills, at = self._do.look(), self._at + 1
            self._at = at
            self._show()

    def _off(self) -> None:
        if not self.is_busy:
            self._do.off()

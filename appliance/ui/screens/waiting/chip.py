"""The header's chip led here: say what to do about it, until that is done."""

from __future__ import annotations

from typing import Final

from appliance.till.waiting import HeaderKind
from appliance.ui.desk import Desk
from appliance.ui.widgets.header import HeaderText
from appliance.ui.widgets.notice import Notice

_SAID_HERE: Final = (HeaderKind.SCANNER.value, HeaderKind.CLOCK.value)


class ChipWords:
    """Puts the notice up when the chip changes, and takes it away when its reason goes."""

    def __init__(self, notice: Notice, desk: Desk) -> None:
        self._notice, self._desk = notice, desk
        self._said = ""

    def forget(self) -> None:
        """The page is shown anew."""
        self._said = ""

    def tell(self, header: HeaderText) -> None:
        """Say it once."""
        chip = header.state if header.state in _SAID_HERE else ""
        if chip == self._said:
            return
        self._said = chip
        self._notice.change(is_shown=False)
        now, say = self._desk.seconds(), self._desk.say
        if chip == HeaderKind.SCANNER.value:
            note = say("waiting.no_scanner_note")
            self._notice.say("stop", say("waiting.no_scanner"), now, notes=(note,), icon="scanner")
        elif chip:
            note = say("waiting.clock_note")
            self._notice.say("look", header.words, now, notes=(note,), icon="clock")

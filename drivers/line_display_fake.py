"""A customer's display without hardware: the whole contract, for rehearsal and for tests of everything above."""

from __future__ import annotations

from typing import Never

from drivers.devices import DisplayLine, PresenceCallback
from drivers.line_display_text import COLUMNS, fitted
from drivers.plugged_fake import PluggedFake


class FakeLineDisplay(PluggedFake[Never]):
    """Implements ``devices.LineDisplay``; ``lines`` is what the customer reads, ``history`` all that was.

    Args:
        code_page: The signs that it has.
    """

    def __init__(self, *, code_page: str = "437", plugged: bool = True) -> None:
        super().__init__("fake display", plugged=plugged)
        self._code_page = code_page
        self._shown: list[tuple[DisplayLine, DisplayLine]] = []
        self._wanted = (DisplayLine(), DisplayLine())

    @property
    def lines(self) -> tuple[str, str]:
        """Both lines, 20 signs each; blank while it is unplugged or nobody runs it."""
        if not self.present:
            return " " * COLUMNS, " " * COLUMNS
        return self._fitted(*self._wanted)

    @property
    def history(self) -> list[tuple[str, str]]:
        """Everything that it was told while it was there, oldest first."""
        return [self._fitted(*each) for each in list(self._shown)]

    def start(self, on_state: PresenceCallback) -> None:
        """See ``devices.LineDisplay``."""
        self._begin(on_state)

    def show(self, upper: DisplayLine, lower: DisplayLine) -> None:
        """See ``devices.LineDisplay``."""
        self._wanted = (upper, lower)
        if self.present:
            self._shown.append(self._wanted)

    def _fitted(self, upper: DisplayLine, lower: DisplayLine) -> tuple[str, str]:
        return fitted(upper, self._code_page), fitted(lower, self._code_page)

"""A customer's display without hardware: the whole contract, for rehearsal and for tests of everything above."""

from __future__ import annotations

import queue
import threading

from drivers.devices import DisplayLine, PresenceCallback
from drivers.line_display_text import COLUMNS, fitted


class FakeLineDisplay:
    """Implements ``devices.LineDisplay``; ``lines`` is what the customer reads, ``history`` all that was.

    Args:
        code_page: The signs that it has.
    """

    def __init__(self, *, code_page: str = "437", plugged: bool = True) -> None:
        self._shown: list[tuple[DisplayLine, DisplayLine]] = []
        self._code_page, self._plugged = code_page, plugged
        self._wanted = (DisplayLine(), DisplayLine())
        self._happenings: queue.SimpleQueue[bool | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def present(self) -> bool:
        """Whether it is plugged in and held by us now."""
        return self._plugged and self._thread is not None

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
        if self._thread is not None:
            return
        self._happenings = queue.SimpleQueue()
        self._happenings.put(self._plugged)
        self._thread = threading.Thread(
            target=_tell_all, args=(self._happenings, on_state), name="fake display", daemon=True
        )
        self._thread.start()

    def show(self, upper: DisplayLine, lower: DisplayLine) -> None:
        """See ``devices.LineDisplay``."""
        self._wanted = (upper, lower)
        if self.present:
            self._shown.append(self._wanted)

    def _fitted(self, upper: DisplayLine, lower: DisplayLine) -> tuple[str, str]:
        return fitted(upper, self._code_page), fitted(lower, self._code_page)

    def stop(self) -> None:
        """See ``devices.LineDisplay``."""
        if self._thread is not None:
            self._happenings.put(None)
            self._thread.join()
            self._thread = None

    def plug(self) -> None:
        """Put the plug in."""
        if not self._plugged:
            self._plugged = True
            self._happenings.put(True)

    def unplug(self) -> None:
        """Pull the plug."""
        if self._plugged:
            self._plugged = False
            self._happenings.put(False)


def _tell_all(happenings: queue.SimpleQueue[bool | None], on_state: PresenceCallback) -> None:
    told = False
    while (told_next := happenings.get()) is not None:
        told = told_next
        on_state(told)
    if told:
        on_state(False)

"""A customer's display on a serial adapter: two lines of 20 characters, written by a thread of its own.

It says nothing back, so nobody can know what it shows: both lines are written whole at each change, and again now and
then, which mends a display that was switched off and on beside its adapter.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from drivers.devices import DeviceAbsentError, DeviceError, DisplayLine, PresenceCallback
from drivers.hotplug import HotplugMonitor
from drivers.line_display_commands import SETS, page_number
from drivers.line_display_text import encoded, fitted
from drivers.serial_port import SerialLink, SerialTarget

_LOG = logging.getLogger(__name__)

_RETRY_SECONDS = 2.0
_LOOK_SECONDS = 0.5  # whether it is still plugged in: a notice may come before the node is gone, or never
_BITS_PER_BYTE = 10  # start, eight, stop
_SLACK_SECONDS = 0.02  # a display is slower than its line

BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


@dataclass(frozen=True, slots=True)
class LineDisplaySettings:
    """How the shop's display is set.

    Attributes:
        commands: "escpos" or "cd5220": what it understands, as its manual or its switches say.
        target: Which adapter it hangs on.
        baud: Its speed.
        code_page: The signs that it has, such as "437" or "858".
    """

    commands: str
    target: SerialTarget = field(default_factory=SerialTarget)
    baud: int = 9600
    code_page: str = "437"

    def __post_init__(self) -> None:
        """Refuse what no display has.

        Raises:
            ValueError: for unknown commands, speed or code page.
        """
        if self.commands not in SETS:
            raise ValueError(f"a display's commands are {', '.join(SETS)}, not {self.commands!r}")
        if self.baud not in BAUDS:
            raise ValueError(f"a display's speed is one of {', '.join(map(str, BAUDS))}, not {self.baud}")
        page_number(self.code_page)


class Link(Protocol):
    """An open port; ``serial_port.SerialLink`` is one."""

    @property
    def is_plugged(self) -> bool: ...

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class SerialLineDisplay:
    """Implements ``devices.LineDisplay``.

    Args:
        settings: How it is set.
        hotplug: Wakes the search; started by whoever made it.
        refresh_seconds: How often both lines are written though nothing changed.
        connect: Opens the port; another one in tests that need no adapter.
    """

    def __init__(
        self,
        settings: LineDisplaySettings,
        hotplug: HotplugMonitor,
        *,
        refresh_seconds: float = 20.0,
        connect: Callable[[SerialTarget, int], Link] = SerialLink,
    ) -> None:
        self._settings, self._hotplug = settings, hotplug
        self._commands, self._page = SETS[settings.commands], page_number(settings.code_page)
        self._refresh_seconds, self._connect = refresh_seconds, connect
        self._bell = threading.Condition()  # never held while a port is read, written or opened
        self._wanted = (DisplayLine(), DisplayLine())
        self._is_rung = self._is_stopping = False
        self._link: Link | None = None
        self._told: bool | None = None
        self._written_at = 0.0
        self._complained = ""
        self._thread: threading.Thread | None = None
        self._forget: Callable[[], None] = lambda: None

    @property
    def present(self) -> bool:
        """Whether it is plugged in and held by us now."""
        return self._link is not None

    def start(self, on_state: PresenceCallback) -> None:
        """Start writing; see ``devices.LineDisplay``."""
        if self._thread is not None:
            return
        self._is_rung, self._is_stopping, self._told = True, False, None
        self._forget = self._hotplug.listen("tty", self._ring)
        self._thread = threading.Thread(
            target=self._run, args=(on_state,), name="customer display", daemon=True
        )
        self._thread.start()

    def show(self, upper: DisplayLine, lower: DisplayLine) -> None:
        """Show these from now on; see ``devices.LineDisplay``."""
        with self._bell:
            self._wanted, self._is_rung = (upper, lower), True
            self._bell.notify_all()

    def stop(self) -> None:
        """Leave it dark; see ``devices.LineDisplay``."""
        if self._thread is None:
            return
        self._forget()
        with self._bell:
            self._is_stopping = True
            self._bell.notify_all()
        self._thread.join()
        self._thread = None

    # -- on its own thread

    def _ring(self) -> None:
        with self._bell:
            self._is_rung = True
            self._bell.notify_all()

    def _run(self, on_state: PresenceCallback) -> None:
        while (is_rung := self._wait()) is not None:
            try:
                self._tend(is_rung)
            except DeviceError as error:
                self._lose(error)
            if (self._link is not None) != self._told:
                self._told = self._link is not None
                on_state(self._told)
        self._leave_dark()
        if self._told:
            on_state(False)

    def _wait(self) -> bool | None:
        """Wait for something new or a plug, but not for long; whether there was any, None when it is to stop."""
        seconds = _RETRY_SECONDS if self._link is None else min(_LOOK_SECONDS, self._refresh_seconds)
        with self._bell:
            is_rung = self._bell.wait_for(lambda: self._is_rung or self._is_stopping, seconds)
            self._is_rung = False
            return None if self._is_stopping else is_rung

    def _tend(self, is_rung: bool) -> None:
        if self._link is not None and not self._link.is_plugged:
            raise DeviceAbsentError("it was unplugged")
        is_due = time.monotonic() - self._written_at >= self._refresh_seconds
        if is_rung or is_due or self._link is None:
            self._write()

    def _write(self) -> None:
        link, opening = self._link, b""
        if link is None:
            link = self._connect(self._settings.target, self._settings.baud)
            self._link, opening = link, self._commands.begin(self._page)
            _LOG.info("The customer's display is there")
            self._complained = ""
        with self._bell:
            lines = self._wanted
        page = self._settings.code_page
        upper, lower = (encoded(fitted(line, page), page) for line in lines)
        self._say(link, opening + self._commands.write(self._page, upper, lower))

    def _say(self, link: Link, data: bytes) -> None:
        """Write, and wait as long as the line needs: the kernel would take much more, and show it much later."""
        link.write(data)
        self._written_at = time.monotonic()
        time.sleep(len(data) * _BITS_PER_BYTE / self._settings.baud + _SLACK_SECONDS)

    def _lose(self, error: DeviceError) -> None:
        """Log once, not at each try."""
        if self._link is not None:
            self._link.close()
            self._link = None
        if str(error) != self._complained:
            _LOG.warning("The customer's display: %s", error)
            self._complained = str(error)

    def _leave_dark(self) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        try:
            self._say(link, self._commands.clear)
        except DeviceError as error:
            _LOG.info("The customer's display was gone before it was left: %s", error)
        finally:
            link.close()

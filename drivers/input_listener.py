"""The life of one input device: find it, hold it, read it in a thread of its own, lose it, find it again.

The thread never waits for the screen or the database: the kernel keeps 64 events a reader, an EAN-13 is about
84, so a reader that sleeps 170 ms inside a scan loses part of it.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import select
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import evdev
from evdev import ecodes

from drivers.hotplug import HotplugMonitor

_LOG = logging.getLogger(__name__)
_EVIOCSCLOCKID = 0x400445A0  # _IOW('E', 0xa0, int)
_RETRY_SECONDS = 0.25


class InputHandler(Protocol):
    """What a driver does with its device; every call comes on the listener's thread."""

    def find(self) -> evdev.InputDevice[str] | None:
        """Open the device that we want, None when it is not there."""
        ...

    def opened(self, device: evdev.InputDevice[str]) -> None:
        """It is ours now (grabbed, if it was to be)."""
        ...

    def event(self, event: evdev.InputEvent) -> None:
        """One event in order; none between a SYN_DROPPED and the end of its report."""
        ...

    def dropped(self, device: evdev.InputDevice[str]) -> None:
        """Events were lost; the device can be asked for its present state."""
        ...

    def deadline(self) -> float | None:
        """When ``expired`` wants to be called (monotonic seconds), None for never."""
        ...

    def expired(self) -> None:
        """The deadline has passed with no event."""
        ...

    def lost(self) -> None:
        """It was unplugged, or we stop."""
        ...


class InputListener:
    """Runs a handler's device.

    Args:
        what: The word for the log ("scanner").
        handler: What to do with the events.
        hotplug: Wakes the search; started by whoever made it.
        grab: Hold it for us alone, so that its keys reach neither the console nor the window.
    """

    def __init__(
        self, what: str, handler: InputHandler, hotplug: HotplugMonitor, *, grab: bool = True
    ) -> None:
        self._what, self._handler, self._hotplug, self._grab = what, handler, hotplug, grab
        self._stopping = threading.Event()
        self._wake_reader, self._wake_writer = -1, -1
        self._thread: threading.Thread | None = None
        self._forget: Callable[[], None] = lambda: None
        self._complained = ""
        self._skipping = False  # inside a report that events were lost of

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        if self._thread is not None:
            return
        self._stopping.clear()
        self._wake_reader, self._wake_writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._forget = self._hotplug.listen("input", self._wake)
        self._thread = threading.Thread(target=self._run, name=self._what, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the device and end the thread, which itself closes: nothing is closed under a reader."""
        if self._thread is None:
            return
        self._stopping.set()
        self._forget()
        self._wake()
        self._thread.join()
        self._thread = None
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # the pipe is full: it is awake already
            os.write(self._wake_writer, b"!")

    def _wait(self, seconds: float | None, *files: int) -> list[int]:
        """Wait for files, the clock or a wake-up."""
        ready = select.select([self._wake_reader, *files], [], [], seconds)[0]
        if self._wake_reader in ready:
            with suppress(BlockingIOError):
                os.read(self._wake_reader, 512)
        return [file for file in ready if file != self._wake_reader]

    def _run(self) -> None:
        while not self._stopping.is_set():
            device = self._find()
            if device is None:
                self._wait(None)
                continue
            try:
                if self._hold(device):
                    self._serve(device)
            except OSError as error:
                self._complain(f"the {self._what} was lost: {error.strerror}")
                self._wait(_RETRY_SECONDS)
            finally:
                _close(device)

    def _find(self) -> evdev.InputDevice[str] | None:
        try:
            return self._handler.find()
        except OSError as error:  # it went away while we looked, or its permissions are not there yet
            self._complain(f"the {self._what} cannot be opened: {error}")
            return None

    def _hold(self, device: evdev.InputDevice[str]) -> bool:
        """Grab it once no key is down, else the console is left with a stuck Enter; False when we stop."""
        while not self._stopping.is_set():
            try:
                if not device.active_keys():
                    if self._grab:
                        device.grab()
                    return True
            except OSError as error:
                if error.errno != errno.EBUSY:
                    raise
                self._complain(f"another program holds the {self._what}")
            self._wait(_RETRY_SECONDS)
            self._drain(device)
        return False

    def _drain(self, device: evdev.InputDevice[str]) -> None:
        with suppress(BlockingIOError):
            list(device.read())

    def _serve(self, device: evdev.InputDevice[str]) -> None:
        with suppress(OSError):  # event times on the clock that we use; older than any kernel we run on
            fcntl.ioctl(device.fd, _EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
        _LOG.info("%s ready: %s (%s)", self._what, device.name, device.path)
        self._complained, self._skipping = "", False
        self._handler.opened(device)
        try:
            self._read(device)
        finally:
            self._handler.lost()

    def _read(self, device: evdev.InputDevice[str]) -> None:
        while not self._stopping.is_set():
            if device.fd in self._wait(self._patience(), device.fd) and self._pass_on(device):
                continue
            deadline = self._handler.deadline()  # looked at only when nothing is left to read
            if deadline is not None and time.monotonic() >= deadline:
                self._handler.expired()

    def _pass_on(self, device: evdev.InputDevice[str]) -> bool:
        """Hand over what is there; False when nothing was."""
        try:
            for event in device.read():
                if event.type == ecodes.EV_SYN and event.code == ecodes.SYN_DROPPED:
                    self._skipping = True
                elif not self._skipping:
                    self._handler.event(event)
                elif event.type == ecodes.EV_SYN and event.code == ecodes.SYN_REPORT:
                    self._skipping = False
                    self._handler.dropped(device)
        except BlockingIOError:
            return False
        return True

    def _patience(self) -> float | None:
        deadline = self._handler.deadline()
        return None if deadline is None else max(0.0, deadline - time.monotonic())

    def _complain(self, sentence: str) -> None:
        """Log once, not at each try."""
        if sentence != self._complained:
            _LOG.warning(sentence)
            self._complained = sentence


def _close(device: evdev.InputDevice[str]) -> None:
    with suppress(OSError):  # unplugged, or never grabbed
        device.ungrab()
    device.close()

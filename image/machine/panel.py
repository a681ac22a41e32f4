"""The touch panel: a USB multi-touch panel (HID), so that fingers go through the kernel's own driver for them."""

from __future__ import annotations

import struct
import threading
import time
from collections import deque
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from image.machine.errors import SceneError
from image.machine.usb_link import UsbLink

LARGEST: Final = 4095
"""Of both axes: the panel counts finer than the screen has pixels."""
HELD_SECONDS: Final = 0.15
"""How long a finger stays; a person's tap, and enough for a slow computer."""
SETTLED_SECONDS: Final = 2.0
"""A device that has just come is opened for a moment by others too, and a finger that is down then does not count."""
_GET_REPORT, _GET_DESCRIPTOR = 1, 6
_REPORT_DESCRIPTOR = 0x22
_CONTACTS = 2

#: What the reports mean (HID 1.11 and Microsoft's digitizer pages, as hid-multitouch reads them): report 1 is a finger
#: (tip, number, x, y) and how many there are, report 2 how many there may be.
REPORTS: Final = bytes.fromhex(
    "050d 0904 a101 8501"
    "0922 a102 0942 1500 2501 7501 9501 8102 9507 8103"
    "0951 257f 7508 9501 8102"
    "0501 26ff0f 7510 550e 6511 35 00 46ff0f 0930 8102 0931 8102 c0"
    "050d 0954 250a 7508 9501 8102"
    "8502 0955 2502 7508 9501 b102 c0".replace(" ", "")
)


class PanelIdentity:
    """An input device with one interrupt endpoint; the numbers are those of a common USB panel."""

    def descriptors(self) -> bytes:
        """Device and configuration descriptor, as in sysfs."""
        device = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, 0x0EEF, 0x0005, 0x0100, 1, 2, 0, 1)
        human = struct.pack("<BBHBBBH", 9, 0x21, 0x0111, 0, 1, _REPORT_DESCRIPTOR, len(REPORTS))
        end = struct.pack("<BBBBHB", 7, 5, 0x81, 3, 64, 4)
        interface = struct.pack("<9B", 9, 4, 0, 0, 1, 3, 0, 0, 0) + human + end
        return device + struct.pack("<BBHBBBBB", 9, 2, 9 + len(interface), 1, 1, 0, 0xC0, 1) + interface

    def string(self, index: int) -> bytes:
        """String descriptor ``index``; 0 lists the languages."""
        if index == 0:
            return struct.pack("<BBH", 4, 3, 0x409)
        text = {1: "eGalax Inc.", 2: "USB TouchController"}.get(index, "").encode("utf-16le")
        return bytes([len(text) + 2, 3]) + text


class PanelFunction:
    """The panel's side of it: reports wait until the computer takes them."""

    def __init__(self) -> None:
        self.lock: AbstractContextManager[object] = threading.RLock()
        self._reports: deque[bytes] = deque()

    def finger(self, down: bool, x: int, y: int) -> None:
        """One report: where the finger is, or that it went up there."""
        with self.lock:
            self._reports.append(struct.pack("<BBBHHB", 1, int(down), 1, x, y, 1))

    def answers(self) -> bool:
        """A panel has no switch."""
        return True

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        """The form of its reports, and how many fingers it knows."""
        if (request_type, request, value >> 8) == (0x81, _GET_DESCRIPTOR, _REPORT_DESCRIPTOR):
            return REPORTS
        if (request_type, request) == (0xA1, _GET_REPORT):
            return bytes([2, _CONTACTS])
        return b"" if request_type == 0x21 else None  # SET_IDLE and the like

    def take(self, data: bytes) -> int:
        """It takes nothing."""
        return len(data)

    def give(self, limit: int) -> bytes:
        """The next report."""
        return self._reports.popleft()[:limit] if self._reports else b""

    def reset(self) -> None:
        """Fingers on it are forgotten."""
        self._reports.clear()


class Panel:
    """A panel in front of a screen of ``size`` pixels.

    A finger waits ``patience_seconds`` until a program reads the panel: one that comes earlier is lost.
    """

    def __init__(self, path: Path, size: tuple[int, int], patience_seconds: float = 300.0) -> None:
        self._size, self._function, self._patience = size, PanelFunction(), patience_seconds
        self._link = UsbLink(path, PanelIdentity(), self._function)

    def plug(self) -> None:
        """Plug its cable in."""
        self._link.plug()

    def unplug(self) -> None:
        """Pull its cable out."""
        self._link.unplug()

    def tap(self, x: float, y: float) -> None:
        """A finger touches the screen at a pixel, from the top left, and lets go.

        Raises:
            SceneError: nobody reads the panel.
        """
        end = time.monotonic() + self._patience
        while self._link.listened_for_seconds < SETTLED_SECONDS:
            if time.monotonic() > end:
                raise SceneError(f"No program has read the touch panel for {self._patience:.0f} seconds.")
            time.sleep(0.05)
        place = (round(x * LARGEST / (self._size[0] - 1)), round(y * LARGEST / (self._size[1] - 1)))
        self._function.finger(True, *place)
        time.sleep(HELD_SECONDS)
        self._function.finger(False, *place)
        time.sleep(HELD_SECONDS)

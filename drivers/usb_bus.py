"""What is plugged into USB now, also where udev's messages do not come through.

libusb looks at the bus once, and from then on it believes what udev tells it over a netlink socket. In a network
namespace of its own (the card's kiosk has no network at all: PrivateNetwork=yes) nothing is ever told: a printer that
was plugged in later, or plugged in again, would be absent until the next start. So a libusb is made anew whenever
the nodes have changed.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import cache
from pathlib import Path
from typing import Any, Final

import usb.core
from usb.backend import libusb1

NODES: Final = Path("/dev/bus/usb")
_KEPT: Final = 4
"""So many are kept: one must not end before the last of its devices was let go."""


class UsbBus:
    """The devices of the bus, for any thread."""

    def __init__(self, nodes: Path = NODES) -> None:
        self._nodes = nodes
        self._lock = threading.Lock()
        self._seen: frozenset[str] = frozenset()
        self._made: deque[Any] = deque(maxlen=_KEPT)

    def devices(self) -> list[Any]:
        """All devices, as pyusb shows them; none is opened.

        Raises:
            usb.core.NoBackendError: libusb is missing.
            usb.core.USBError: USB cannot be asked.
        """
        return list(usb.core.find(find_all=True, backend=self._fresh()) or ())

    def _fresh(self) -> Any:
        with self._lock:
            nodes = frozenset(self._names())  # before the look: what comes in between is seen the next time
            if nodes != self._seen or not self._made:
                if libusb1.get_backend() is None:
                    raise usb.core.NoBackendError("No backend available")
                self._made.append(
                    libusb1._LibUSB(libusb1._lib)
                )  # pyusb itself makes one, and keeps it for good
                self._seen = nodes
            return self._made[-1]

    def _names(self) -> list[str]:
        return [str(path) for path in self._nodes.rglob("*")] if self._nodes.is_dir() else []


@cache
def bus() -> UsbBus:
    """The bus of this process, as libusb is one for a process."""
    return UsbBus()

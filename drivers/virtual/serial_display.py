"""A virtual customer's display behind a USB serial adapter in a socket of the test bed: /dev/ttyUSBn."""

from __future__ import annotations

import errno
import os
import select
import threading
import time
from dataclasses import dataclass
from typing import Any

from drivers.virtual.bed import Bed, Client, Handler
from drivers.virtual.line_display import VirtualLineDisplay

_MODEM_CALLS = frozenset({0x5415, 0x5416, 0x5417, 0x5418})  # TIOCMGET, BIS, BIC, SET
_LOOK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class SerialIdentity:
    """What the adapter says about itself; these are FTDI's."""

    vendor: int = 0x0403
    product: int = 0x6001
    model: str = "FT232R USB UART"
    serial: str = "A50285BI"


class VirtualSerialDisplay:
    """A plugged adapter with its display; ``number`` names the node and must be new for each plug."""

    def __init__(
        self, bed: Bed, number: int, port: int, identity: SerialIdentity, core: VirtualLineDisplay
    ) -> None:
        self.core, self.device, self.identity = core, self, identity
        self.node = f"/dev/ttyUSB{number}"
        self._bed = bed
        self._usb = f"/devices/platform/soc/3f980000.usb/usb3/3-{port}"
        self._interface = f"{self._usb}/3-{port}:1.0"
        self._converter = f"{self._interface}/ttyUSB{number}"
        self._path = f"{self._converter}/tty/ttyUSB{number}"
        self._gone = False
        self.is_listening = True
        self._handler = Handler(self._on_ioctl)
        bed.attach(self.node, self._handler)
        self._add(number)
        self._master, _ = bed.pty(self.node)
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _add(self, number: int) -> None:
        who = self.identity
        self._bed.add(
            f"P: {self._usb}",
            "E: SUBSYSTEM=usb",
            "E: DEVTYPE=usb_device",
            f"A: idVendor={who.vendor:04x}\\n",
            f"A: idProduct={who.product:04x}\\n",
            f"A: serial={who.serial}\\n",
            f"A: product={who.model}\\n",
            "A: bNumInterfaces= 1\\n",
        )
        self._bed.add(f"P: {self._interface}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_interface")
        self._bed.add(f"P: {self._converter}", "E: SUBSYSTEM=usb-serial")
        self._bed.add(
            f"P: {self._path}",
            f"N: {self.node.removeprefix('/dev/')}",
            "E: SUBSYSTEM=tty",
            f"E: DEVNAME={self.node}",
            "E: MAJOR=188",
            f"E: MINOR={number}",
            f"E: ID_VENDOR_ID={who.vendor:04x}",
            f"E: ID_MODEL_ID={who.product:04x}",
            f"E: ID_SERIAL_SHORT={who.serial}",
            f"A: dev=188:{number}\\n",
            f"L: device=../../../ttyUSB{number}",
        )

    def report(self) -> dict[str, Any]:
        """What is on it, and what it was sent."""
        core = self.core
        with core.lock:
            return {
                "lines": list(core.lines),
                "history": [list(each) for each in core.history],
                "unknown": list(core.unknown),
                "taken": core.taken,
            }

    def let_go(self) -> None:
        """Whoever held it was killed: the kernel closed it."""

    def unplug(self) -> None:
        """Pull the adapter's cable; the display, which hangs on it, goes dark."""
        self._gone = True
        self._bed.remove(
            [f"/sys{each}" for each in (self._path, self._converter, self._interface, self._usb)], [self.node]
        )
        os.write(self._stop_writer, b"!")
        self._thread.join()
        for file in (self._stop_reader, self._stop_writer, self._master):
            os.close(file)
        self.core.power(False)

    def _on_ioctl(self, client: Client, request: int) -> bool:
        if self._gone:
            client.complete(-1, errno.EIO)
            return True
        if request in _MODEM_CALLS:  # a pty has no such wires
            client.complete(0, 0)
            return True
        return False

    def _listen(self) -> None:
        while True:
            files = [self._stop_reader] + ([self._master] if self.is_listening else [])
            ready = select.select(files, [], [], 0.2)[0]
            if self._stop_reader in ready:
                return
            if self._master in ready and self.is_listening:  # it may have been told meanwhile
                try:
                    self.core.feed(os.read(self._master, 4096))
                except OSError:  # EIO: nobody has the other end open
                    time.sleep(_LOOK_SECONDS)

"""A virtual receipt printer on USB: the printer class in front of the ESC/POS core."""

from __future__ import annotations

import base64
from typing import Any

from drivers.virtual.bed import Bed
from drivers.virtual.escpos_printer import VirtualEscposPrinter
from drivers.virtual.usb_descriptors import UsbIdentity
from drivers.virtual.usb_device import VirtualUsbDevice


class PrinterFunction:
    """The USB printer class (7/1/2) in front of ``core``."""

    def __init__(self, core: VirtualEscposPrinter) -> None:
        self.core, self.lock = core, core.lock

    def answers(self) -> bool:
        """False while it is switched off."""
        self.core.run()
        return self.core.powered

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        """GET_DEVICE_ID, GET_PORT_STATUS and SOFT_RESET."""
        if (request_type, request) == (0xA1, 0):
            name = self.core.ieee1284.encode()
            return (len(name) + 2).to_bytes(2, "big") + name
        if (request_type, request) == (0xA1, 1):
            return bytes([self.core.port_status()])
        if (request_type, request) == (0x21, 2):
            self.core.soft_reset()
            return b""
        return None

    def take(self, data: bytes) -> int:
        """Bytes for the receive buffer."""
        return self.core.feed(data)

    def give(self, limit: int) -> bytes:
        """Status bytes for the host."""
        data = bytes(self.core.tx[:limit])
        del self.core.tx[:limit]
        return data

    def reset(self) -> None:
        """A USB reset flushes the buffers, as the class request does."""
        self.core.soft_reset()


class VirtualUsbPrinter:
    """A plugged printer; ``number`` must be new for each plug, ``port`` is the socket it is in."""

    def __init__(
        self, bed: Bed, number: int, port: int, identity: UsbIdentity, core: VirtualEscposPrinter
    ) -> None:
        self.core = core
        self.device = VirtualUsbDevice(bed, number, port, identity, PrinterFunction(core))

    def report(self, since_job: int = 0) -> dict[str, Any]:
        """What happened; ``jobs`` are the executed bytes (base64) cut by cut, from ``since_job`` on."""
        core, device = self.core, self.device
        with core.lock:
            core.run()
            flags = (
                "paper",
                "nearend",
                "cover",
                "knife_err",
                "drawer_open",
                "offline",
                "powered",
                "dead",
                "paper_left",
            )
            return {flag: getattr(core, flag) for flag in flags} | {
                "jobs": [base64.b64encode(bytes(job)).decode() for job in core.jobs[since_job:]],
                "printed": len(core.printed),
                "buffered": len(core.rx),
                "kicks": [list(kick) for kick in core.kicks],
                "cuts": core.cuts,
                "driver": device.driver,
                "claimed": device.is_claimed,
                "calls": list(device.calls),
            }

    def unplug(self) -> None:
        """Pull the cable."""
        self.device.unplug()

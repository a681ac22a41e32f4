"""A virtual receipt printer in a socket of the test bed."""

from __future__ import annotations

import base64
from typing import Any

from drivers.virtual.bed import Bed
from drivers.virtual.escpos_printer import VirtualEscposPrinter
from drivers.virtual.printer_function import PrinterFunction
from drivers.virtual.usb_descriptors import UsbIdentity
from drivers.virtual.usb_device import VirtualUsbDevice


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

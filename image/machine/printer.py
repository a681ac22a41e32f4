"""The receipt printer on the counter: the drivers' own virtual ESC/POS printer, on a USB socket of the computer."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from PIL import Image

from drivers.virtual.escpos_printer import VirtualEscposPrinter
from drivers.virtual.paper import receipts
from drivers.virtual.printer_function import PrinterFunction
from drivers.virtual.usb_descriptors import UsbIdentity
from image.machine.errors import SceneError
from image.machine.usb_link import UsbLink

BUFFER_BYTES: Final = 1 << 16
"""Larger than any transfer: one is taken whole or waits."""


class WholeTransfers:
    """A printer's function that takes a transfer whole or leaves it."""

    def __init__(self, core: VirtualEscposPrinter) -> None:
        self._core, self._function = core, PrinterFunction(core)
        self.lock: AbstractContextManager[object] = core.lock

    def answers(self) -> bool:
        """False while it is switched off."""
        return self._function.answers()

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        """The printer class's requests."""
        return self._function.control(request_type, request, value)

    def take(self, data: bytes) -> int:
        """All of it, or nothing while it does not fit; without paper the buffer fills, and then nothing fits."""
        fits = len(data) <= self._core.buffer_bytes - len(self._core.rx)
        return self._function.take(data) if fits else 0

    def give(self, limit: int) -> bytes:
        """Status bytes."""
        return self._function.give(limit)

    def reset(self) -> None:
        """A USB reset flushes the buffers."""
        self._function.reset()


class Printer:
    """A printer with its paper and its drawer."""

    def __init__(self, path: Path) -> None:
        self.core = VirtualEscposPrinter(BUFFER_BYTES)
        self._link = UsbLink(path, UsbIdentity(), WholeTransfers(self.core))

    def plug(self) -> None:
        """Plug its cable in."""
        self._link.plug()

    def unplug(self) -> None:
        """Pull its cable out."""
        self._link.unplug()

    def paper(self, there: bool) -> None:
        """Take the paper out, or put a new roll in."""
        self.core.set(paper=there)

    @property
    def papers(self) -> list[Image.Image]:
        """The pictures of all papers that were cut off."""
        with self.core.lock:
            data = bytes(self.core.printed)
        return [each.image for each in receipts(data) if each.cut and each.image.height]

    @property
    def unknown(self) -> list[bytes]:
        """Commands that nobody understands; there should be none."""
        with self.core.lock:
            return [each for paper in receipts(bytes(self.core.printed)) for each in paper.unknown]

    def wait_for_paper(self, count: int, seconds: float) -> Image.Image:
        """The last of so many papers, once it is cut off.

        Raises:
            SceneError: it does not come.
        """
        end = time.monotonic() + seconds
        while len(found := self.papers) < count:
            if time.monotonic() > end:
                raise SceneError(
                    f"{len(found)} of {count} papers came out of the printer in {seconds:.0f} seconds."
                )
            time.sleep(0.1)
        return found[count - 1]

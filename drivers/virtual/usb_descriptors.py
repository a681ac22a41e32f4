"""USB descriptors of a virtual printer."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """What the printer's descriptors say."""

    vendor: int = 0x04B8
    product: int = 0x0E28
    manufacturer: str = "EPSON"
    model: str = "TM-T20III"
    serial: str = "X3SERIAL01"
    in_endpoint: int = 0x82
    out_endpoint: int = 0x01

    def descriptors(self) -> bytes:
        """Device and configuration descriptor, as in sysfs."""
        device = struct.pack(
            "<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, self.vendor, self.product, 0x0100, 1, 2, 3, 1
        )
        ends = [struct.pack("<BBBBHB", 7, 5, end, 2, 512, 0) for end in (self.out_endpoint, self.in_endpoint)]
        interface = struct.pack("<9B", 9, 4, 0, 0, 2, 7, 1, 2, 0) + b"".join(ends)
        return device + struct.pack("<BBHBBBBB", 9, 2, 9 + len(interface), 1, 1, 0, 0xC0, 1) + interface

    def string(self, index: int) -> bytes:
        """String descriptor ``index``; 0 lists the languages."""
        if index == 0:
            return struct.pack("<BBH", 4, 3, 0x409)
        text = {1: self.manufacturer, 2: self.model, 3: self.serial}.get(index, "").encode("utf-16le")
        return bytes([len(text) + 2, 3]) + text

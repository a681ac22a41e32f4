"""usbredir's packets: how QEMU speaks to a USB device that is plugged in over a socket.

From the protocol's description (usb-redirection-protocol.md of the SPICE project, version 0.7). Pure: bytes in, bytes
out. All numbers are little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """What a packet is; names as in the description."""

    HELLO = 0
    DEVICE_CONNECT = 1
    RESET = 3
    INTERFACE_INFO = 4
    EP_INFO = 5
    SET_CONFIGURATION = 6
    GET_CONFIGURATION = 7
    CONFIGURATION_STATUS = 8
    SET_ALT_SETTING = 9
    GET_ALT_SETTING = 10
    ALT_SETTING_STATUS = 11
    START_INTERRUPT_RECEIVING = 15
    STOP_INTERRUPT_RECEIVING = 16
    INTERRUPT_RECEIVING_STATUS = 17
    CANCEL_DATA_PACKET = 21
    FILTER_REJECT = 22
    FILTER_FILTER = 23
    DEVICE_DISCONNECT_ACK = 24
    CONTROL_PACKET = 100
    BULK_PACKET = 101
    INTERRUPT_PACKET = 103


class Status(IntEnum):
    """How a transfer ended."""

    SUCCESS = 0
    CANCELLED = 1
    STALL = 4


_CONNECT_VERSION, _DISCONNECT_ACK, _PACKET_SIZES, _LONG_IDS, _LONG_LENGTHS = 1, 3, 4, 5, 6
CAPABILITIES: Final = sum(
    1 << bit for bit in (_CONNECT_VERSION, _DISCONNECT_ACK, _PACKET_SIZES, _LONG_IDS, _LONG_LENGTHS)
)
_HIGH_SPEED, _BULK, _INVALID = 2, 2, 255
_ENDPOINTS = 32
_DEVICE, _CONFIGURATION, _INTERFACE, _ENDPOINT = 1, 2, 4, 5


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet without its header; ``number`` pairs an answer with its question."""

    kind: int
    number: int
    body: bytes


@dataclass(slots=True)
class Stream:
    """Cuts what came over the socket into packets. The first, the greeting, has a header of its own size."""

    long_numbers: bool = False
    _rest: bytes = field(default=b"")
    _greeted: bool = False

    def feed(self, data: bytes) -> Iterator[Packet]:
        """The packets that are complete now."""
        self._rest += data
        while (packet := self._next()) is not None:
            yield packet

    def _next(self) -> Packet | None:
        form = "<IIQ" if self.long_numbers and self._greeted else "<III"
        head = struct.calcsize(form)
        if len(self._rest) < head:
            return None
        kind, length, number = struct.unpack_from(form, self._rest)
        if len(self._rest) < head + length:
            return None
        body, self._rest = self._rest[head : head + length], self._rest[head + length :]
        if not self._greeted:
            self._greeted = True
            peer = struct.unpack_from("<I", body, 64)[0] if length >= 68 else 0
            self.long_numbers = bool(peer >> _LONG_IDS & 1)
        return Packet(kind, number, body)

    def packed(self, kind: Kind, body: bytes = b"", number: int = 0) -> bytes:
        """A packet for the other side."""
        form = "<IIQ" if self.long_numbers and self._greeted else "<III"
        return struct.pack(form, kind, len(body), number) + body


def greeting() -> bytes:
    """The body of our first packet."""
    return b"gapless".ljust(64, b"\0") + struct.pack("<I", CAPABILITIES)


def introduction(descriptors: bytes) -> tuple[tuple[Kind, bytes], ...]:
    """What QEMU has to know of a device before it is plugged in, read from its descriptors (as in sysfs)."""
    interfaces: list[bytes] = []
    types, intervals, places, sizes = ([_INVALID] * _ENDPOINTS, *([0] * _ENDPOINTS for _ in range(3)))
    types[0] = types[16] = 0
    sizes[0] = sizes[16] = 64
    for kind, found in parts(descriptors):
        if kind == _INTERFACE:
            interfaces.append(found)
        elif kind == _ENDPOINT:
            address, transfer, size, interval = struct.unpack_from("<BBHB", found, 2)
            place = (address & 0x80) >> 3 | address & 0x0F
            types[place], intervals[place], sizes[place] = transfer & 3, interval, size
            places[place] = interfaces[-1][2]
    columns = [bytes(each[at] for each in interfaces).ljust(_ENDPOINTS, b"\0") for at in (2, 5, 6, 7)]
    vendor, product, version = struct.unpack_from("<HHH", descriptors, 8)
    hello = struct.pack("<BBBBHHH", _HIGH_SPEED, *descriptors[4:7], vendor, product, version)
    ends = bytes(types) + bytes(intervals) + bytes(places) + struct.pack("<32H", *sizes)
    return (
        (Kind.INTERFACE_INFO, struct.pack("<I", len(interfaces)) + b"".join(columns)),
        (Kind.EP_INFO, ends),
        (Kind.DEVICE_CONNECT, hello),
    )


def parts(descriptors: bytes) -> Iterator[tuple[int, bytes]]:
    """Each descriptor with its type."""
    at = 0
    while at + 2 <= len(descriptors):
        length = descriptors[at]
        yield descriptors[at + 1], descriptors[at : at + length]
        at += max(length, 2)


@dataclass(frozen=True, slots=True)
class Control:
    """A control transfer."""

    end: int
    request: int
    request_type: int
    value: int
    index: int
    length: int
    data: bytes

    @classmethod
    def read(cls, body: bytes) -> Control:
        """From a packet of QEMU's."""
        end, request, request_type, _, value, index, length = struct.unpack_from("<BBBBHHH", body)
        return cls(end, request, request_type, value, index, length, body[10:])

    def answer(self, data: bytes | None) -> bytes:
        """The packet's body that answers; None refuses it (a stall)."""
        status = Status.STALL if data is None else Status.SUCCESS
        is_in = bool(self.request_type & 0x80)
        sent = (data or b"")[: self.length] if is_in else b""
        length = len(sent) if is_in else self.length
        head = (self.end, self.request, self.request_type, status, self.value, self.index, length)
        return struct.pack("<BBBBHHH", *head) + sent


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk transfer, to the device or from it."""

    end: int
    stream: int
    length: int
    data: bytes

    @classmethod
    def read(cls, body: bytes) -> Bulk:
        """From a packet of QEMU's."""
        end, _, low, stream, high = struct.unpack_from("<BBHIH", body)
        return cls(end, stream, low | high << 16, body[10:])

    @property
    def is_in(self) -> bool:
        """Whether the computer wants to read."""
        return bool(self.end & 0x80)

    def answer(self, data: bytes = b"", status: Status = Status.SUCCESS, length: int | None = None) -> bytes:
        """The packet's body that answers; ``length`` where no data goes back."""
        size = len(data) if length is None else length
        return struct.pack("<BBHIH", self.end, status, size & 0xFFFF, self.stream, size >> 16) + data


def interrupt(end: int, data: bytes) -> bytes:
    """The body of a packet with what an interrupt endpoint has to say."""
    return struct.pack("<BBH", end, Status.SUCCESS, len(data)) + data

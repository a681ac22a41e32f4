"""The transfers of a virtual USB device: what the host submitted, what moved, what it may collect."""

from __future__ import annotations

import errno
import struct
import threading
from dataclasses import dataclass
from typing import Any, Protocol

from drivers.virtual.usb_descriptors import UsbIdentity

Client = Any  # as in bed, which only the system's Python can import

_CONTROL = 2  # the type of an urb; any other is bulk
_IN = 0x80
_SETUP_BYTES = 8


class UsbFunction(Protocol):
    """What the device does behind its plug; every call comes with ``lock`` held."""

    lock: threading.RLock

    def answers(self) -> bool:
        """False while it is switched off: its transfers wait."""
        ...

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        """Answer a class request; None stalls the pipe."""
        ...

    def take(self, data: bytes) -> int:
        """Bulk OUT: how many bytes it took."""
        ...

    def give(self, limit: int) -> bytes:
        """Bulk IN: what it has to say, b"" for nothing yet."""
        ...

    def reset(self) -> None:
        """A USB reset."""
        ...


@dataclass(slots=True)
class Urb:
    """One transfer that the host submitted."""

    client: Client
    address: int
    memory: Any  # struct usbdevfs_urb in the host's process
    buffer: Any
    kind: int
    endpoint: int
    length: int
    done: int = 0  # bytes moved so far

    def finish(self, status: int, data: bytes = b"", offset: int = 0) -> None:
        """Write the result into the host's memory; ``status`` is 0 or a negative errno."""
        if data:
            self.buffer.update(offset, list(data))
        self.memory.update(4, list(struct.pack("i", status)))
        self.memory.update(28, list(struct.pack("i", self.done)))


class Transfers:
    """All transfers of one device; every call comes with the function's lock held."""

    def __init__(self, identity: UsbIdentity, function: UsbFunction) -> None:
        self.gone = False
        self._identity, self._function = identity, function
        self._urbs: list[Urb] = []
        self._finished: list[Urb] = []

    def submit(self, urb: Urb) -> None:
        """Take a transfer on."""
        self._urbs.append(urb)

    def cancel(self, client: Client, address: int) -> bool:
        """End a transfer as it is; False when it is not under way."""
        for urb in self._urbs:
            if urb.address == address and urb.client is client:
                self._finish(urb, -errno.ENOENT)
                return True
        return False

    def reap(self, client: Client) -> Urb | None:
        """Move what can be moved and hand out one finished transfer."""
        self._work()
        for urb in self._finished:
            if urb.client is client:
                self._finished.remove(urb)
                return urb
        return None

    def _finish(self, urb: Urb, status: int, data: bytes = b"", offset: int = 0) -> None:
        urb.finish(status, data, offset)
        self._urbs.remove(urb)
        self._finished.append(urb)

    def _work(self) -> None:
        # A program that died took its memory with it; umockdev does not say so, it must be asked.
        self._urbs = [urb for urb in self._urbs if urb.client.props.connected]
        waiting: set[int] = set()  # the transfers of one endpoint end in order
        for urb in list(self._urbs):
            if self.gone:
                self._finish(urb, -errno.ESHUTDOWN)
            elif not self._function.answers() or urb.endpoint in waiting:
                continue
            elif urb.kind == _CONTROL:
                self._control(urb)
            elif not self._bulk(urb):
                waiting.add(urb.endpoint)

    def _control(self, urb: Urb) -> None:
        setup = bytes(urb.buffer.retrieve())[:_SETUP_BYTES]
        request_type, request, value, _index, length = struct.unpack("<BBHHH", setup)
        if (request_type, request) == (0x80, 6) and value >> 8 == 3:
            answer: bytes | None = self._identity.string(value & 0xFF)
        elif (request_type, request) == (0x80, 0):
            answer = b"\x01\0"
        else:
            answer = self._function.control(request_type, request, value)
        if answer is None:
            self._finish(urb, -errno.EPIPE)
            return
        urb.done = min(len(answer), length)
        self._finish(urb, 0, answer[:length], _SETUP_BYTES)

    def _bulk(self, urb: Urb) -> bool:
        """Move what can be moved; True when the transfer is complete."""
        if urb.endpoint & _IN:
            data = self._function.give(urb.length)
            if not data:
                return False
            urb.done = len(data)
            self._finish(urb, 0, data)
            return True
        data = bytes(urb.buffer.retrieve()) if urb.buffer is not None else b""
        urb.done += self._function.take(data[urb.done :])
        if urb.done < urb.length:
            return False
        self._finish(urb, 0)
        return True

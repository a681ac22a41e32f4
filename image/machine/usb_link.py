"""A USB device of ours in a socket of the computer: the plug, and what every USB device has to answer."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Final, Protocol

from image.machine.errors import MachineError
from image.machine.usb_packets import (
    Bulk,
    Control,
    Kind,
    Packet,
    Status,
    Stream,
    greeting,
    interrupt,
    introduction,
)

_PLUG_SECONDS = 10.0
_ROUND_SECONDS = 0.01
"""How often a transfer that waits is looked at again."""
GET_DESCRIPTOR: Final = 6


class Identity(Protocol):
    """What a device's descriptors say; ``drivers.virtual.usb_descriptors.UsbIdentity`` is one."""

    def descriptors(self) -> bytes:
        """Device and configuration descriptor, as in sysfs."""

    def string(self, index: int) -> bytes:
        """A string descriptor."""


class Function(Protocol):
    """What a device does; ``drivers.virtual.printer_function.PrinterFunction`` is one."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Held while any of these is called."""

    def answers(self) -> bool:
        """False while it is switched off."""

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        """A request of its class; None refuses it."""

    def take(self, data: bytes) -> int:
        """Bytes for it; it says how many it took."""

    def give(self, limit: int) -> bytes:
        """Bytes of its own, none if there are none."""

    def reset(self) -> None:
        """A USB reset."""


class UsbLink:
    """A device that can be plugged in and pulled out, with a thread of its own while it is plugged in.

    Args:
        path: QEMU's socket for it.
    """

    def __init__(self, path: Path, identity: Identity, function: Function) -> None:
        self._path, self._identity, self._function = path, identity, function
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._session: _Session | None = None
        self.failure: Exception | None = None

    def plug(self) -> None:
        """Plug it in.

        Raises:
            MachineError: it is plugged in, or the computer is off.
        """
        if self._line is not None:
            raise MachineError("The device is plugged in already.")
        line = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + _PLUG_SECONDS
        while line.connect_ex(str(self._path)):
            if time.monotonic() > end:
                raise MachineError(f"There is no USB socket {self._path.name}.")
            time.sleep(0.05)
        self._line = line
        session = self._session = _Session(line, self._identity, self._function)
        self._thread = threading.Thread(target=self._serve, args=(session,), name="USB device", daemon=True)
        self._thread.start()

    @property
    def listened_for_seconds(self) -> float:
        """For how long the computer has waited for what the device says by itself: a program has opened it."""
        session = self._session
        return time.monotonic() - session.listening_since if session and session.listening else 0.0

    def unplug(self) -> None:
        """Pull it out; nothing happens if it is not plugged in."""
        if self._line is not None and self._thread is not None:
            with suppress(OSError):  # the computer was switched off before
                self._line.shutdown(socket.SHUT_RDWR)
            self._thread.join(5)
            self._line.close()
            self._line = self._thread = self._session = None

    def _serve(self, session: _Session) -> None:
        try:
            session.run()
        except (OSError, struct.error, ValueError) as error:
            self.failure = error


class _Session:
    """One time that it is plugged in."""

    def __init__(self, line: socket.socket, identity: Identity, function: Function) -> None:
        self._line, self._identity, self._function = line, identity, function
        self._stream = Stream()
        self._descriptors = identity.descriptors()
        self._waiting: list[tuple[int, Bulk]] = []
        self.listening: set[int] = set()
        self.listening_since = 0.0
        self._configuration = 1
        self._handlers: Mapping[int, Callable[[Packet], None]] = {
            Kind.HELLO: self._introduce,
            Kind.RESET: self._reset,
            Kind.SET_CONFIGURATION: self._configure,
            Kind.GET_CONFIGURATION: self._configure,
            Kind.SET_ALT_SETTING: self._set_alternative,
            Kind.GET_ALT_SETTING: self._set_alternative,
            Kind.CONTROL_PACKET: self._control,
            Kind.BULK_PACKET: self._queue,
            Kind.START_INTERRUPT_RECEIVING: self._interrupt,
            Kind.STOP_INTERRUPT_RECEIVING: self._interrupt,
            Kind.CANCEL_DATA_PACKET: self._cancel,
        }

    def run(self) -> None:
        """Serve until it is pulled out or the computer is off."""
        self._line.sendall(self._stream.packed(Kind.HELLO, greeting()))
        while True:
            ready, _, _ = select.select([self._line], [], [], _ROUND_SECONDS)
            if ready:
                data = self._line.recv(1 << 18)
                if not data:
                    return
                for packet in self._stream.feed(data):
                    with self._function.lock:
                        self._handle(packet)
            with self._function.lock:
                self._work()

    def _send(self, kind: Kind, body: bytes, number: int = 0) -> None:
        self._line.sendall(self._stream.packed(kind, body, number))

    def _handle(self, packet: Packet) -> None:
        handler = self._handlers.get(packet.kind)
        if handler is not None:
            handler(packet)

    def _introduce(self, _packet: Packet) -> None:
        for kind, words in introduction(self._descriptors):
            self._send(kind, words)

    def _reset(self, _packet: Packet) -> None:
        self.listening.clear()
        self._function.reset()

    def _configure(self, packet: Packet) -> None:
        self._configuration = packet.body[0] if packet.body else self._configuration
        self._send(Kind.CONFIGURATION_STATUS, bytes([0, self._configuration]), packet.number)

    def _set_alternative(self, packet: Packet) -> None:
        status = bytes([0, packet.body[0], *packet.body[1:2]]).ljust(3, b"\0")
        self._send(Kind.ALT_SETTING_STATUS, status, packet.number)

    def _queue(self, packet: Packet) -> None:
        self._waiting.append((packet.number, Bulk.read(packet.body)))

    def _control(self, packet: Packet) -> None:
        ask = Control.read(packet.body)
        answer = self._standard(ask) if self._function.answers() else None
        self._send(Kind.CONTROL_PACKET, ask.answer(answer), packet.number)

    def _standard(self, ask: Control) -> bytes | None:
        if ask.request_type & 0x60 == 0 and ask.request == GET_DESCRIPTOR:
            return self._descriptor(ask)
        if ask.request_type & 0x60 == 0:
            return b"\x01\x00" if ask.request_type & 0x80 else b""  # GET_STATUS: self powered; CLEAR_FEATURE
        return self._function.control(ask.request_type, ask.request, ask.value)

    def _descriptor(self, ask: Control) -> bytes | None:
        kind, index = ask.value >> 8, ask.value & 0xFF
        if kind == 3:
            return self._identity.string(index)
        fixed = {1: self._descriptors[:18], 2: self._descriptors[18:]}
        # any other is the class's own, such as the form of an input device's reports
        return fixed.get(kind) or self._function.control(ask.request_type, ask.request, ask.value)

    def _interrupt(self, packet: Packet) -> None:
        end = packet.body[0]
        if packet.kind == Kind.START_INTERRUPT_RECEIVING:
            self.listening.add(end)
            self.listening_since = time.monotonic()
        else:
            self.listening.discard(end)
        self._send(Kind.INTERRUPT_RECEIVING_STATUS, bytes([Status.SUCCESS, end]), packet.number)

    def _cancel(self, packet: Packet) -> None:
        number = packet.number
        for waiting in [each for each in self._waiting if each[0] == number]:
            self._waiting.remove(waiting)
            self._send(Kind.BULK_PACKET, waiting[1].answer(status=Status.CANCELLED), number)

    def _work(self) -> None:
        for waiting in list(self._waiting):
            number, bulk = waiting
            answer = self._read(bulk) if bulk.is_in else self._write(bulk)
            if answer is not None:
                self._waiting.remove(waiting)
                self._send(Kind.BULK_PACKET, answer, number)
        for end in self.listening:
            while data := self._function.give(64):
                self._send(Kind.INTERRUPT_PACKET, interrupt(end, data))

    def _read(self, bulk: Bulk) -> bytes | None:
        data = self._function.give(bulk.length) if self._function.answers() else b""
        return bulk.answer(data) if data else None

    def _write(self, bulk: Bulk) -> bytes | None:
        """Whole or not at all: a transfer that is taken back would else count as untouched on the other side."""
        if not self._function.answers():
            return None
        return bulk.answer(length=len(bulk.data)) if self._function.take(bulk.data) else None

"""Devices on the computer's USB: usbredir's packets, against a scripted computer on a real socket."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from image.machine.errors import MachineError, SceneError
from image.machine.panel import LARGEST, REPORTS, Panel
from image.machine.printer import Printer
from image.machine.usb_packets import Control, Kind, Status, Stream, greeting, introduction, parts

SECONDS = 5.0
LONG_NUMBERS = 1 << 5
GET_DESCRIPTOR = (0x80, 6)


class Computer:
    """QEMU's side of one USB socket: it greets with 64-bit numbers, as QEMU does."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._line: socket.socket | None = None

    def accept(self) -> None:
        """Somebody plugs a device in: read its greeting and what it says of itself."""
        self._line, _ = self._listener.accept()
        self._line.settimeout(SECONDS)
        kind, number, body = self._exactly("<III")
        assert (kind, number, body) == (Kind.HELLO, 0, greeting())
        hello = b"scripted".ljust(64, b"\0") + struct.pack("<I", LONG_NUMBERS)
        self._line.sendall(struct.pack("<III", Kind.HELLO, len(hello), 0) + hello)
        self.introduced = [self.receive() for _ in range(3)]

    def send(self, kind: Kind, body: bytes, number: int = 0) -> None:
        assert self._line is not None
        self._line.sendall(struct.pack("<IIQ", kind, len(body), number) + body)

    def receive(self) -> tuple[int, int, bytes]:
        return self._exactly("<IIQ")

    def control(
        self, request_type: int, request: int, value: int = 0, length: int = 255
    ) -> tuple[int, bytes]:
        """Status and data of a control transfer."""
        self.send(
            Kind.CONTROL_PACKET, struct.pack("<BBBBHHH", 0x80, request, request_type, 0, value, 0, length), 7
        )
        kind, number, body = self.receive()
        assert (kind, number) == (Kind.CONTROL_PACKET, 7)
        assert Control.read(body).length == len(body) - 10 or not request_type & 0x80
        return body[3], body[10:]

    def write(self, data: bytes, number: int) -> None:
        self.send(Kind.BULK_PACKET, struct.pack("<BBHIH", 1, 0, len(data), 0, 0) + data, number)

    def is_silent(self, seconds: float = 0.2) -> bool:
        assert self._line is not None
        self._line.settimeout(seconds)
        try:
            return not self._line.recv(1)
        except TimeoutError:
            return True
        finally:
            self._line.settimeout(SECONDS)

    def _exactly(self, form: str) -> tuple[int, int, bytes]:
        kind, length, number = struct.unpack(form, self._read(struct.calcsize(form)))
        return kind, number, self._read(length)

    def _read(self, size: int) -> bytes:
        assert self._line is not None
        data = b""
        while len(data) < size:
            piece = self._line.recv(size - len(data))
            assert piece, "the device was pulled"
            data += piece
        return data

    def close(self) -> None:
        for each in (self._line, self._listener):
            if each is not None:
                each.close()


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    computer = Computer(tmp_path / "usb")
    yield computer
    computer.close()


@pytest.fixture
def printer(computer: Computer, tmp_path: Path) -> Iterator[Printer]:
    printer = Printer(tmp_path / "usb")
    printer.plug()
    computer.accept()
    yield printer
    printer.unplug()


@pytest.fixture
def panel(computer: Computer, tmp_path: Path) -> Iterator[Panel]:
    panel = Panel(tmp_path / "usb", (800, 480), patience_seconds=3)
    panel.plug()
    computer.accept()
    yield panel
    panel.unplug()


def bulk_status(body: bytes) -> tuple[int, int]:
    _end, status, low, _stream, high = struct.unpack_from("<BBHIH", body)
    return status, low | high << 16


def test_packets_are_cut_wherever_the_socket_cuts_them() -> None:
    peer, stream = Stream(), Stream()
    hello = struct.pack("<III", Kind.HELLO, 68, 0) + bytes(64) + struct.pack("<I", LONG_NUMBERS)
    list(peer.feed(hello))
    sent = hello + peer.packed(Kind.RESET) + peer.packed(Kind.CONTROL_PACKET, b"0123456789", 1 << 40)
    found = [packet for at in range(len(sent)) for packet in stream.feed(sent[at : at + 1])]
    assert [(each.kind, each.number) for each in found] == [
        (0, 0),
        (Kind.RESET, 0),
        (Kind.CONTROL_PACKET, 1 << 40),
    ]
    assert found[2].body == b"0123456789"


def test_a_peer_with_short_numbers_gets_short_numbers() -> None:
    stream = Stream()
    list(stream.feed(struct.pack("<III", Kind.HELLO, 68, 0) + bytes(68)))
    assert stream.packed(Kind.RESET, b"", 5) == struct.pack("<III", Kind.RESET, 0, 5)


def test_a_printer_introduces_itself_as_its_descriptors_say(printer: Printer, computer: Computer) -> None:
    (kind, _, interfaces), (_, _, ends), (_, _, hello) = computer.introduced
    assert kind == Kind.INTERFACE_INFO
    assert struct.unpack_from("<I", interfaces) == (1,)
    assert (interfaces[36], interfaces[68], interfaces[100]) == (7, 1, 2)
    assert (ends[0x01], ends[0x12]) == (2, 2)  # bulk, out 1 and in 2
    assert struct.unpack("<BBBBHHH", hello) == (2, 0, 0, 0, 0x04B8, 0x0E28, 0x0100)


def test_descriptors_and_names_are_answered(printer: Printer, computer: Computer) -> None:
    status, device = computer.control(*GET_DESCRIPTOR, 1 << 8)
    assert (status, device[:2]) == (Status.SUCCESS, b"\x12\x01")
    status, configuration = computer.control(*GET_DESCRIPTOR, 2 << 8)
    assert [kind for kind, _ in parts(configuration)] == [2, 4, 5, 5]
    assert introduction(device + configuration)[2][1] == computer.introduced[2][2]
    status, name = computer.control(*GET_DESCRIPTOR, 3 << 8 | 2)
    assert name[2:].decode("utf-16le") == "TM-T20III"
    assert computer.control(0xA1, 0)[1][2:].startswith(b"MFG:EPSON;")
    assert computer.control(0xC0, 99)[0] == Status.STALL


def test_what_is_written_comes_out_as_a_picture(printer: Printer, computer: Computer) -> None:
    computer.write(b"Nose print 40.00\n\x1dVA\x00", 11)
    kind, number, body = computer.receive()
    assert (kind, number, bulk_status(body)) == (Kind.BULK_PACKET, 11, (Status.SUCCESS, 21))
    paper = printer.wait_for_paper(1, SECONDS)
    assert isinstance(paper, Image.Image)
    assert paper.convert("L").getextrema() == (0, 255)
    with pytest.raises(SceneError, match="1 of 2 papers"):
        printer.wait_for_paper(2, 0.1)


def test_status_bytes_come_when_they_are_there(printer: Printer, computer: Computer) -> None:
    computer.send(Kind.BULK_PACKET, struct.pack("<BBHIH", 0x82, 0, 64, 0, 0), 1)
    assert computer.is_silent()
    printer.paper(False)
    computer.write(b"\x10\x04\x04", 2)
    answers = {number: body for _, number, body in (computer.receive(), computer.receive())}
    assert bulk_status(answers[2]) == (Status.SUCCESS, 3)
    assert answers[1][10:] == b"\x7e"  # DLE EOT 4 without paper


def test_a_printer_that_is_full_takes_nothing_until_paper_is_there(
    printer: Printer, computer: Computer
) -> None:
    printer.core.buffer_bytes = 30
    printer.paper(False)
    computer.write(b"twenty letters here\n", 1)
    assert bulk_status(computer.receive()[2]) == (Status.SUCCESS, 20)
    computer.write(b"and twenty more now\n", 2)
    assert computer.is_silent()
    computer.send(Kind.CANCEL_DATA_PACKET, b"", 2)
    _, number, body = computer.receive()
    assert (number, bulk_status(body)) == (2, (Status.CANCELLED, 0))
    assert bytes(printer.core.rx) == b"twenty letters here\n"
    printer.paper(True)
    computer.write(b"\x1dVA\x00", 3)
    assert bulk_status(computer.receive()[2]) == (Status.SUCCESS, 4)
    assert bytes(printer.core.printed) == b"twenty letters here\n\x1dVA\x00"


def test_a_device_can_be_pulled_and_plugged_again(printer: Printer, computer: Computer) -> None:
    with pytest.raises(MachineError, match="already"):
        printer.plug()
    printer.unplug()
    printer.unplug()
    again = threading.Thread(target=computer.accept)
    again.start()
    printer.plug()
    again.join(SECONDS)
    assert computer.control(*GET_DESCRIPTOR, 1 << 8)[0] == Status.SUCCESS


def test_a_finger_is_reported_once_the_computer_listens(panel: Panel, computer: Computer) -> None:
    status, reports = computer.control(0x81, 6, 0x22 << 8)
    assert (status, reports) == (Status.SUCCESS, REPORTS)
    assert computer.control(0xA1, 1, 0x0302)[1] == b"\x02\x02"
    computer.send(Kind.START_INTERRUPT_RECEIVING, b"\x81", 4)
    assert computer.receive() == (Kind.INTERRUPT_RECEIVING_STATUS, 4, b"\x00\x81")
    panel.tap(799, 0)
    down, up = (computer.receive()[2] for _ in range(2))
    assert struct.unpack("<BBHBBBHHB", down) == (0x81, 0, 8, 1, 1, 1, LARGEST, 0, 1)
    assert struct.unpack("<BBHBBBHHB", up) == (0x81, 0, 8, 1, 0, 1, LARGEST, 0, 1)
    computer.send(Kind.STOP_INTERRUPT_RECEIVING, b"\x81", 5)
    assert computer.receive()[0] == Kind.INTERRUPT_RECEIVING_STATUS
    with pytest.raises(SceneError, match="No program has read"):
        panel.tap(10, 10)
    assert computer.is_silent()

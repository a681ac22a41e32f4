"""A time server in the shop's network, as a time service asks one (NTP, RFC 5905), with this computer's time."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from typing import Final

from image.machine.errors import MachineError

PORT: Final = 123
_SINCE_1900: Final = 2_208_988_800
_HEAD: Final = struct.Struct("!BBbbII4s")
"""Leap, version and mode; stratum; poll and precision as powers of two; delay, dispersion; whose time it is."""


def answer(question: bytes, now: float) -> bytes:
    """What a server says to a client's question; seconds since 1970.

    Raises:
        MachineError: it is no question.
    """
    if len(question) < 48 or question[0] & 0x07 != 3:
        raise MachineError("This is not a time client's question.")
    stamp = struct.pack("!II", int(now) + _SINCE_1900, int(now % 1 * 2**32))
    head = _HEAD.pack(0x24, 2, question[2], -20, 0, 1 << 8, b"\x7f\x00\x00\x01")
    return head + stamp + question[40:48] + stamp + stamp


@contextlib.contextmanager
def time_server() -> Iterator[list[float]]:
    """Answers until it is left; the list grows with each question.

    Raises:
        MachineError: another time server has the port.
    """
    asked: list[float] = []
    line = socket.socket(type=socket.SOCK_DGRAM)
    try:
        line.bind(("127.0.0.1", PORT))
    except OSError as error:
        line.close()
        raise MachineError(f"No time server can be played here: {error}") from None

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                question, place = line.recvfrom(512)
                if not question:  # what a socket reads that is shut down
                    return
                asked.append(time.time())
                line.sendto(answer(question, time.time()), place)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()
        thread.join(5)

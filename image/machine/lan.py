"""The network around the counter: who knocks at the till from there, and who is called by it.

The till reaches this computer's loopback at 10.0.2.2; QEMU forwards what comes to a port of ours to one of the till's.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Final

from image.machine.errors import MachineError
from image.machine.qmp import Qmp

_KNOCK_SECONDS: Final = 2.0


def knock(qmp: Qmp, port: int, *, udp: bool = False) -> None:
    """Send something to a port of the till's, from its own network. Whether it came through is seen at the till.

    Raises:
        MachineError: QEMU forwards nothing.
    """
    kind = "udp" if udp else "tcp"
    with contextlib.closing(_free(udp=udp)) as found:
        ours = found.getsockname()[1]
    if words := qmp.monitor(f"hostfwd_add net {kind}:127.0.0.1:{ours}-:{port}"):
        raise MachineError(f"QEMU forwards nothing: {words}")
    try:
        with socket.socket(type=socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as line:
            line.settimeout(_KNOCK_SECONDS)
            with contextlib.suppress(OSError):
                line.connect(("127.0.0.1", ours))
                line.sendall(b"GET / HTTP/1.0\r\n\r\n")
                line.recv(1)
    finally:
        qmp.monitor(f"hostfwd_remove net {kind}:127.0.0.1:{ours}")


def _free(*, udp: bool) -> socket.socket:
    found = socket.socket(type=socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    found.bind(("127.0.0.1", 0))
    return found


class Ears:
    """Somebody in the network who listens on one port, TCP and UDP, and counts who calls."""

    def __init__(self) -> None:
        self._tcp, self._udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        self._tcp.bind(("127.0.0.1", 0))
        self.port = int(self._tcp.getsockname()[1])
        self._udp.bind(("127.0.0.1", self.port))
        self._tcp.listen()
        self.calls: list[str] = []
        for listen in (self._listen_tcp, self._listen_udp):
            threading.Thread(target=listen, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        for line in (self._tcp, self._udp):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen_tcp(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._tcp.accept()
                self.calls.append("tcp")
                line.close()

    def _listen_udp(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._udp.recv(100):
                self.calls.append(f"udp {data.decode(errors='replace')}")


@contextlib.contextmanager
def ears() -> Iterator[Ears]:
    """Ears that are closed afterwards."""
    found = Ears()
    try:
        yield found
    finally:
        found.close()

"""One request on its way through the cable to the shop, and what the cable remembers from one to the next."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

PIECE_BYTES: Final = 65_536
MOST_REMEMBERED: Final = 1_000
_RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Road:
    """What a cable remembers, and how long its delays are.

    Attributes:
        late_seconds: a request that comes late comes so much later.
        much_later_seconds: and one that comes when nobody thinks of it any more. No request is held for longer.
        drip_seconds: between two bytes of an answer that drips.
        earlier: the first answer to each question, as a cache keeps it.
        others: the last answers to other requests, newest last.
        doubled: requests that were delivered twice.
    """

    late_seconds: float = 3.0
    much_later_seconds: float = 20.0
    drip_seconds: float = 0.5
    earlier: dict[str, bytes] = field(default_factory=dict)
    others: list[tuple[bytes, bytes]] = field(default_factory=list)
    doubled: list[bytes] = field(default_factory=list)
    _held: list[tuple[bytes, threading.Event]] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        if seconds:
            threading.Event().wait(seconds)

    def arrived(self, name: bytes) -> None:
        """A request came: what was held until it is sent again goes on with it."""
        for held, event in self._held:
            if held == name:
                event.set()

    def hold(self, name: bytes) -> None:
        """Wait until the same request comes once more, or for long enough."""
        mine = (name, threading.Event())
        self._held.append(mine)
        mine[1].wait(self.much_later_seconds)
        self._held.remove(mine)

    def note(self, exchange: Exchange, answer: bytes) -> None:
        """An answer came through whole."""
        if exchange.method == "GET" and len(self.earlier) < MOST_REMEMBERED:
            self.earlier.setdefault(exchange.question, answer)
        self.others = [*self.others[-3:], (exchange.name, answer)]

    def another(self, name: bytes) -> bytes | None:
        """The newest answer to another request than this."""
        return next((answer for of, answer in reversed(self.others) if of != name), None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on its way.

    Attributes:
        request: whole, as it was sent.
        client: the till's end.
        send: gives the shop a request and returns its whole answer.
        again: the same request as somebody on the way would send it once more.
        road: the cable's memory.
    """

    request: bytes
    client: socket.socket
    send: Callable[[bytes], bytes]
    again: Callable[[bytes], bytes]
    road: Road

    @property
    def method(self) -> str:
        """GET, POST ..."""
        return self.request.split(b" ", 1)[0].decode("latin-1")

    @property
    def name(self) -> bytes:
        """The same for a request and its repetition: without its signature."""
        line, _, _ = self.request.partition(b"\r\n")
        return line.partition(b"?")[0] + b"\n" + self.request.partition(b"\r\n\r\n")[2]

    @property
    def question(self) -> str:
        """What is asked, as a cache that knows no better names it: without signatures and numbers against caches."""
        path, _, query = self.request.split(b" ", 2)[1].decode("latin-1").partition("?")
        asked = [each for each in query.split("&") if not each.startswith(("oauth_", "_="))]
        return path + "?" + "&".join(sorted(asked))

    def deliver(self) -> bytes:
        """Have the shop do it; its whole answer."""
        return self.send(self.request)

    def say(self, *pieces: bytes) -> None:
        """Give the till something to read."""
        for piece in pieces:
            self.client.sendall(piece)

    def wait_until_given_up(self) -> None:
        """Say nothing until the till goes."""
        self.client.recv(1)

    def hang_up(self) -> None:
        """The till sees the connection end."""
        with contextlib.suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """The till sees the connection break."""
        reset(self.client)


def reset(client: socket.socket) -> None:
    """Close a connection as a machine that forgot it does."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    client.close()


def answer(status: str, page: bytes, *headers: str, kind: str = "text/html; charset=UTF-8") -> bytes:
    """A whole answer, after which the connection ends."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(page)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + page


def closing(whole: bytes) -> bytes:
    """The shop's whole answer, after which the connection ends, and which says so.

    Unsaid, a till that asks again at once may still take the connection for a good one, and its next request is lost.
    """
    status, _, rest = whole.partition(b"\r\n")
    return b"\r\n".join([status, b"Connection: close", rest])


def read_request(client: socket.socket) -> bytes:
    """Read one HTTP request with a declared length."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += _more(client)
    head, _, body = found.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    ]
    missing = (int(lengths[0]) if lengths else 0) - len(body)
    while missing > 0:
        piece = _more(client)
        found, missing = found + piece, missing - len(piece)
    return found


def _more(client: socket.socket) -> bytes:
    piece = client.recv(PIECE_BYTES)
    if not piece:
        raise ConnectionResetError
    return piece

"""The cable between the till and the shop: a TCP proxy on loopback that can be cut, and worse.

Every new connection meets the mode that is set when it is made. A connection of before a change of mode is
cut, as a network that goes down cuts it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

MODES: Final = ("up", "refuse", "html", "500", "half", "nothing", "late")
"""up: passed on. refuse: nothing listens. html: a network's log-in page. 500: a broken server. half: the shop
does it, and half of its answer arrives. nothing: taken, never answered, never passed on. late: the client's
connection is cut, and the shop gets the request ``late_seconds`` after."""

PAGE: Final = b"<!doctype html><title>Welcome</title><h1>Log in to use this network</h1>"
BROKEN: Final = b"<h1>500 Internal Server Error</h1>"
PATIENCE_SECONDS: Final = 60.0


class Network:
    """A cable to one port.

    Args:
        upstream_port: the shop's, on loopback.
        port: 0 for any free one.
        late_seconds: see ``late``.
        pick: chooses the mode of each connection instead of :attr:`mode`, for tests that mix them.
    """

    def __init__(
        self,
        upstream_port: int,
        *,
        port: int = 0,
        late_seconds: float = 3.0,
        pick: Callable[[], str] | None = None,
    ) -> None:
        self.upstream_port = upstream_port
        self.late_seconds = late_seconds
        self.connections = 0
        self._mode = "up"
        self._pick = pick
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = _bound(port)
        self.port: int = self._listener.getsockname()[1]

    @classmethod
    @contextmanager
    def in_front_of(cls, url: str) -> Iterator[Network]:
        """A running cable to the shop at this address."""
        network = cls(urlsplit(url).port or 80)
        network.start()
        try:
            yield network
        finally:
            network.stop()

    @property
    def url(self) -> str:
        """Where the till asks."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def mode(self) -> str:
        """How it is now; see :data:`MODES`."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"{mode!r} is not one of {', '.join(MODES)}")
        was_refusing, self._mode = self._mode == "refuse", mode
        if mode == "refuse" and not was_refusing:
            self._close_listener()
            self._listener = _bound(self.port)  # holds the port, and listens to nobody
        elif was_refusing and mode != "refuse":
            self._listen()
        self._cut()

    def _cut(self) -> None:
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def start(self) -> Network:
        """Begin to pass on."""
        self._listen()
        return self

    def stop(self) -> None:
        """Cut for good."""
        self._close_listener()
        self._cut()

    def _listen(self) -> None:
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True, name="network").start()

    def _close_listener(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits on it
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            mode = self._pick() if self._pick else self._mode
            threading.Thread(target=self._serve, args=(client, mode), daemon=True).start()

    def _serve(self, client: socket.socket, mode: str) -> None:
        with self._lock:
            self._open.add(client)
        try:
            client.settimeout(PATIENCE_SECONDS)
            self._meet(client, mode)
        except OSError:
            return  # either side left
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _meet(self, client: socket.socket, mode: str) -> None:
        if mode == "up":
            self._join(client)
            return
        request = read_request(client)
        if mode == "html":
            client.sendall(_answer(b"200 OK", PAGE))
        elif mode == "500":
            client.sendall(_answer(b"500 Internal Server Error", BROKEN))
        elif mode == "nothing":
            client.recv(1)  # until the client gives up
        elif mode == "half":
            whole = self._deliver(request)
            client.sendall(whole[: len(whole) // 2])
        else:
            client.shutdown(socket.SHUT_RDWR)
            threading.Event().wait(self.late_seconds)
            self._deliver(request)

    def _join(self, client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.upstream_port), PATIENCE_SECONDS) as shop:
            back = threading.Thread(target=_pump, args=(shop, client), daemon=True)
            back.start()
            _pump(client, shop)
            back.join(PATIENCE_SECONDS)

    def _deliver(self, request: bytes) -> bytes:
        """Give the shop a request and return its whole answer."""
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.upstream_port), PATIENCE_SECONDS) as shop:
            shop.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            return b"".join(iter(lambda: shop.recv(65_536), b""))


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def read_request(client: socket.socket) -> bytes:
    """Read one HTTP request with a declared length."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = client.recv(65_536)
        if not piece:
            raise ConnectionResetError
        found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    lengths = [
        line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    ]
    missing = (int(lengths[0]) if lengths else 0) - len(body)
    while missing > 0:
        piece = client.recv(65_536)
        if not piece:
            raise ConnectionResetError
        found, missing = found + piece, missing - len(piece)
    return found


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _answer(status: bytes, page: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    return head % (status, len(page)) + page

"""The cable between the till and the shop: a TCP proxy on loopback that can be cut, and worse.

Every request meets the mode that was set when its connection was made, and is passed on as it is: host and
signature are the till's. A connection of before a change of mode is cut, as a network that goes down cuts it.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from appliance.demo.network_exchange import PIECE_BYTES, Exchange, Road, read_request, reset
from appliance.demo.network_faults import KINDS

MODES: Final = ("up", "any", *KINDS)
"""up: passed on. any: each request meets any of the kinds, four in ten. Else the kind that it meets: see there.
As a mode, refuse is a port to which nobody listens; met by chance it is a connection that breaks at once."""

ANY_SHARE: Final = 0.4
PATIENCE_SECONDS: Final = 60.0


class Network:
    """A cable to one port.

    Args:
        upstream_port: the shop's, on loopback.
        port: 0 for any free one.
        pick: chooses what each request meets, "up" or a kind, instead of :attr:`mode`: for tests that mix them.

    Attributes:
        pick: chooses what each request of a new connection meets; None: the mode does.
        again: what is delivered when a request is delivered twice; an http shop knows a signature that it had.
        pause_seconds: before each request that is passed on.
        connections: made so far.
        met: how many requests met what.
        road: how late is late, and what is remembered.
    """

    def __init__(
        self,
        upstream_port: int,
        *,
        port: int = 0,
        pick: Callable[[], str] | None = None,
    ) -> None:
        self.upstream_port = upstream_port
        self.connections = 0
        self.met: Counter[str] = Counter()
        self.road = Road()
        self._mode = "up"
        self.pick = pick
        self.again: Callable[[bytes], bytes] = bytes
        self.pause_seconds = 0.0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = _bound(port)
        self.port: int = self._listener.getsockname()[1]

    @classmethod
    @contextmanager
    def in_front_of(cls, url: str, pick: Callable[[], str] | None = None) -> Iterator[Network]:
        """A running cable to the shop at this address."""
        network = cls(urlsplit(url).port or 80, pick=pick)
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
        self.road.earlier.clear()
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
            threading.Thread(target=self._serve, args=(client, self._mode), daemon=True).start()

    def _serve(self, client: socket.socket, mode: str) -> None:
        with self._lock:
            self._open.add(client)
        try:
            client.settimeout(PATIENCE_SECONDS)
            self._pass_on(client, self.pick or (_any if mode == "any" else lambda: mode))
        except OSError:
            return  # either side left
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _pass_on(self, client: socket.socket, pick: Callable[[], str]) -> None:
        """Choose anew for each request of a connection, until one is struck."""
        while client.recv(1, socket.MSG_PEEK):
            kind = pick()
            self.met[kind] += 1
            if kind == "refuse":
                reset(client)
                return
            exchange = self._next(client)
            if kind != "up":
                KINDS[kind].strike(exchange)
                return
            self.road.wait(self.pause_seconds)
            answer = exchange.deliver()
            self.road.note(exchange, answer)
            client.sendall(answer)

    def _next(self, client: socket.socket) -> Exchange:
        exchange = Exchange(read_request(client), client, self._deliver, self.again, self.road)
        self.road.arrived(exchange.name)
        return exchange

    def _deliver(self, request: bytes) -> bytes:
        """Give the shop a request and return its whole answer."""
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.upstream_port), PATIENCE_SECONDS) as shop:
            shop.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            return b"".join(iter(lambda: shop.recv(PIECE_BYTES), b""))


def _any() -> str:
    return random.choice(list(KINDS)) if random.random() < ANY_SHARE else "up"


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound

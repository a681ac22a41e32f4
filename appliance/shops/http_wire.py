"""Connections that can be cut from outside, and that know whether anything was sent."""

from __future__ import annotations

import socket
import threading
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Wire:
    """What is known of the socket in use: whether anything went out on it, and a second handle to cut it by."""

    def __init__(self) -> None:
        self.was_sent = False
        self.is_over = False
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(0, lambda: None)
        self._lock = threading.Lock()

    def begin(self, seconds: float) -> None:
        """Cut the socket after so many seconds, unless :meth:`end` comes first."""
        self.was_sent = self.is_over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """The request is over."""
        self._timer.cancel()

    def close(self) -> None:
        """Let go of the socket."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None

    def watch(self, opened: socket.socket) -> socket.socket:
        """Keep a second handle: TLS takes the first one away, and the handshake may drip too."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
            self._handle = opened.dup()
            if self.is_over:
                self._handle.shutdown(socket.SHUT_RDWR)
        return opened

    def sending(self) -> None:
        """Note that bytes are about to go out; refuse after the deadline, while it is still certain that none did."""
        if self.is_over and not self.was_sent:
            raise TimeoutError("deadline before sending")
        self.was_sent = True

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            if self._handle is not None:
                try:
                    self._handle.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # the other side was faster


class WatchedAdapter(HTTPAdapter):
    """Opens connections whose sockets the wire knows."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Build the pools as requests does, with our connections."""
        super().init_poolmanager(*args, **named)
        wire = self._wire

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return wire.watch(super()._new_conn())

            def send(self, data: Any) -> None:
                if self.sock is None:
                    self.connect()
                wire.sending()
                super().send(data)

        class Encrypted(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return wire.watch(super()._new_conn())

            def send(self, data: Any) -> None:
                if self.sock is None:
                    self.connect()
                wire.sending()
                super().send(data)

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        encrypted = type("EncryptedPool", (HTTPSConnectionPool,), {"ConnectionCls": Encrypted})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": encrypted}

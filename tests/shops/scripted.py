"""A server that answers as a test tells it, byte for byte: whole, in drips, cut short, or not at all."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from appliance.demo.network_exchange import read_request

Piece = bytes | float
"""Bytes to send, or seconds to wait."""


def answer(status: str, body: bytes, content_type: str = "application/json", *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def json_answer(status: str, body: object, *headers: str) -> bytes:
    """A whole answer in JSON."""
    return answer(status, json.dumps(body).encode(), "application/json; charset=UTF-8", *headers)


class ScriptedServer:
    """Listens on a free loopback port.

    Attributes:
        seen: every request, whole.
    """

    def __init__(
        self, script: Callable[[bytes], Iterable[Piece]], context: ssl.SSLContext | None = None
    ) -> None:
        self.seen: list[bytes] = []
        self._script = script
        self._context = context
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http{'s' if self._context else ''}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            wrapped = self._context.wrap_socket(client, server_side=True) if self._context else client
            with wrapped:
                request = read_request(wrapped)
                self.seen.append(request)
                for piece in self._script(request):
                    if isinstance(piece, bytes):
                        wrapped.sendall(piece)
                    elif self._stop.wait(piece):
                        return


@contextmanager
def scripted(*pieces: Piece, context: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    """A server that gives every request the same answer."""
    server = ScriptedServer(lambda _: pieces, context)
    try:
        yield server
    finally:
        server.stop()

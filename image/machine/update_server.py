"""The server of the updates, on this computer: https as the settings demand, one file, and it may hang up half-way.

The computer under test reaches it at 10.0.2.2. Its certificate is signed by an authority made for it; the card is given
that one for the time of a scene, as a technician with a server of his own would.
"""

from __future__ import annotations

import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from image.machine.disk import run
from image.machine.shop import HOST_FROM_INSIDE

_BLOCK: Final = 1 << 20
_REQUEST: Final = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
]


class UpdateServer:
    """Serves one bundle.

    Args:
        bundle: the file.
        folder: for its key and certificate.

    Attributes:
        cuts_after_bytes: it hangs up after so many bytes of an answer; None for never.
        asked: what was asked for: the value of Range, or "", of each request.
        sent_bytes: over all answers.
    """

    def __init__(self, bundle: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.bundle, self.certificate, key = bundle, folder / "server.pem", folder / "server.key"
        name = ["-subj", "/CN=updates", "-addext", f"subjectAltName=IP:{HOST_FROM_INSIDE}"]
        days = ["-days", "36500", "-keyout", str(key), "-out", str(self.certificate)]
        run([*_REQUEST, *name, *days])
        self.cuts_after_bytes: int | None = None
        self.asked: list[str] = []
        self.sent_bytes = 0
        self._listening = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._listening.socket = context.wrap_socket(self._listening.socket, server_side=True)
        self._thread = threading.Thread(target=self._listening.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url_inside(self) -> str:
        """Its address for the computer under test."""
        return f"https://{HOST_FROM_INSIDE}:{self._listening.server_address[1]}/gapless.raucb"

    def stop(self) -> None:
        """Close it."""
        self._listening.shutdown()
        self._listening.server_close()
        self._thread.join(10)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 as the library names it
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request, with what is left of the file."""
        size = self.bundle.stat().st_size
        tag, asked = f'"{size}-{self.bundle.stat().st_mtime_ns}"', request.headers["Range"] or ""
        self.asked.append(asked)
        if request.headers["If-None-Match"] == tag:
            request.send_response(304)
            request.end_headers()
            return
        goes_on = bool(asked) and request.headers["If-Range"] == tag
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if goes_on else 0
        request.send_response(206 if goes_on else 200)
        request.send_header("ETag", tag)
        request.send_header("Content-Length", str(size - begin))
        request.end_headers()
        with self.bundle.open("rb") as file, suppress(OSError):
            file.seek(begin)
            left = min(size - begin, self.cuts_after_bytes or size)
            while left > 0 and (block := file.read(min(_BLOCK, left))):
                request.wfile.write(block)
                left -= len(block)
                self.sent_bytes += len(block)
        request.close_connection = True

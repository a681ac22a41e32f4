"""``status``: the status page, while somebody looks at it.

systemd holds the door (till-status.socket) and starts this at the first knock; it ends by itself once nobody asked for
a while. It has no network of its own but that door, writes nothing, and answers nothing but GET and HEAD.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseServer, TCPServer, ThreadingMixIn
from typing import Any, Final

from appliance.card.status import Status, find_status
from appliance.card.status_html import POLICY, to_html
from appliance.settings import SettingsError, load

DOOR: Final = 3
"""The first file that systemd hands over (sd_listen_fds)."""
IDLE_SECONDS: Final = 60.0
SLOW_SECONDS: Final = 5.0
"""So long a visitor may take to say what it wants, and to take the answer."""
MOST_VISITORS: Final = 8
FRESH_SECONDS: Final = 2.0
"""So long an answer is given again: however many ask, the till's file is looked at no more often."""
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Connection": "close",
}
Pages = dict[str, tuple[str, bytes]]


class Answers:
    """What there is to see, found out anew when it is asked for and old."""

    def __init__(self, find: Callable[[], Status], seconds: Callable[[], float] = time.monotonic) -> None:
        self._find, self._seconds = find, seconds
        self._lock = threading.Lock()
        self._pages: Pages = {}
        self._made_at = 0.0

    def page(self, path: str) -> tuple[str, bytes] | None:
        """Kind and content, None for what is not there."""
        with self._lock:
            if not self._pages or self._seconds() - self._made_at >= FRESH_SECONDS:
                status = self._find()
                self._pages = {
                    "/": ("text/html; charset=utf-8", to_html(status).encode()),
                    "/status.json": (
                        "application/json",
                        json.dumps(status.to_dict(), indent=1).encode() + b"\n",
                    ),
                }
                self._made_at = self._seconds()
            return self._pages.get(path)


class StatusServer(ThreadingMixIn, TCPServer):
    """Serves on a socket that listens already.

    Args:
        door: the socket.
        answers: what to say.
        idle_seconds: it ends when nobody came for so long.
    """

    daemon_threads = True

    def __init__(self, door: socket.socket, answers: Answers, idle_seconds: float = IDLE_SECONDS) -> None:
        BaseServer.__init__(
            self, ("", 0), _Visit
        )  # not TCPServer's: it makes a socket, which is forbidden here
        self.socket, self.answers, self.timeout = door, answers, idle_seconds
        self._visitors = threading.BoundedSemaphore(MOST_VISITORS)
        self._is_idle = False

    def serve(self) -> None:
        """Answer until nobody asks any more."""
        while not self._is_idle:
            self.handle_request()

    def handle_timeout(self) -> None:
        """Nobody came."""
        self._is_idle = True

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Send away who comes while too many are there."""
        return self._visitors.acquire(blocking=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One visit, on a thread of its own."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._visitors.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor went away in the middle; for anything else there is a word in the log, and no address."""
        fault = sys.exc_info()[1]
        if not isinstance(fault, OSError):
            sys.stderr.write(f"status: {type(fault).__name__}: {fault}\n")


class _Visit(BaseHTTPRequestHandler):
    """One request on one connection."""

    server: StatusServer
    protocol_version = "HTTP/1.0"
    server_version, sys_version = "Gapless", ""
    timeout = SLOW_SECONDS

    def do_GET(self) -> None:
        """The page, or the same for a program."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """As GET, without the page itself."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        found = self.server.answers.page(self.path.partition("?")[0])
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        kind, content = found
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """In three words; nothing of what was asked comes back."""
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code)
        content = f"{status.value} {status.phrase}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def end_headers(self) -> None:
        """With what every answer says."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Nothing: who looks is nobody's business."""


def main(arguments: list[str]) -> int:
    """Serve on systemd's door until nobody asks."""
    parser = argparse.ArgumentParser(prog="python -m appliance.card status")
    parser.add_argument("--settings", type=Path, required=True, help="the till's till.toml")
    parser.add_argument("--root", type=Path, default=Path("/"), help="where the card is: tests")
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS, help="end after so long")
    asked = parser.parse_args(arguments)
    try:
        settings = load(asked.settings)
    except SettingsError as error:
        sys.stderr.write(f"status: {error}\n")
        return 78
    if os.environ.get("LISTEN_FDS") != "1":
        sys.stderr.write("status: this is started by systemd, with a socket (till-status.socket)\n")
        return 2
    answers = Answers(lambda: find_status(settings, asked.root, datetime.now(UTC)))
    with socket.socket(fileno=DOOR) as door, StatusServer(door, answers, asked.idle_seconds) as server:
        server.serve()
    return 0

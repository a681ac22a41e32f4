"""A server of updates on this machine: one file, with its tag, which it may hang up on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = bytes(range(256)) * 20_000


@dataclass
class Server:
    """A server of one file; ``cuts_after`` so many bytes it hangs up."""

    content: bytes = CONTENT
    tag: str | None = '"one"'
    cuts_after: int | None = None
    length: int | None = None
    redirect: str = ""
    ignores_if_range: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/gapless.raucb"


@contextmanager
def serving() -> Iterator[Server]:
    """A server while a block lasts."""
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.headers["Range"] or "", self.headers["If-None-Match"] or ""))
            begin = 0
            if served.redirect:
                self.send_response(302)
                self.send_header("Location", served.redirect)
                self.end_headers()
                return
            if served.tag and self.headers["If-None-Match"] == served.tag:
                self.send_response(304)
                self.end_headers()
                return
            if self.headers["Range"] and (served.ignores_if_range or self.headers["If-Range"] == served.tag):
                begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
            else:
                self.send_response(200)
            if served.tag:
                self.send_header("ETag", served.tag)
            rest = served.content[begin:]
            self.send_header("Content-Length", str(len(rest) if served.length is None else served.length))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(rest[: served.cuts_after])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 as the library names it
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.port = listening.server_address[1]
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        listening.shutdown()
        listening.server_close()

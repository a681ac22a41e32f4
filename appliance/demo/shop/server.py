"""The shop on a loopback port: REST for tills, pages for people."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from appliance.demo.shop import auth, page
from appliance.demo.shop.asking import Ask, Reply
from appliance.demo.shop.database import ShopDatabase, fill_settings
from appliance.demo.shop.errors import RestError
from appliance.demo.shop.rest import answer

KEY: Final = "ck_demo"
SECRET: Final = "cs_demo"
JSON_TYPE: Final = "application/json; charset=UTF-8"


class DemoShop:
    """A running shop.

    Args:
        data: the shop's file; made with settings and without products if it is not there.
        port: 0 for any free one.
        key, secret: a key that may read and write. read_only_key has the same secret and may only read.
        currency, decimals, country, includes_tax: of a new shop.
        work_seconds: how long each write takes between its steps, as PHP does; a client that leaves changes
        nothing.
        now: seconds since 1970.
    """

    def __init__(  # noqa: PLR0913 - a shop has that many sides
        self,
        data: Path,
        *,
        port: int = 0,
        key: str = KEY,
        secret: str = SECRET,
        currency: str = "EUR",
        decimals: int = 2,
        country: str = "IE",
        includes_tax: bool = True,
        work_seconds: float = 0.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.is_new = not data.exists()
        self.database = ShopDatabase(data, now)
        if self.is_new:
            fill_settings(
                self.database,
                currency=currency,
                decimals=decimals,
                country=country,
                includes_tax=includes_tax,
            )
        self.keys = {key: (secret, "read_write"), f"{key}_read": (secret, "read")}
        self.work_seconds = work_seconds
        self.requests: list[tuple[str, str]] = []
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.shop = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True, name="shop"
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> DemoShop:
        """Answer, on threads of its own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        self.database.close()

    def __enter__(self) -> DemoShop:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    shop: DemoShop

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave: tills without a network do it all day."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _any(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        if length.isdigit() and len(body) < int(length):
            self.close_connection = True  # cut short on the way: nothing is done
            return
        parts = urlsplit(self.path)
        self.server.shop.requests.append((self.command, parts.path))
        if parts.path.startswith("/wp-json"):
            self._rest(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
        else:
            shown = page.answer(self.server.shop.database, self.command, parts.path, parts.query, body)
            self._send(shown.status, shown.body, {"Content-Type": shown.content_type, **shown.headers})

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _any  # noqa: N815 - its names

    def _rest(self, path: str, query: dict[str, str], body: bytes) -> None:
        shop = self.server.shop
        # The address the client used, as a proxy in front passes it on: OAuth signs it.
        url = f"http://{self.headers.get('Host', '')}"
        try:
            auth.check(shop.database, self.command, url + path, query, shop.keys)
            ask = Ask(self.command, query, _body(body), shop.database, url, shop.work_seconds)
            reply = answer(ask, path.removeprefix("/wp-json").strip("/"))
        except RestError as error:
            reply = Reply(error.body, error.status)
        content = json.dumps(reply.body, ensure_ascii=False).encode()
        link = f'<{url}/wp-json/>; rel="https://api.w.org/"'
        self._send(reply.status, content, {"Content-Type": JSON_TYPE, "Link": link, **reply.headers})

    def _send(self, status: int, content: bytes, headers: dict[str, Any]) -> None:
        try:
            self.send_response_only(status)
            self.send_header("Date", formatdate(self.server.shop.database.now(), usegmt=True))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # the client left; what was done stays done

    def finish(self) -> None:
        """Close this thread's connection to the file with the client's."""
        super().finish()
        self.server.shop.database.close()

    def log_message(self, *_: object) -> None:
        """Say nothing: the panel shows what matters."""


def _body(content: bytes) -> dict[str, Any]:
    if not content:
        return {}  # the trap: an empty body is a good one
    try:
        found = json.loads(content)
    except ValueError:
        text = "Invalid JSON body passed."
        error = {"json_error_code": 4, "json_error_message": "Syntax error"}
        raise RestError(400, "rest_invalid_json", text, **error) from None
    return found if isinstance(found, dict) else {}

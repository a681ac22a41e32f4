"""One HTTP request with an end: a total deadline, a size limit, and errors that say whether it was sent.

Measured: the timeouts of requests bound each read, not the request, so a server that drips a byte every half
second holds a thread for minutes. Here a timer shuts the socket down at the deadline, whatever phase it is in
(the encryption's handshake too). Redirects, retries, compressed bodies and the environment's proxies are all
off: each of them has turned a write into something else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from appliance.shops.contract import NotOurShopError, ShopClock, UnknownOutcomeError, UnreachableError
from appliance.shops.http_wire import WatchedAdapter, Wire

PIECE_BYTES: Final = 65_536
AGENT: Final = "Gapless till"
HALF_A_SECOND: Final = timedelta(seconds=0.5)
"""An answer's Date has whole seconds, cut off: the instant lies in that second, on average in its middle."""

# It writes whole addresses into the log, with the key and the signature in their query.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer.

    Attributes:
        status: the HTTP status, never a redirect.
        headers: names in lower case.
        body: as it came; never compressed.
        server_at: the answer's Date header (UTC), None without one.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    server_at: datetime | None

    @property
    def is_json(self) -> bool:
        """True when it says that it is JSON. Captive portals and proxies do not."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


class HttpClient:
    """Sends one request at a time; for one thread.

    Args:
        base_url: of the shop, such as "https://shop.example"; without a slash at its end.
        deadline_seconds: the whole request, from the look-up of the name to the last byte. Only the look-up
        itself
            cannot be cut short (the resolver's own timeouts bound it), but nothing is sent after the
            deadline.
        connect_seconds: for each address of the shop.
        ca_file: certificates to trust instead of the usual ones, for a shop with its own authority.
        max_body_bytes: more is not an answer to a till.
        wall: the computer's own clock, uncorrected.
        alive: called before each request, for who watches that the thread does not hang.

    Attributes:
        clock: the shop's clock against ours as of the last answer. Only where nobody on the way can forge it:
            over https, or within this machine.
    """

    def __init__(
        self,
        base_url: str,
        *,
        deadline_seconds: float = 30.0,
        connect_seconds: float = 5.0,
        ca_file: Path | str | None = None,
        max_body_bytes: int = 8_000_000,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        alive: Callable[[], object] = bool,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._deadline_seconds = deadline_seconds
        self._connect_seconds = connect_seconds
        self._max_body_bytes = max_body_bytes
        self._wall, self._alive = wall, alive
        self.clock: ShopClock | None = None
        parts = urlsplit(self.base_url)
        self._is_trusted = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")
        self._wire = Wire()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(ca_file) if ca_file else True
        self._session.headers.clear()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WatchedAdapter(self._wire))

    def close(self) -> None:
        """Close the kept connection."""
        self._session.close()
        self._wire.close()

    def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer:
        """Send one request and read its whole answer.

        Args:
            method: GET, POST ...
            target: path and query below the base URL, encoded.
            headers: beside our own.
            body: as it is to be sent.

        Raises:
            UnreachableError: not one byte of it was sent.
            UnknownOutcomeError: it was sent, at least in part, and no whole answer came within the deadline.
            NotOurShopError: a redirect, or an answer that is compressed or beyond the size limit.
        """
        sent = {"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "identity", **headers}
        self._alive()
        self._wire.begin(self._deadline_seconds)
        try:
            answer = self._exchange(method, self.base_url + target, sent, body)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._failure(error) from None  # its text holds the address, with the key that signs it
        finally:
            self._wire.end()
        return answer

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        began = time.monotonic()
        response = self._session.request(
            method,
            url,
            data=body,
            headers=dict(headers),
            # A read may last a little longer than all: it is the timer that cuts, and says so.
            timeout=(min(self._connect_seconds, self._deadline_seconds), self._deadline_seconds + 1.0),
            allow_redirects=False,
            stream=True,
        )
        took = timedelta(seconds=time.monotonic() - began)
        try:
            lower = {name.lower(): value for name, value in response.headers.items()}
            server_at = _date(lower.get("date"))
            self._note_clock(server_at, took)
            if 300 <= response.status_code < 400:
                raise NotOurShopError("The network sends the till to another page: it may want a log-in.")
            if lower.get("content-encoding", "identity") != "identity":
                raise NotOurShopError("The answer is packed in a way that the till did not ask for.")
            content = self._read(response.raw)
        except BaseException:
            response.raw.close()
            raise
        return HttpAnswer(response.status_code, lower, content, server_at)

    def _note_clock(self, server_at: datetime | None, took: timedelta) -> None:
        if server_at is not None and self._is_trusted:
            offset = server_at + HALF_A_SECOND - (self._wall() - took / 2)
            self.clock = ShopClock(offset.total_seconds(), (took / 2 + HALF_A_SECOND).total_seconds())

    def _read(self, raw: HTTPResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        while piece := raw.read(PIECE_BYTES, decode_content=False):
            parts.append(piece)
            size += len(piece)
            if size > self._max_body_bytes:
                raise NotOurShopError("The answer is larger than any answer of the shop.")
        raw.release_conn()
        if self._wire.is_over:  # a body without a length looks whole when the socket is cut
            raise UnknownOutcomeError("The shop did not answer in time.")
        return b"".join(parts)

    def _failure(self, error: Exception) -> UnreachableError | UnknownOutcomeError:
        if not self._wire.was_sent:
            return UnreachableError(_reason(error))
        if self._wire.is_over:
            return UnknownOutcomeError("The shop did not answer in time.")
        return UnknownOutcomeError("The connection broke off before the shop's answer was complete.")


def _reason(error: Exception) -> str:
    text = repr(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "The shop's encryption is not trusted (is the till's clock right?)."
    if "NameResolution" in text or "getaddrinfo" in text:
        return "The shop's name cannot be found: no network?"
    if "refused" in text:
        return "The shop's server takes no connections."
    return "The shop cannot be reached."


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

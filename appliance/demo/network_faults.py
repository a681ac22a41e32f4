"""The ways in which a network and a shop fail, each one small function that strikes at one request.

Each was met by somebody: on a real shop, in the issues of WooCommerce and of other tills, in hotels. Two more are
not of the cable: a name that does not resolve, and encryption that is not to be trusted (tests/shops).
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from appliance.demo.network_exchange import PIECE_BYTES, Exchange, answer, closing

JSON: Final = "application/json; charset=UTF-8"
LOG_IN: Final = answer("200 OK", b"<!doctype html><title>Welcome</title><h1>Log in to use this network</h1>")
GO_THERE: Final = answer("302 Found", b"", "Location: http://127.0.0.1:9/login")
BROKEN: Final = answer("500 Internal Server Error", b"<h1>500 Internal Server Error</h1>")
CRITICAL: Final = answer(
    "500 Internal Server Error",
    b'{"code":"internal_server_error","message":"There has been a critical error.","data":{"status":500}}',
    kind=JSON,
)
BAD_GATEWAY: Final = answer("502 Bad Gateway", b"<h1>502 Bad Gateway</h1>")
NO_GATEWAY: Final = answer("504 Gateway Time-out", b"<h1>504 Gateway Time-out</h1>")
EMPTY: Final = answer("200 OK", b"", kind=JSON)
TOO_MANY: Final = answer("429 Too Many Requests", b"<h1>Too many requests</h1>", "Retry-After: 2")
MAINTENANCE: Final = answer(  # WordPress says ten minutes, whatever its page says
    "503 Service Unavailable", b"Briefly unavailable for scheduled maintenance.", "Retry-After: 600"
)
NO_KEY: Final = answer(
    "401 Unauthorized",
    b'{"code":"woocommerce_rest_authentication_error","message":"Consumer key is invalid.","data":{"status":401}}',
    kind=JSON,
)
NOTICE: Final = b"<br />\n<b>Notice</b>:  Undefined index: x in <b>plugin.php</b> on line <b>3</b><br />\n"
BOMB_BYTES: Final = 10_000_000
ENDLESS_BYTES: Final = 100_000_000

Strike = Callable[[Exchange], None]


def _says(page: bytes) -> Strike:
    """The shop hears nothing; somebody answers this."""
    return lambda exchange: exchange.say(page)


def _does_and_says(page: bytes) -> Strike:
    """The shop does it; the till reads this."""

    def strike(exchange: Exchange) -> None:
        exchange.deliver()
        exchange.say(page)

    return strike


def _mute(exchange: Exchange) -> None:
    exchange.deliver()
    exchange.wait_until_given_up()


def _done_reset(exchange: Exchange) -> None:
    exchange.deliver()
    exchange.reset()


def _half(exchange: Exchange) -> None:
    whole = exchange.deliver()
    exchange.say(whole[: len(whole) // 2])


def _notice(exchange: Exchange) -> None:
    head, _, body = closing(exchange.deliver()).partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    exchange.say(b"\r\n".join(lines), b"\r\n\r\n", NOTICE, body)


def _bomb(exchange: Exchange) -> None:
    exchange.deliver()
    exchange.say(answer("200 OK", _packed(), "Content-Encoding: gzip", kind=JSON))


@cache
def _packed() -> bytes:
    return gzip.compress(b"[" + b" " * BOMB_BYTES + b"]", 9)


def _endless(exchange: Exchange) -> None:
    exchange.deliver()
    exchange.say(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nConnection: close\r\n\r\n[".encode())
    for _ in range(ENDLESS_BYTES // PIECE_BYTES):
        exchange.say(b" " * PIECE_BYTES)


def _drip(exchange: Exchange) -> None:
    for byte in exchange.deliver():
        exchange.say(bytes([byte]))
        exchange.road.wait(exchange.road.drip_seconds)


def _late(exchange: Exchange) -> None:
    exchange.hang_up()
    exchange.road.wait(exchange.road.late_seconds)
    exchange.deliver()


def _much_later(exchange: Exchange) -> None:
    exchange.hang_up()
    exchange.road.wait(exchange.road.much_later_seconds)
    exchange.deliver()


def _with_retry(exchange: Exchange) -> None:
    exchange.hang_up()
    exchange.road.hold(exchange.name)
    exchange.deliver()


def _gateway_timeout_late(exchange: Exchange) -> None:
    exchange.say(NO_GATEWAY)
    _late(exchange)


def _twice(exchange: Exchange) -> None:
    answers: list[bytes] = []
    exchange.road.doubled.append(exchange.request)
    second = threading.Thread(target=lambda: answers.append(exchange.send(exchange.again(exchange.request))))
    second.start()
    answers.append(exchange.deliver())
    second.join()
    exchange.say(closing(answers[-1]))


def _stale(exchange: Exchange) -> None:
    earlier = exchange.road.earlier.get(exchange.question) if exchange.method == "GET" else None
    if earlier is None:
        earlier = exchange.deliver()
        exchange.road.note(exchange, earlier)
    exchange.say(closing(earlier))


def _other(exchange: Exchange) -> None:
    own = exchange.deliver()
    another = exchange.road.another(exchange.name)
    exchange.road.note(exchange, own)
    exchange.say(closing(another) if another else answer("200 OK", b'[{"id":1}]', kind=JSON))


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to fail.

    Attributes:
        name: as it is set.
        strike: does it, to one request.
        note: in a few words, after "the network" or "the shop".
        words: what it is like.
    """

    name: str
    strike: Strike
    note: str
    words: str


GROUPS: Final = {
    "No way through": (
        Kind("refuse", Exchange.reset, "takes no connections", "The router or the server is off."),
        Kind("nothing", Exchange.wait_until_given_up, "never answers", "The request is lost on its way."),
        Kind("reset", Exchange.reset, "breaks off at once", "It was sent, and the connection breaks."),
    ),
    "A stranger's page": (
        Kind("html", _says(LOG_IN), "answers a web page", "A hotel's network wants a log-in first."),
        Kind("redirect", _says(GO_THERE), "sends to another page", "The same hotel, by a redirect."),
    ),
    "Done, unheard": (
        Kind("mute", _mute, "does it, says nothing", "The answer is lost on its way back."),
        Kind("done-reset", _done_reset, "does it, breaks off", "The connection breaks before the answer."),
        Kind("500-done", _does_and_says(CRITICAL), "does it, says 500", "A plugin crashes when all is done."),
        Kind("502", _does_and_says(BAD_GATEWAY), "does it, says 502", "The proxy gave up on the shop."),
        Kind("empty", _does_and_says(EMPTY), "does it, empty answer", "PHP dies at its end: 200, no body."),
    ),
    "Broken answers": (
        Kind("half", _half, "answers half a reply", "It is done, and half of the answer arrives."),
        Kind("notice", _notice, "a warning before it", "It is done; PHP writes a notice before the JSON."),
        Kind("bomb", _bomb, "a bomb of zeros", "10 kB that unpack to 10 MB; nothing packed was asked for."),
        Kind("endless", _endless, "an answer without end", "It goes on and on."),
        Kind("drip", _drip, "a byte at a time", "No read ever times out, and the whole never comes."),
    ),
    "Late or twice": (
        Kind("late", _late, "does it a bit later", "The till gave up; soon after, the shop hears it."),
        Kind("much-later", _much_later, "does it much later", "When nobody thinks of it any more."),
        Kind(
            "with-retry", _with_retry, "waits for the retry", "Held until it is sent again: both run at once."
        ),
        Kind("twice", _twice, "hears it twice", "A proxy delivers it twice at once."),
        Kind(
            "504-late",
            _gateway_timeout_late,
            "504, and does it later",
            "The proxy gave up, the shop did not.",
        ),
    ),
    "Error pages": (
        Kind("429", _says(TOO_MANY), "too many requests", "The host asks for patience: Retry-After."),
        Kind("500", _says(BROKEN), "answers error 500", "A broken server; nothing is done."),
        Kind("503", _says(MAINTENANCE), "under maintenance", "WordPress updates itself."),
        Kind("504", _says(NO_GATEWAY), "answers 504", "The proxy found no server; nothing is done."),
        Kind("401", _says(NO_KEY), "refuses the key", "Yesterday it was good."),
    ),
    "Wrong answers": (
        Kind("stale", _stale, "answers of yesterday", "A cache answers as it was answered first."),
        Kind("other", _other, "another's answer", "It is done; the answer belongs to another request."),
    ),
}
KINDS: Final = {kind.name: kind for group in GROUPS.values() for kind in group}
"""What can be set, by name."""

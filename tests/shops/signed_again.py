"""A request as a proxy would have to send it for an http shop to do it twice: with a signature of its own."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl

from appliance.shops import woocommerce_auth as auth


def signing_again(key: str, secret: str, now: Callable[[], float] = time.time) -> Callable[[bytes], bytes]:
    """Sign requests anew. Over https nobody has to: Basic carries no number that is used once."""

    def again(request: bytes) -> bytes:
        line, _, rest = request.partition(b"\r\n")
        method, target, version = line.decode().split(" ")
        path, _, query = target.partition("?")
        (host,) = [each[5:].strip() for each in rest.split(b"\r\n") if each.lower().startswith(b"host:")]
        asked = {name: value for name, value in parse_qsl(query, True) if not name.startswith("oauth_")}
        signed = auth.signed(
            method,
            f"http://{host.decode()}{path}",
            asked,
            key=key,
            secret=secret,
            seconds=int(now()),
            nonce=uuid.uuid4().hex,
        )
        return f"{method} {path}?{auth.query(signed)} {version}\r\n".encode() + rest

    return again

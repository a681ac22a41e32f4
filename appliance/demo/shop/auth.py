"""Who may ask: Basic on https (never here), OAuth 1.0a with HMAC-SHA256 on http, with WooCommerce's traps.

Written apart from the till's own signing, from RFC 5849, so that each checks the other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from appliance.demo.shop.database import ShopDatabase
from appliance.demo.shop.errors import cannot_view, not_ours

WINDOW_SECONDS: Final = 15 * 60


def check(
    database: ShopDatabase,
    method: str,
    url: str,
    query: Mapping[str, str],
    keys: Mapping[str, tuple[str, str]],
) -> None:
    """Let a signed request through.

    Args:
        database: remembers nonces.
        method: GET, POST ...
        url: without its query.
        query: all parameters.
        keys: consumer key to (secret, permissions "read" or "read_write").

    Raises:
        RestError: 401, worded as WooCommerce words it.
    """
    if "oauth_consumer_key" not in query:
        raise cannot_view()  # Basic over plain http is not even looked at
    secret, permissions = keys.get(query["oauth_consumer_key"], ("", ""))
    if not secret:
        raise not_ours("Consumer key is invalid.")
    if not hmac.compare_digest(_signature(method, url, query, secret), query.get("oauth_signature", "")):
        raise not_ours("Invalid signature - provided signature does not match.")
    _check_time(database, query)
    if method not in ("GET", "OPTIONS", "HEAD") and "write" not in permissions:
        raise not_ours("The API key provided does not have write permissions.")


def _check_time(database: ShopDatabase, query: Mapping[str, str]) -> None:
    stamp = query.get("oauth_timestamp", "")
    seconds = int(stamp) if stamp.isdigit() else 0
    if abs(database.now() - seconds) > WINDOW_SECONDS:
        raise not_ours("Invalid timestamp.")
    with database.transaction():
        database.write("DELETE FROM nonce WHERE seconds < ?", (seconds - 2 * WINDOW_SECONDS,))
        nonce = query.get("oauth_nonce", "")
        if not nonce or database.row("SELECT 1 FROM nonce WHERE nonce = ?", (nonce,)):
            raise not_ours("Invalid nonce - nonce has already been used.")
        database.insert("nonce", nonce=nonce, seconds=seconds)


def _signature(method: str, url: str, query: Mapping[str, str], secret: str) -> str:
    def encode(text: str) -> str:
        return quote(text, safe="-._~")

    signed = sorted((encode(key), encode(value)) for key, value in query.items() if key != "oauth_signature")
    parameters = "&".join(f"{key}={value}" for key, value in signed)
    base = "&".join((method, encode(url), encode(parameters)))
    digest = hmac.new(f"{secret}&".encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()

"""How a request proves that it is ours: Basic over https; over http WooCommerce wants OAuth 1.0a, one-legged.

Measured on 9.9.5: Basic over http is answered with 401 whatever the key; a timestamp more than 15 minutes off
and a nonce used twice are refused too, so that a request that a proxy delivers twice over http is done once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote, urlencode


def basic(key: str, secret: str) -> str:
    """The Authorization header of Basic."""
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode("ascii")


def query(parameters: Mapping[str, str]) -> str:
    """Write parameters as a query, encoded as OAuth signs them (RFC 3986: space is %20)."""
    return urlencode(parameters, quote_via=quote, safe="~")


def signed(
    method: str, url: str, parameters: Mapping[str, str], *, key: str, secret: str, seconds: int, nonce: str
) -> dict[str, str]:
    """Return the parameters with OAuth's own and the signature over them all.

    Args:
        method: GET, POST ...
        url: without its query.
        parameters: the query's.
        key: consumer key; secret: its secret.
        seconds: since 1970 by the shop's clock.
        nonce: never used before.
    """
    full = {
        **parameters,
        "oauth_consumer_key": key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(seconds),
    }
    full["oauth_signature"] = signature(method, url, full, secret)
    return full


def signature(method: str, url: str, parameters: Mapping[str, str], secret: str) -> str:
    """Sign a request (RFC 5849 with SHA-256, and no token: the secret is followed by a lone ampersand)."""
    pairs = sorted((_escape(name), _escape(value)) for name, value in parameters.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    text = f"{method.upper()}&{_escape(url)}&{_escape(joined)}"
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def _escape(text: str) -> str:
    return quote(text, safe="~")

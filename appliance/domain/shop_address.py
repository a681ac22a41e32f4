"""The online shop's address and key, as a person types, copies or scans them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

SCHEME: Final = "https://"
_SCHEME: Final = re.compile("https?://", re.IGNORECASE)
_KEY_PAGE: Final = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"
_KEYS: Final = re.compile(r"\s*(ck_[\x21-\x7b\x7d\x7e]+)\|(cs_[\x21-\x7b\x7d\x7e]+)\s*")


def is_address(text: str) -> bool:
    """Whether a scan is an address of the web."""
    return bool(_SCHEME.match(text.strip()))


def address_in(text: str) -> str:
    """The shop's own address in what was typed or scanned: with https://, without what stands behind; "" for none.

    An address that was copied from the shop's own pages ends at ``/wp-admin``; nothing else is known to be superfluous.
    """
    text = text.strip()
    if not text or text.lower() in ("https://", "http://"):
        return ""
    if not _SCHEME.match(text):
        text = SCHEME + text.lstrip("/")
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    path = re.split(r"/wp-(?:admin|login|json)\b", parts.path)[0].rstrip("/")
    return f"{parts.scheme.lower()}://{parts.netloc}{path}"


def key_page(address: str) -> str:
    """Where WooCommerce makes a new key: what an owner's telephone opens (its own link "Add key")."""
    return address_in(address) + _KEY_PAGE


def keys_in(text: str) -> tuple[str, str] | None:
    """Key and secret in the code that WooCommerce shows once beside a new key: ``ck_...|cs_...``."""
    found = _KEYS.fullmatch(text)
    return (found[1], found[2]) if found else None

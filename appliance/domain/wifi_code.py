"""The code by which telephones hand on a Wi-Fi: ``WIFI:T:WPA;S:name;P:password;;`` (ZXing's form, which all use)."""

from __future__ import annotations

import re
from typing import Final

_FIELD: Final = re.compile(r"([A-Z]+):((?:\\.|[^\\;])*);")
_ESCAPED: Final = re.compile(r"\\(.)")


def wifi_in(text: str) -> tuple[str, str] | None:
    """Name and password; None where it is another code, or a Wi-Fi without a password, which the till does not join."""
    kind, colon, rest = text.strip().partition(":")
    if kind.upper() != "WIFI" or not colon:
        return None
    fields = {name: _ESCAPED.sub(r"\1", value) for name, value in _FIELD.findall(rest)}
    name, password = fields.get("S", ""), fields.get("P", "")
    return (name, password) if name and password else None

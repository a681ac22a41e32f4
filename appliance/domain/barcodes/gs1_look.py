"""Whether a text looks like GS1 element strings: asked at every scan, so without what reading them needs."""

from __future__ import annotations

import re
from typing import Final

from appliance.domain.barcodes.numbers import is_gtin

GROUP_SEPARATOR: Final = "\x1d"
_SYMBOLOGIES: Final = ("C1", "e0", "e1", "e2", "d2", "d5", "Q3", "Q5", "J1", "J4")
_BARE: Final = re.compile(r"01(\d{14})([0-9].*)?")


def is_element_string(text: str, symbology: str | None) -> bool:
    """Whether a text is meant as element strings: by its symbology, a separator, or a checked number."""
    if symbology in _SYMBOLOGIES or GROUP_SEPARATOR in text or text.startswith("(01)"):
        return True
    found = _BARE.fullmatch(text)
    return found is not None and is_gtin(found[1])

"""The number that this till is called by where a person must be sure of it: on its screen, in a technician's token."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from appliance.machine.hardware import ROOT, board_number

_DIGITS: Final = 16


def till_number(root: Path = ROOT) -> str:
    """The board's own number; where it has none, one of the card's, that tells nothing of what it is made of."""
    number = board_number(root).lower()
    if number:
        return number
    try:
        made = (root / "etc/machine-id").read_text("ascii").strip()
    except OSError:
        return ""
    return hashlib.sha256(f"gapless till {made}".encode()).hexdigest()[:_DIGITS]

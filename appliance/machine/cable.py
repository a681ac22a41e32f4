"""Whether a network cable is plugged in, as systemd-networkd says it: the kiosk itself has no network to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LINKS: Final = Path("/run/systemd/netif/links")
"""A file for each interface; anybody may read them."""
_WIRE: Final = "-till-wire.network"


def has_cable(folder: Path = LINKS) -> bool:
    """Whether one of the wired interfaces has a carrier; False where nobody says."""
    try:
        links = [path.read_text("utf-8", "replace") for path in sorted(folder.iterdir())]
    except OSError:
        return False
    return any(_is_wire(dict(row.partition("=")[::2] for row in link.splitlines())) for link in links)


def _is_wire(said: dict[str, str]) -> bool:
    return said.get("NETWORK_FILE", "").endswith(_WIRE) and said.get("CARRIER_STATE") == "carrier"

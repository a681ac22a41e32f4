"""Which USB devices are plugged in, from the kernel's own list: enough to see that one did not come back.

What each one is and does the drivers know; here only their numbers count, and how many of a kind there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_HUB: Final = "09"
_STORAGE: Final = "08"


def plugged_in(root: Path = Path("/")) -> tuple[str, ...]:
    """Vendor and product number of each device, such as "04b8:0e28"; neither hubs nor sticks, which come and go."""
    found = []
    for device in sorted((root / "sys/bus/usb/devices").glob("*")):
        vendor, product = _read(device / "idVendor"), _read(device / "idProduct")
        if not vendor or not product or _read(device / "bDeviceClass") == _HUB:
            continue
        if _STORAGE not in {_read(each) for each in device.glob("*/bInterfaceClass")}:
            found.append(f"{vendor}:{product}")
    return tuple(sorted(found))


def has_stick(root: Path = Path("/")) -> bool:
    """Whether a USB stick or disk is plugged in; a card that starts from one counts too."""
    return any(_read(each) == _STORAGE for each in (root / "sys/bus/usb/devices").glob("*/bInterfaceClass"))


def missing(before: Iterable[str], now: Iterable[str]) -> list[str]:
    """Those of before that are not there now."""
    return sorted((Counter(before) - Counter(now)).elements())


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""

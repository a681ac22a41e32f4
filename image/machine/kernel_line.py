"""What the harness adds to the card's own kernel line: a console, the test shell, and patience.

An emulated computer is 10 to 20 times slower than a board, and devices and programs miss the seconds that systemd gives
them. The card itself is not changed: systemd takes settings of single units from the kernel line too, as credentials.
"""

from __future__ import annotations

import base64
from typing import Final

from image.machine.shell import UNIT

_PATIENCE: Final = (
    "systemd.default_device_timeout_sec=900",
    "systemd.default_timeout_start_sec=900",
    "systemd.watchdog_sec=0",
    "systemd.getty_auto=no",
    "panic=-1",  # a panic ends QEMU at once
)
_SLOW_UNITS: Final = {
    "till-kiosk.service": "TimeoutStartSec=1800\nWatchdogSec=600",
    "till-sync.service": "TimeoutStartSec=1800\nWatchdogSec=1800",
}


def kernel_line(cards_own: str, console: str) -> str:
    """The line that the computer is started with.

    Args:
        cards_own: as it stands on the card.
        console: where the kernel's log goes.
    """
    dropins = (
        f"systemd.set_credential_binary=systemd.unit-dropin.{unit}:{_packed(settings)}"
        for unit, settings in _SLOW_UNITS.items()
    )
    return " ".join((cards_own, f"console={console}", *_PATIENCE, *dropins, f"systemd.wants={UNIT}"))


def _packed(settings: str) -> str:
    return base64.b64encode(f"[Service]\n{settings}\n".encode()).decode()

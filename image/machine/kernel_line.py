"""What the harness adds to the card's own kernel line: a console, the test shell, and patience.

An emulated computer is 10 to 20 times slower than a board, and devices and programs miss the seconds that systemd gives
them. The card itself is not changed: systemd takes settings of single units from the kernel line too, as credentials.
"""

from __future__ import annotations

import base64
from typing import Final

from image.machine.errors import MachineError
from image.machine.shell import UNIT

_PATIENCE: Final = (
    "systemd.default_device_timeout_sec=900",
    "systemd.default_timeout_start_sec=900",
    "systemd.watchdog_sec=0",
    "panic=-1",  # a panic ends QEMU at once
    "no_timer_check",  # a crowded computer gives the timer so little time that the kernel takes it for broken
)
_LONGEST: Final = 2047
"""COMMAND_LINE_SIZE of arm64 and of amd64, less its end."""
_SLOW_UNITS: Final = {
    "till-health.service": "TimeoutStartSec=1800",
    "till-kiosk.service": "TimeoutStartSec=1800\nWatchdogSec=600",
    "till-sync.service": "TimeoutStartSec=1800\nWatchdogSec=1800",
    "till-trial.service": "Environment=TRIAL_SECONDS=1500\nRuntimeMaxSec=1800",
}


def kernel_line(cards_own: str, console: str, board_key: str = "", unit: str = "") -> str:
    """The line that the computer is started with.

    Args:
        cards_own: as it stands on the card.
        console: where the kernel's log goes.
        board_key: the file that tells the board's key, in place of the module that asks a Pi's firmware; "" for none.
        unit: the shell's, for a board to which QEMU can hand nothing over; "" where it does.

    Raises:
        MachineError: it is longer than a kernel reads.
    """
    given = {f"unit-dropin.{name}": f"[Service]\n{settings}\n" for name, settings in _SLOW_UNITS.items()}
    given |= {f"extra-unit.{UNIT}": unit} if unit else {}
    credentials = (
        f"systemd.set_credential_binary=systemd.{name}:{base64.b64encode(text.encode()).decode()}"
        for name, text in given.items()
    )
    key = (f"systemd.setenv=BOARD_KEY={board_key}",) if board_key else ()
    words = (cards_own, f"console={console}", *_PATIENCE, *key, *credentials, f"systemd.wants={UNIT}")
    line = " ".join(words)
    if len(line) > _LONGEST:
        raise MachineError(
            f"The kernel line has {len(line)} characters: the kernel cuts it after {_LONGEST}."
        )
    return line

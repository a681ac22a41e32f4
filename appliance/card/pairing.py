"""Which scanner udev lets in, where the settings name one: all others are shut out (systemd/udev/60-till-usb.rules)."""

from __future__ import annotations

import re
from typing import Final

PAIRED: Final = "59-till-paired.rules"
_IDS: Final = re.compile("([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
_PORT: Final = re.compile(r"usb-[\w:.]+-([0-9.]+)(/input\d+)?")
_SERIAL: Final = re.compile(r"[\w .:+/-]{1,64}")
"""No quote, bracket or star: none of udev's own signs."""


def pairing_rules(match: str) -> str:
    """The rules for ``scanner.match``; "" where it names nothing that udev can tell.

    Args:
        match: "vendor:product" in hexadecimal digits, the port ("usb-0000:01:00.0-1.2/input0"), or a serial number.
    """
    wanted = _wanted(match.strip())
    if not wanted:
        return ""
    return (
        "# Made by till-setup from till.toml at each boot: only the paired scanner is one.\n"
        'ACTION!="remove", SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ENV{TILL_SCANNER}="0"\n'
        f'ACTION!="remove", SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", {wanted}, ENV{{TILL_SCANNER}}="1"\n'
    )


def _wanted(match: str) -> str:
    if found := _IDS.fullmatch(match):
        return f'ATTR{{idVendor}}=="{found[1].lower()}", ATTR{{idProduct}}=="{found[2].lower()}"'
    if found := _PORT.fullmatch(match):
        return f'KERNEL=="*-{found[1]}"'
    return f'ATTR{{serial}}=="{match}"' if _SERIAL.fullmatch(match) else ""

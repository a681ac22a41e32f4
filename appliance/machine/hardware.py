"""Which hardware this is: numbers that were burned into the board and into the card that holds the journal.

A card that was copied, or put into another board, has another fingerprint; the till then asks before it goes on under
the same receipt series (``till.identifying``). Only numbers count that

* everybody may read: a PC's product number can be read by root alone, so a till that is set up by root and run by
  another would find itself on other hardware each morning;
* are the same after each start: the installation's own number (machine-id) is copied with the card, and in a
  container or on a read-only system it is new each time. A computer without a number, such as a container, counts
  as unknown, which proves nothing;
* no driver or kernel changes: of a card's CID the last byte is left out (some drivers show its check sum there,
  some 0), of a USB disk only what its own descriptor says counts (not the SCSI page that depends on the driver).

The card is the one that the journal's folder is on, wherever it is plugged in; one in a reader is not looked at.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from appliance.domain.hardware import fingerprint

ROOT: Final = Path("/")
_BOARD: Final = ("sys/firmware/devicetree/base/serial-number", "proc/device-tree/serial-number")
_CID_DIGITS: Final = 30
"""Of 32: without the byte of the check sum."""


def hardware_id(folder: Path, root: Path = ROOT) -> str:
    """The fingerprint of this computer with the card that a folder is on; it tells nothing of the numbers themselves.

    Args:
        folder: where the journal is; it need not be there yet.
        root: where ``/proc`` and ``/sys`` are, for a test.
    """
    return fingerprint(board_number(root), card_number(_device_of(folder), root))


def board_number(root: Path = ROOT) -> str:
    """A Raspberry Pi's serial number, "" where the board has none."""
    return next(filter(None, (_read(root / name) for name in _BOARD)), "")


def card_number(device: int, root: Path = ROOT) -> str:
    """The number of the disk behind a device number (``st_dev``): card, eMMC, NVMe or USB disk; "" where it has none.

    A partition leads to its disk, an encrypted volume to the partition below it.
    """
    link = root / f"sys/dev/block/{os.major(device)}:{os.minor(device)}"
    return _number_of(link.resolve(), (root / "sys").resolve()) if link.exists() else ""


def _number_of(device: Path, top: Path) -> str:
    below = sorted((device / "slaves").glob("*"))
    if below:
        return _number_of(below[0].resolve(), top)
    for folder in (device, *device.parents):
        if folder == top:
            break
        if cid := _read(folder / "cid"):
            return f"mmc {cid[:_CID_DIGITS]}"
        is_usb = (folder / "idVendor").exists()
        if is_usb or folder.name.startswith(
            "nvme"
        ):  # a virtual disk's serial is what its host likes to call it
            if number := _read(folder / "serial"):
                return f"{'usb' if is_usb else 'nvme'} {number}"
            if is_usb:
                break  # above it are hubs, whose "serial" names a controller
    return ""


def _device_of(folder: Path) -> int:
    return next(place for place in (folder, *folder.parents) if place.exists()).stat().st_dev


def _read(path: Path) -> str:
    try:
        text = path.read_text("ascii", errors="replace").strip("\0 \n")
    except OSError:
        return ""
    return text if text.strip("0x") else ""

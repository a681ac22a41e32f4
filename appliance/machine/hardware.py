"""Which hardware this is: the board and its memory card, as one fingerprint.

A card that was copied, or put into another board, has another fingerprint; the till then asks before it goes on under
the same receipt series (see ``till.identifying``). Sources, in order: a Raspberry Pi's serial number in the device tree, a PC's
product number, at last the installation's own number; and the CID of the card, a number that its maker burned in.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

ROOT: Final = Path("/")
_BOARD: Final = ("proc/device-tree/serial-number", "sys/class/dmi/id/product_uuid", "etc/machine-id")
_CARDS: Final = "sys/block/mmcblk*/device/cid"


def hardware_id(root: Path = ROOT) -> str:
    """The fingerprint: 64 hexadecimal digits that tell nothing of the numbers themselves.

    Args:
        root: where ``/proc``, ``/sys`` and ``/etc`` are, for a test.
    """
    board = next(filter(None, (_read(root / name) for name in _BOARD)), "")
    cards = sorted(filter(None, (_read(path) for path in root.glob(_CARDS))))
    return hashlib.sha256("\n".join([board, *cards]).encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace").strip("\0 \n")
    except OSError:
        return ""

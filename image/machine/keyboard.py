"""The barcode scanner: a USB keyboard of QEMU's, typed on through its control socket."""

from __future__ import annotations

import time
from typing import Any, Final

from image.machine.errors import MachineError
from image.machine.qmp import Qmp

MATCH: Final = "0627:0001"
"""Vendor and product of QEMU's keyboard: what a technician would write under [scanner] match."""
GAP_SECONDS: Final = 0.04
"""Between a key's ends: QEMU's keyboard remembers 16 of them and forgets more without a word."""
_NAMES: Final = {"\n": "ret", "\t": "tab", "-": "minus", " ": "spc", ".": "dot", "/": "slash", "=": "equal"}


def strokes(text: str) -> list[list[str]]:
    """QEMU's names of the keys for each character, those to hold first; of a US keyboard.

    Raises:
        MachineError: for a character that is not among them.
    """
    found = []
    for character in text:
        name = _NAMES.get(character, character.lower())
        if len(character.lower()) != 1 or not (
            character in _NAMES or (character.isascii() and character.isalnum())
        ):
            raise MachineError(f"The scanner cannot type {character!r}.")
        found.append(["shift", name] if character.isupper() else [name])
    return found


def scan(qmp: Qmp, barcode: str) -> None:
    """Type a barcode and Enter; slower than a scanner, as the computer that reads it is slower too."""
    for keys in strokes(f"{barcode}\n"):
        press(qmp, *keys)


def press(qmp: Qmp, *keys: str) -> None:
    """Press keys together, those to hold first, and let go; by QEMU's names: "ctrl", "alt", "delete"."""
    for down, names in ((True, keys), (False, keys[::-1])):
        qmp.ask("input-send-event", events=[_key(name, down=down) for name in names])
        time.sleep(GAP_SECONDS)


def _key(name: str, *, down: bool) -> dict[str, Any]:
    return {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": name}}}

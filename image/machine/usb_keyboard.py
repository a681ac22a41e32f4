"""A USB keyboard that somebody brings along: what it types, and whether the computer ever listened to it."""

from __future__ import annotations

import struct
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.machine.errors import MachineError
from image.machine.usb_link import GET_DESCRIPTOR, UsbLink

_REPORT_DESCRIPTOR: Final = 0x22
#: Modifiers, a byte that is kept free, six keys: HID 1.11, appendix B.1.
_REPORTS: Final = bytes.fromhex(
    "0501 0906 a101 0507 19e0 29e7 1500 2501 7501 9508 8102 9501 7508 8103 9506 7508 1500 25ff 0507"
    "1900 29ff 8100 c0".replace(" ", "")
)
_MODIFIERS: Final = {"ctrl": 0x01, "shift": 0x02, "alt": 0x04}
_OTHERS: Final = {"enter": 0x28, "delete": 0x4C, "sysrq": 0x46, "1": 0x1E, "0": 0x27} | {
    "-": 0x2D,
    "=": 0x2E,
    "\\": 0x31,
    ";": 0x33,
    ".": 0x37,
    "/": 0x38,
}
_SHIFTED: Final = {"_": "-", "|": "\\", ":": ";", "?": "/", "&": "7"}
"""Of a US keyboard: the sign, and whose key is held with shift for it."""
GAP_SECONDS: Final = 0.03


@dataclass(frozen=True, slots=True)
class KeyboardIdentity:
    """An input device with one interface.

    Attributes:
        subclass, protocol: 1 and 1 for a keyboard that says so, 0 and 0 for one that does not.
    """

    vendor: int = 0x046D
    product: int = 0xC31C
    subclass: int = 1
    protocol: int = 1
    name: str = "USB Keyboard"

    def descriptors(self) -> bytes:
        """Device and configuration descriptor, as in sysfs."""
        ids = (self.vendor, self.product, 0x0110, 0, 2, 0, 1)
        device = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, *ids)
        human = struct.pack("<BBHBBBH", 9, 0x21, 0x0110, 0, 1, _REPORT_DESCRIPTOR, len(_REPORTS))
        end = struct.pack("<BBBBHB", 7, 5, 0x81, 3, 8, 4)
        interface = struct.pack("<9B", 9, 4, 0, 0, 1, 3, self.subclass, self.protocol, 0) + human + end
        return device + struct.pack("<BBHBBBBB", 9, 2, 9 + len(interface), 1, 1, 0, 0xA0, 50) + interface

    def string(self, index: int) -> bytes:
        """String descriptor ``index``; 0 lists the languages."""
        if index == 0:
            return struct.pack("<BBH", 4, 3, 0x409)
        text = (self.name if index == 2 else "").encode("utf-16le")
        return bytes([len(text) + 2, 3]) + text


class _KeyboardFunction:
    """Reports wait until the computer asks for them: if it never does, nobody listens."""

    def __init__(self) -> None:
        self.lock: AbstractContextManager[object] = threading.RLock()
        self.reports: deque[bytes] = deque()
        self.taken = 0

    def answers(self) -> bool:
        return True

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        if (request_type, request, value >> 8) == (0x81, GET_DESCRIPTOR, _REPORT_DESCRIPTOR):
            return _REPORTS
        return b"" if request_type == 0x21 else None  # SET_IDLE, SET_PROTOCOL, lamps

    def take(self, data: bytes) -> int:
        return len(data)

    def give(self, limit: int) -> bytes:
        if not self.reports:
            return b""
        self.taken += 1
        return self.reports.popleft()[:limit]

    def reset(self) -> None:
        """What was typed stays: a person types it again."""


class UsbKeyboard:
    """A keyboard on a USB socket of the computer.

    Args:
        path: of the socket.
        identity: what it says it is.
    """

    def __init__(self, path: Path, identity: KeyboardIdentity | None = None) -> None:
        self._function = _KeyboardFunction()
        self._link = UsbLink(path, identity or KeyboardIdentity(), self._function)

    @property
    def heard(self) -> int:
        """How many of its reports the computer took."""
        return self._function.taken

    def plug(self) -> None:
        """Plug it in."""
        self._link.plug()

    def unplug(self) -> None:
        """Pull it out."""
        self._link.unplug()

    def press(self, *keys: str) -> None:
        """Press keys together, modifiers first, and let go: "ctrl", "alt", "delete"."""
        held = sum(_MODIFIERS.get(key, 0) for key in keys)
        codes = bytes(code_of(key) for key in keys if key not in _MODIFIERS)
        with self._function.lock:
            self._function.reports += [bytes([held, 0]) + codes.ljust(6, b"\0"), bytes(8)]
        time.sleep(GAP_SECONDS)

    def type(self, text: str, gap_seconds: float = 0.0) -> None:
        """Type a text and Enter; with a pause behind each key, for a computer that is slow to read."""
        for letter in text:
            self.press(*keys_of(letter))
            time.sleep(gap_seconds)
        self.press("enter")

    def press_each(self, keys: Iterable[str]) -> None:
        """One key after the other."""
        for key in keys:
            self.press(key)


def keys_of(letter: str) -> tuple[str, ...]:
    """The keys for a letter on a US keyboard, those to hold first."""
    if letter in _SHIFTED:
        return "shift", _SHIFTED[letter]
    return ("shift", letter.lower()) if letter.isupper() else (letter,)


def code_of(key: str) -> int:
    """A key's number on HID's page of keys.

    Raises:
        MachineError: for a key that nobody needs here.
    """
    if key in _OTHERS:
        return _OTHERS[key]
    if len(key) == 1 and "a" <= key <= "z":
        return ord(key) - ord("a") + 4
    if len(key) == 1 and key.isdigit():
        return int(key) + 0x1D
    if key.startswith("f") and key[1:].isdigit():
        return int(key[1:]) + 0x39
    raise MachineError(f"The keyboard has no key {key!r}.")

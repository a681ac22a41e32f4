"""Turns a scanner's keys into text. Pure: no device, no clock, no thread.

What is not certain is refused whole: a naive reader that lost events reads "12" + Enter out of an EAN-13 and
sells article 12. A barcode may be hostile too (a Code 128 can type shortcuts): anything but characters
refuses the scan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from drivers.devices import Scan, ScanRejected
from drivers.layouts import ENTER, GS, KEYPAD, KEYPAD_ENTER, RIGHT_BRACKET, TAB, US, Layout, Level

_MODIFIERS = {
    42: "shift",
    54: "shift",
    29: "ctrl",
    97: "ctrl",
    56: "alt",
    100: "altgr",
    125: "meta",
    126: "meta",
}
_CAPS_LOCK, _NUM_LOCK, _SCROLL_LOCK = 58, 69, 70
_PRESSED = 1
_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])(.*)", re.DOTALL)
_COMBINING = {"^": "\u0302", "´": "\u0301", "`": "\u0300", "~": "\u0303", "¨": "\u0308"}
_FIRST_PRINTABLE, _DELETE = 0x20, 0x7F

SUFFIX_KEYS = {"enter": (ENTER, KEYPAD_ENTER), "tab": (TAB,)}


@dataclass(slots=True)
class _Reading:
    """What came since the last suffix."""

    text: str = ""
    bad: str = ""  # why it must be refused
    last_at: float = 0.0
    accent: str = ""  # a dead key that waits for its letter


@dataclass(slots=True)
class ScanDecoder:
    """Feed it every key event in order; it answers with complete scans and refusals.

    Attributes:
        layout: What the scanner is set to.
        suffix_keys: Key codes that end a scan.
        silence_seconds: A scan without its suffix is given up after so long a silence.
        longest: More characters than this are refused (a QR code holds at most 7089).
    """

    layout: Layout = US
    suffix_keys: Collection[int] = (ENTER, KEYPAD_ENTER, TAB)
    silence_seconds: float = 1.0
    longest: int = 7089
    _held: set[int] = field(default_factory=set)
    _alt_digits: str = ""
    _reading: _Reading = field(default_factory=_Reading)

    @property
    def deadline(self) -> float | None:
        """When ``expire`` has something to say, None for an empty reading."""
        now = self._reading
        return now.last_at + self.silence_seconds if now.text or now.bad or now.accent else None

    def feed(self, code: int, value: int, at: float) -> list[Scan | ScanRejected]:
        """One EV_KEY event.

        Args:
            code: Key code.
            value: 1 pressed, 0 released, 2 repeated (ignored: a held key must not repeat a digit).
            at: Seconds on the monotonic clock.
        """
        if code in _MODIFIERS:
            self._modifier(code, value, at)
            return []
        if value != _PRESSED or code in (_CAPS_LOCK, _NUM_LOCK, _SCROLL_LOCK):
            return []  # locks are ignored on purpose: keys are read by code, so they change nothing
        answers = self.expire(at)
        self._reading.last_at = at
        if code in self.suffix_keys:
            return answers + self._finish(at)
        self._add(code)
        if len(self._reading.text) > self.longest:
            self._refuse("too long")
            self._reading.text = self._reading.text[: self.longest]
        return answers

    def lose(self, at: float, held: Iterable[int] = ()) -> None:
        """The kernel dropped events (SYN_DROPPED): refuse the whole scan, up to its suffix or a silence.

        Args:
            at: Seconds on the monotonic clock.
            held: Keys that are down now, asked of the device: a modifier's release may be among the lost.
        """
        self._held = {code for code in held if code in _MODIFIERS}
        self._alt_digits = ""
        self._reading.last_at = at
        self._refuse("events were lost")

    def expire(self, at: float) -> list[Scan | ScanRejected]:
        """Give up a reading that has been silent for too long."""
        deadline = self.deadline
        return [] if deadline is None or at < deadline else self.give_up(at)

    def give_up(self, at: float) -> list[Scan | ScanRejected]:
        """Refuse what has come so far; nothing when nothing came."""
        if self.deadline is None:
            return []
        old, self._reading = self._reading, _Reading()
        return [ScanRejected(old.bad or "the end is missing", old.text + old.accent, at)]

    def _refuse(self, reason: str) -> None:
        self._reading.bad = self._reading.bad or reason

    def _modifier(self, code: int, value: int, at: float) -> None:
        if value:
            self._held.add(code)
            return
        self._held.discard(code)
        if _MODIFIERS[code] == "alt" and self._alt_digits:
            digits, self._alt_digits = self._alt_digits, ""
            self._reading.last_at = at
            self._type(_by_number(digits))

    def _add(self, code: int) -> None:
        held = {_MODIFIERS[modifier] for modifier in self._held}
        if "alt" in held and code in KEYPAD and KEYPAD[code].isdigit():
            self._alt_digits += KEYPAD[code]
        elif held & {"alt", "meta"}:
            self._refuse("a shortcut in the barcode")
        elif "ctrl" in held:
            self._type(GS if code == RIGHT_BRACKET else None, "a control character in the barcode")
        elif code in KEYPAD:
            self._type(KEYPAD[code])
        else:
            level = Level.ALTGR if "altgr" in held else Level.SHIFT if "shift" in held else Level.PLAIN
            if (code, level) in self.layout.dead:
                self._type("")
                self._reading.accent = self.layout.characters[code, level]
            else:
                self._type(self.layout.characters.get((code, level)), f"key {code} is no character")

    def _type(self, character: str | None, otherwise: str = "a control character in the barcode") -> None:
        if character is None:
            self._refuse(otherwise)
            return
        accent, self._reading.accent = self._reading.accent, ""
        self._reading.text += _join(accent, character)

    def _finish(self, at: float) -> list[Scan | ScanRejected]:
        done, self._reading = self._reading, _Reading()
        text = done.text + done.accent
        if self._alt_digits:
            self._alt_digits = ""
            done.bad = done.bad or "the end came inside an Alt code"
        if done.bad:
            return [ScanRejected(done.bad, text, at)]
        if not text:
            return []  # a scanner set to CR LF presses Enter twice
        aim = _AIM.match(text)
        symbology, text = (aim[1], aim[2]) if aim else (None, text)
        return [Scan(text, symbology, at) if text else ScanRejected("an empty barcode", "", at)]


def _join(accent: str, character: str) -> str:
    """A dead key and what follows: a space leaves the accent alone, a letter takes it, else both stand."""
    if not accent or not character:
        return accent + character
    if character == " ":
        return accent
    joined = unicodedata.normalize("NFC", character + _COMBINING[accent])
    return joined if len(joined) == 1 else accent + character


def _by_number(digits: str) -> str | None:
    """The character of Alt + digits on the keypad, as Windows reads it; None where it must be refused.

    Without a leading zero Windows takes the numbers from 128 on in the machine's old DOS code page, which
    nobody here can know: refused.
    """
    number = int(digits) % 256
    if chr(number) == GS:
        return GS
    if number < _FIRST_PRINTABLE or number == _DELETE:
        return None
    if number > _DELETE and not digits.startswith("0"):
        return None
    try:
        return bytes([number]).decode("cp1252")
    except UnicodeDecodeError:
        return None

"""A virtual barcode scanner: types what it reads, as a keyboard of the layout that it is set to."""

from __future__ import annotations

import time

from drivers.layouts import ALTGR, ENTER, GS, LAYOUTS, LEFT_CTRL, LEFT_SHIFT, RIGHT_BRACKET, TAB, Level
from drivers.virtual.bed import Bed
from drivers.virtual.input_device import (
    EV_KEY,
    EV_LED,
    EV_MSC,
    EV_REP,
    MSC_SCAN,
    Abilities,
    Identity,
    InputDevice,
    RawEvent,
)

HONEYWELL = Identity("Honeywell 1900 Barcode Scanner", 0x0C2E, 0x0B61, serial="S123456")
_KEYS_OF_A_KEYBOARD = list(range(1, 128))
_CAPS_LOCK = 58


class VirtualScanner:
    """A plugged scanner; ``layout`` is what it is set to, which need not be what the till thinks.

    ``ring`` is how many events the kernel keeps for a reader that sleeps, see ``event_queue``.
    """

    def __init__(
        self,
        bed: Bed,
        number: int,
        identity: Identity = HONEYWELL,
        layout: str = "us",
        ring: int | None = None,
    ) -> None:
        self._layout = LAYOUTS[layout]
        codes = {EV_KEY: _KEYS_OF_A_KEYBOARD, EV_MSC: [MSC_SCAN], EV_LED: [0, 1, 2], EV_REP: [0, 1]}
        self.device = InputDevice(bed, number, identity, Abilities(codes), ring)

    def key(self, code: int, value: int) -> None:
        """Press (1), repeat (2) or release (0) one key."""
        self.device.emit((EV_MSC, MSC_SCAN, 0x70000 + code), (EV_KEY, code, value))

    def events(self, events: list[RawEvent]) -> None:
        """Send raw events as one report: [0, 3, 0] is SYN_DROPPED, which a pty never gives by itself."""
        self.device.emit(*events)

    def type(self, text: str, gap_seconds: float = 0.001) -> None:
        """Type characters; a line feed as Enter, a tab as Tab and GS as Ctrl+]."""
        for character in text:
            code, held = self._strokes(character)
            for modifier in held:
                self.key(modifier, 1)
            self.key(code, 1)
            time.sleep(gap_seconds)
            self.key(code, 0)
            for modifier in reversed(held):
                self.key(modifier, 0)
            time.sleep(gap_seconds)

    def _strokes(self, character: str) -> tuple[int, list[int]]:
        fixed = {"\n": (ENTER, []), "\t": (TAB, []), GS: (RIGHT_BRACKET, [LEFT_CTRL])}
        if character in fixed:
            return fixed[character]
        found = self._layout.keys_for(character)
        if found is None:
            raise ValueError(f"the {self._layout.name} layout cannot type {character!r}")
        code, level = found
        return code, {Level.PLAIN: [], Level.SHIFT: [LEFT_SHIFT], Level.ALTGR: [ALTGR]}[level]

    def unplug(self) -> None:
        """Pull the cable."""
        self.device.unplug()

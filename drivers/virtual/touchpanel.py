"""A virtual touch panel: multi-touch (type B, as the Raspberry Pi's 7" panel) or an old single-touch one."""

from __future__ import annotations

from drivers.virtual.bed import Bed
from drivers.virtual.input_device import (
    ABS_MT_SLOT,
    EV_ABS,
    EV_KEY,
    Abilities,
    Axis,
    Identity,
    InputDevice,
    RawEvent,
)

ABS_X, ABS_Y = 0x00, 0x01
ABS_MT_POSITION_X, ABS_MT_POSITION_Y, ABS_MT_TRACKING_ID = 0x35, 0x36, 0x39
BTN_TOUCH = 0x14A
INPUT_PROP_DIRECT = 1
GOODIX = Identity(
    "Goodix Capacitive TouchScreen", 0x0416, 0x038F, kind="touch", udev=("ID_INPUT_TOUCHSCREEN=1",)
)
EGALAX = Identity(
    "eGalax Inc. USB TouchController", 0x0EEF, 0x0001, kind="touch", udev=("ID_INPUT_TOUCHSCREEN=1",)
)
SLOTS = 10


class VirtualTouchPanel:
    """A plugged panel of ``width`` x ``height`` units, x to the right and y downwards."""

    def __init__(
        self,
        bed: Bed,
        number: int,
        identity: Identity,
        width: int = 800,
        height: int = 480,
        multi: bool = True,
    ) -> None:
        self._width, self._height, self._multi = width, height, multi
        x, y = Axis(0, width - 1), Axis(0, height - 1)
        axes = {ABS_X: x, ABS_Y: y}
        self._slots: dict[int, list[int]] = {}
        if multi:
            self._slots = {
                ABS_MT_TRACKING_ID: [-1] * SLOTS,
                ABS_MT_POSITION_X: [0] * SLOTS,
                ABS_MT_POSITION_Y: [0] * SLOTS,
            }
            axes |= {
                ABS_MT_SLOT: Axis(0, SLOTS - 1),
                ABS_MT_POSITION_X: Axis(0, width - 1),
                ABS_MT_POSITION_Y: Axis(0, height - 1),
                ABS_MT_TRACKING_ID: Axis(0, 65535),
            }
        self._axes, self._next_id = axes, 0
        codes = {EV_KEY: [BTN_TOUCH], EV_ABS: sorted(axes)}
        abilities = Abilities(codes, (INPUT_PROP_DIRECT,), axes, self._slots)
        self.device = InputDevice(bed, number, identity, abilities)

    def touch(self, phase: str, slot: int, x: float, y: float) -> None:
        """One finger goes down, moves or goes up ("down", "move", "up") at x, y in 0..1, y from the top.

        Like the kernel's input core it sends only what changed: the slot, and a coordinate that is new in
        that slot.
        """
        position = (round(x * (self._width - 1)), round(y * (self._height - 1)))
        events = (
            self._multi_events(phase, slot, position) if self._multi else self._single_events(phase, position)
        )
        if events:
            self.device.emit(*events)

    def _single_events(self, phase: str, position: tuple[int, int]) -> list[RawEvent]:
        if phase == "up":
            return [(EV_KEY, BTN_TOUCH, 0)]
        press: list[RawEvent] = [(EV_KEY, BTN_TOUCH, 1)] if phase == "down" else []
        moved: list[RawEvent] = []
        for code, value in zip((ABS_X, ABS_Y), position, strict=True):
            if self._axes[code].value != value:
                self._axes[code].value = value
                moved.append((EV_ABS, code, value))
        return press + moved

    def _multi_events(self, phase: str, slot: int, position: tuple[int, int]) -> list[RawEvent]:
        events: list[RawEvent] = []
        if phase == "up":
            self._change(events, slot, ABS_MT_TRACKING_ID, -1)
            if all(tracking == -1 for tracking in self._slots[ABS_MT_TRACKING_ID]):
                events.append((EV_KEY, BTN_TOUCH, 0))
            return self._select(slot) + events
        if phase == "down":
            if all(tracking == -1 for tracking in self._slots[ABS_MT_TRACKING_ID]):
                events.append((EV_KEY, BTN_TOUCH, 1))
            self._change(events, slot, ABS_MT_TRACKING_ID, self._next_id)
            self._next_id = (self._next_id + 1) % 65536
        self._change(events, slot, ABS_MT_POSITION_X, position[0])
        self._change(events, slot, ABS_MT_POSITION_Y, position[1])
        return self._select(slot) + events if events else []

    def _select(self, slot: int) -> list[RawEvent]:
        if self._axes[ABS_MT_SLOT].value == slot:
            return []
        self._axes[ABS_MT_SLOT].value = slot
        return [(EV_ABS, ABS_MT_SLOT, slot)]

    def _change(self, events: list[RawEvent], slot: int, code: int, value: int) -> None:
        if self._slots[code][slot] != value:
            self._slots[code][slot] = value
            events.append((EV_ABS, code, value))

    def lose(self, phase: str, slot: int, x: float, y: float) -> None:
        """As ``touch``, but the reader was too slow: the kernel threw the event away and says SYN_DROPPED."""
        position = (round(x * (self._width - 1)), round(y * (self._height - 1)))
        _lost = (
            self._multi_events(phase, slot, position) if self._multi else self._single_events(phase, position)
        )
        self.device.emit((0, 3, 0))

    def unplug(self) -> None:
        """Pull the cable."""
        self.device.unplug()

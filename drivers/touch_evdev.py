"""A touch panel through the kernel's evdev, multi-touch (protocol B) or single, with no window system.

Why not through the window: SDL's mouse emulation follows one finger, and a loop that idles at 4 frames a
second would show a touch a quarter of a second late. The panel is grabbed, so that SDL does not give the same
finger a second time.
"""

from __future__ import annotations

import fcntl
import struct
import time
from collections.abc import Callable
from typing import Any

import evdev
from evdev import ecodes

from drivers.devices import PresenceCallback
from drivers.hotplug import HotplugMonitor
from drivers.input_listener import InputListener
from drivers.input_matching import Device, Pairing, open_first
from drivers.touch_decoding import Mounting, PanelState, Range, Touch, TouchDecoder

TouchCallback = Callable[[Touch], None]

_MT_AXES = {ecodes.ABS_MT_SLOT, ecodes.ABS_MT_TRACKING_ID, ecodes.ABS_MT_POSITION_X, ecodes.ABS_MT_POSITION_Y}


def is_multi_touch(device: Device[str]) -> bool:
    """Whether it speaks protocol B."""
    return _axes(device) >= _MT_AXES


def is_touch_panel(device: Device[str]) -> bool:
    """Whether it is a panel on a screen; a touchpad has a finger tool or is no direct device."""
    keys = device.capabilities().get(ecodes.EV_KEY, [])
    if ecodes.BTN_TOOL_FINGER in keys and ecodes.INPUT_PROP_DIRECT not in device.input_props():
        return False
    touches = is_multi_touch(device) or (
        ecodes.BTN_TOUCH in keys and _axes(device) >= {ecodes.ABS_X, ecodes.ABS_Y}
    )
    return touches and ecodes.INPUT_PROP_POINTER not in device.input_props()


class EvdevTouchPanel:
    """Reads the panel in a thread of its own and follows it when it is pulled and plugged again.

    Args:
        hotplug: Started by whoever made it.
        mounting: How the panel sits behind the picture.
        pairing: Which panel; an empty one takes the first.
        grab: Hold it for us alone.
    """

    def __init__(
        self,
        hotplug: HotplugMonitor,
        mounting: Mounting | None = None,
        pairing: Pairing | None = None,
        *,
        grab: bool = True,
    ) -> None:
        self._hotplug, self._mounting, self._pairing = hotplug, mounting or Mounting(), pairing or Pairing()
        self._grab = grab
        self._listener: InputListener | None = None
        self._session: _Session | None = None

    @property
    def present(self) -> bool:
        """Whether a panel is plugged in and held by us now."""
        return self._session is not None and self._session.is_open

    def start(self, on_touch: TouchCallback, on_state: PresenceCallback) -> None:
        """Start the thread; both callbacks come on it and must neither raise nor wait."""
        if self._listener is not None:
            return
        self._session = _Session(self._pairing, self._mounting, on_touch, on_state)
        self._listener = InputListener("touch panel", self._session, self._hotplug, grab=self._grab)
        self._listener.start()

    def stop(self) -> None:
        """Let go of the panel and end the thread; no callback comes after the return."""
        if self._listener is not None:
            self._listener.stop()
            self._listener = self._session = None


class _Session:
    """What the listener's thread does from start to stop."""

    def __init__(
        self, pairing: Pairing, mounting: Mounting, on_touch: TouchCallback, on_state: PresenceCallback
    ) -> None:
        self._pairing, self._mounting = pairing, mounting
        self._on_touch, self._on_state = on_touch, on_state
        self._decoder = TouchDecoder(Range(0, 0), Range(0, 0))
        self._told: bool | None = None
        self.is_open = False

    def find(self) -> Device[str] | None:
        device = open_first(lambda found: self._pairing.fits(found) and is_touch_panel(found))
        if device is None:
            self._tell(present=False)
        return device

    def opened(self, device: Device[str]) -> None:
        multi = is_multi_touch(device)
        x, y = (ecodes.ABS_MT_POSITION_X, ecodes.ABS_MT_POSITION_Y) if multi else (ecodes.ABS_X, ecodes.ABS_Y)
        self._decoder = TouchDecoder(_range(device, x), _range(device, y), multi, self._mounting)
        self._decoder.begin(_state(device))
        self._tell(present=True)

    def event(self, event: evdev.InputEvent) -> None:
        for touch in self._decoder.feed(event.type, event.code, event.value, event.timestamp()):
            self._on_touch(touch)

    def dropped(self, device: Device[str]) -> None:
        self._release()
        self._decoder.begin(_state(device))

    def deadline(self) -> float | None:
        return None

    def expired(self) -> None:
        """Never: there is no deadline."""

    def lost(self) -> None:
        self._release()
        self._tell(present=False)

    def _release(self) -> None:
        for touch in self._decoder.release(time.monotonic()):
            self._on_touch(touch)

    def _tell(self, *, present: bool) -> None:
        self.is_open = present
        if present != self._told:
            self._told = present
            self._on_state(present)


def _axes(device: Device[str]) -> set[int]:
    axes: list[Any] = list(device.capabilities().get(ecodes.EV_ABS, []))
    return {code for code, _info in axes}  # absolute axes come with their range, which the type does not say


def _range(device: Device[str], axis: int) -> Range:
    info = device.absinfo(axis)
    return Range(info.min, info.max)


def _state(device: Device[str]) -> PanelState:
    """Ask the device for its present state (EVIOCGABS, EVIOCGMTSLOTS, EVIOCGKEY)."""
    if not is_multi_touch(device):
        tracking = 0 if ecodes.BTN_TOUCH in device.active_keys() else -1
        return PanelState(
            0, [(tracking, device.absinfo(ecodes.ABS_X).value, device.absinfo(ecodes.ABS_Y).value)]
        )
    slots = device.absinfo(ecodes.ABS_MT_SLOT)
    codes = (ecodes.ABS_MT_TRACKING_ID, ecodes.ABS_MT_POSITION_X, ecodes.ABS_MT_POSITION_Y)
    columns = [_slot_values(device, code, slots.max + 1) for code in codes]
    return PanelState(slots.value, list(zip(*columns, strict=True)))


def _slot_values(device: Device[str], code: int, slots: int) -> list[int]:
    """EVIOCGMTSLOTS, which python-evdev does not have: the code, then the value of each slot."""
    size = 4 + 4 * slots
    memory = bytearray(struct.pack("I", code).ljust(size, b"\0"))
    fcntl.ioctl(device.fd, 0x8000450A | size << 16, memory)
    return list(struct.unpack_from(f"{slots}i", memory, 4))

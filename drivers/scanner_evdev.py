"""A barcode scanner that is a USB or Bluetooth keyboard, through the kernel's evdev."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import evdev
from evdev import ecodes

from drivers.devices import PresenceCallback, ScanCallback
from drivers.hotplug import HotplugMonitor
from drivers.input_listener import InputListener
from drivers.input_matching import Device, Pairing, looks_like_a_scanner, open_first, types_digits
from drivers.layouts import LAYOUTS
from drivers.scan_decoding import SUFFIX_KEYS, ScanDecoder


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """How the shop's scanner is paired and set.

    Attributes:
        pairing: Which device it is; an empty one takes the first that looks like a scanner.
        layout: "us", "de" or "fr": what the scanner is set to, not what the till's keyboard is.
        suffixes: What ends a scan: "enter", "tab".
        silence_seconds: A scan without its suffix is refused after so long.
    """

    pairing: Pairing = field(default_factory=Pairing)
    layout: str = "us"
    suffixes: tuple[str, ...] = ("enter", "tab")
    silence_seconds: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what no scanner has.

        Raises:
            ValueError: for an unknown layout or suffix.
        """
        if self.layout not in LAYOUTS:
            raise ValueError(f"unknown scanner layout {self.layout!r}; known are {', '.join(LAYOUTS)}")
        if not self.suffixes or set(self.suffixes) - set(SUFFIX_KEYS):
            raise ValueError(f"scanner suffixes are some of {', '.join(SUFFIX_KEYS)}, not {self.suffixes!r}")

    def wants(self, device: Device[str]) -> bool:
        """Whether this device is the shop's scanner."""
        chosen = looks_like_a_scanner(device) if self.pairing.is_empty else self.pairing.fits(device)
        return chosen and types_digits(device)

    def decoder(self) -> ScanDecoder:
        """A decoder for a scanner that is set like this."""
        keys = tuple(key for suffix in self.suffixes for key in SUFFIX_KEYS[suffix])
        return ScanDecoder(LAYOUTS[self.layout], keys, self.silence_seconds)


class EvdevScanner:
    """Implements ``devices.Scanner``. The device is held for us alone while it is plugged in."""

    def __init__(self, settings: ScannerSettings, hotplug: HotplugMonitor) -> None:
        self._settings, self._hotplug = settings, hotplug
        self._listener: InputListener | None = None
        self._session: _Session | None = None

    @property
    def present(self) -> bool:
        """Whether a scanner is plugged in and held by us now."""
        return self._session is not None and self._session.is_open

    def start(self, on_scan: ScanCallback, on_state: PresenceCallback) -> None:
        """Start reading; see ``devices.Scanner``."""
        if self._listener is not None:
            return
        self._session = _Session(self._settings, on_scan, on_state)
        self._listener = InputListener("scanner", self._session, self._hotplug)
        self._listener.start()

    def stop(self) -> None:
        """Let go of the scanner; see ``devices.Scanner``."""
        if self._listener is not None:
            self._listener.stop()
            self._listener = self._session = None


class _Session:
    """What the listener's thread does from start to stop."""

    def __init__(self, settings: ScannerSettings, on_scan: ScanCallback, on_state: PresenceCallback) -> None:
        self._settings, self._on_scan, self._on_state = settings, on_scan, on_state
        self._decoder = settings.decoder()
        self._told: bool | None = None
        self.is_open = False

    def find(self) -> Device[str] | None:
        device = open_first(self._settings.wants)
        if device is None:
            self._tell(present=False)
        return device

    def opened(self, device: Device[str]) -> None:
        self._decoder = self._settings.decoder()
        _caps_lock_off(device)
        self._tell(present=True)

    def event(self, event: evdev.InputEvent) -> None:
        if event.type == ecodes.EV_KEY:
            for answer in self._decoder.feed(event.code, event.value, event.timestamp()):
                self._on_scan(answer)

    def dropped(self, device: Device[str]) -> None:
        self._decoder.lose(time.monotonic(), device.active_keys())

    def deadline(self) -> float | None:
        return self._decoder.deadline

    def expired(self) -> None:
        for answer in self._decoder.expire(time.monotonic()):
            self._on_scan(answer)

    def lost(self) -> None:
        """A scan that the pulled cable cut in two is refused aloud, not forgotten."""
        for answer in self._decoder.give_up(time.monotonic()):
            self._on_scan(answer)
        self._tell(present=False)

    def _tell(self, *, present: bool) -> None:
        self.is_open = present
        if present != self._told:
            self._told = present
            self._on_state(present)


def _caps_lock_off(device: Device[str]) -> None:
    """Some scanners swap upper and lower case while the Caps Lock light is on."""
    if ecodes.LED_CAPSL in device.capabilities().get(ecodes.EV_LED, []):
        device.set_led(ecodes.LED_CAPSL, 0)

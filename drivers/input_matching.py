"""Which input device is ours: paired by what its plug says, never by its event number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import evdev
from evdev import ecodes

Device = evdev.InputDevice

# Words in names and vendors that make barcode scanners, for a till where nobody paired one yet. The vendor's
# other
# products are no keyboards, so a desk's keyboard is never taken.
SCANNER_WORDS = (
    "barcode",
    "bar code",
    "scanner",
    "symbol technologies",
    "datalogic",
    "honeywell",
    "metrologic",
    "newland",
    "netum",
    "opticon",
    "zebra",
    "unitech",
    "cipherlab",
    "inateck",
    "tera",
    "eyoyo",
)
SCANNER_VENDORS = (0x0C2E, 0x0536, 0x05E0, 0x05F9, 0x1EAB, 0x065A, 0x0745, 0x1A40)

_TYPING_KEYS = {*range(2, 12), ecodes.KEY_ENTER}  # digits and Enter: a volume knob has neither


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a paired device must say; None means that it does not matter.

    Attributes:
        vendor_product: "0c2e:0b61", as lsusb prints it.
        serial: Its serial number (cheap ones have none).
        phys: The USB port it hangs on, for two of the same kind ("usb-3f980000.usb-1.2/input0").
    """

    vendor_product: str | None = None
    serial: str | None = None
    phys: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody paired anything."""
        return self.vendor_product is None and self.serial is None and self.phys is None

    def fits(self, device: Device[str]) -> bool:
        """Whether this is the paired device."""
        return (
            self.vendor_product in (None, vendor_product(device))
            and self.serial in (None, device.uniq)
            and self.phys in (None, device.phys)
        )


def vendor_product(device: Device[str]) -> str:
    """As lsusb prints it."""
    return f"{device.info.vendor:04x}:{device.info.product:04x}"


def types_digits(device: Device[str]) -> bool:
    """Whether it is a keyboard; one scanner may show several event nodes, and only one of them types."""
    return set(device.capabilities().get(ecodes.EV_KEY, [])) >= _TYPING_KEYS


def looks_like_a_scanner(device: Device[str]) -> bool:
    """By its name or its maker."""
    name = device.name.lower()
    return device.info.vendor in SCANNER_VENDORS or any(word in name for word in SCANNER_WORDS)


def open_devices() -> Iterator[Device[str]]:
    """Open every input device that may be opened, in order of its number; the caller closes them."""
    for path in sorted(evdev.list_devices(), key=lambda path: int("".join(filter(str.isdigit, path)) or 0)):
        try:
            yield evdev.InputDevice(path)
        except OSError:  # unplugged since, or not for us
            continue


def open_first(wanted: Callable[[Device[str]], bool]) -> Device[str] | None:
    """Open the first device that is wanted and close all others."""
    for device in open_devices():
        try:
            if wanted(device):
                return device
        except OSError:  # unplugged while we asked
            pass
        device.close()
    return None

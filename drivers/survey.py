"""What is plugged in, in one line each, without disturbing a till that is selling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import usb.core

from drivers.devices import DeviceError
from drivers.input_matching import looks_like_a_scanner, open_devices, types_digits
from drivers.printer_usb_link import place
from drivers.serial_port import place as place_of_port
from drivers.serial_port import usb_ports, vendor_product
from drivers.usb_bus import bus

_PRINTER_CLASS = 7


def survey() -> list[str]:
    """List scanners, receipt printers and serial adapters; says so where one of the first two is missing.

    Raises:
        DeviceError: USB cannot be asked at all.
    """
    return [*(_scanners() or ["no scanner"]), *(_printers() or ["no receipt printer"]), *_adapters()]


def usb_printers() -> Iterator[Any]:
    """The USB devices that say they are printers; they are not opened.

    Raises:
        DeviceError: USB cannot be asked at all.
    """
    try:
        devices = list(usb.core.find(find_all=True) or ())
    except usb.core.NoBackendError:
        raise DeviceError("USB cannot be asked: libusb is missing.") from None
    for device in devices:
        with suppress(usb.core.USBError):
            if any(interface.bInterfaceClass == _PRINTER_CLASS for setup in device for interface in setup):
                yield device


@dataclass(frozen=True, slots=True)
class PluggedPrinter:
    """A printer on USB: what it calls itself, its serial number ("" for none), and its place ("1-1.4")."""

    name: str
    serial: str
    place: str


def plugged_printers() -> list[PluggedPrinter]:
    """The printers that are plugged in now, by their places; none where USB cannot be asked.

    Also where udev's messages do not come through: see ``usb_bus``. No printer is claimed: one that prints goes on.
    """
    try:
        devices = bus().devices()
    except (usb.core.NoBackendError, usb.core.USBError):
        return []
    found = []
    for device in devices:
        with suppress(usb.core.USBError):
            if any(end.bInterfaceClass == _PRINTER_CLASS for setup in device for end in setup):
                name = " ".join(filter(None, (_text(device, "manufacturer"), _text(device, "product"))))
                found.append(PluggedPrinter(name, _text(device, "serial_number"), place(device)))
    return sorted(found, key=lambda each: each.place)


def _text(device: Any, name: str) -> str:
    """One of the texts that a device says of itself; "" where it says none, or may not be asked."""
    try:
        return str(getattr(device, name) or "").strip()
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""


def _scanners() -> list[str]:
    found = []
    for device in open_devices():
        with closing(device):
            if types_digits(device) and looks_like_a_scanner(device):
                found.append(f"scanner {device.name}")
    return found


def _printers() -> list[str]:
    return [
        f"receipt printer {device.idVendor:04x}:{device.idProduct:04x} at {place(device)}"
        for device in usb_printers()
    ]


def _adapters() -> list[str]:
    return [f"serial adapter {vendor_product(port)} at {place_of_port(port)}" for port in usb_ports()]

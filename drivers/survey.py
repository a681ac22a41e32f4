"""What is plugged in, in one line each, without disturbing a till that is selling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import usb.core

from drivers.devices import DeviceError
from drivers.input_matching import looks_like_a_scanner, open_devices, types_digits
from drivers.printer_usb_link import place

_PRINTER_CLASS = 7


def survey() -> list[str]:
    """List scanners and receipt printers; says so where there is none.

    Raises:
        DeviceError: USB cannot be asked at all.
    """
    return [*(_scanners() or ["no scanner"]), *(_printers() or ["no receipt printer"])]


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

"""The USB end of a printer: finds it, holds it, moves bytes; knows no ESC/POS.

No reset and no set_configuration: both disturb a printer that works, and a reset drops what it was printing.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import usb.core
import usb.util

from drivers.devices import DeviceAbsentError, DeviceBusyError, DeviceError
from drivers.usb_bus import bus

_PRINTER_CLASS = 7
_PROTOCOLS = (1, 2, 3)  # one way, two ways, IEEE 1284.4
_BULK = 2
_GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.EIO, errno.EPROTO, errno.ESHUTDOWN, errno.ENOENT})
_CONTROL_MS = 500

ABSENT = "The receipt printer is not connected."
LOST = "The receipt printer was disconnected."


@dataclass(frozen=True, slots=True)
class UsbTarget:
    """Which printer; empty for the only one.

    Attributes:
        serial: Its serial number.
        path: Its place, such as "1-1.4": bus and ports. For cheap printers without a serial number.
    """

    serial: str | None = None
    path: str | None = None

    def matches(self, device: Any) -> bool:
        """Say whether it is this device; reads the serial number from it when that matters."""
        if self.path is not None and self.path != place(device):
            return False
        return self.serial is None or self.serial == device.serial_number


def place(device: Any) -> str:
    """Return bus and ports of a device, "1-1.4"."""
    return f"{device.bus}-{'.'.join(str(port) for port in device.port_numbers or ())}"


def _printer_ends(device: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yield (interface, bulk out, bulk in or None) of each printer interface; numbers differ by vendor."""
    for configuration in device:
        for interface in configuration:
            if interface.bInterfaceClass != _PRINTER_CLASS or interface.bInterfaceProtocol not in _PROTOCOLS:
                continue
            bulk = [end for end in interface if usb.util.endpoint_type(end.bmAttributes) == _BULK]
            ends = {usb.util.endpoint_direction(end.bEndpointAddress): end for end in bulk}
            if usb.util.ENDPOINT_OUT in ends:
                yield interface, ends[usb.util.ENDPOINT_OUT], ends.get(usb.util.ENDPOINT_IN)


class UsbLink:
    """An open printer. Reading and writing may be done by two threads at once.

    Raises:
        DeviceAbsentError: no such printer.
        DeviceBusyError: another program holds it.
        DeviceError: anything else that USB says, such as no permission.
    """

    def __init__(self, target: UsbTarget) -> None:
        self._device, interface, self._out, self._in = self._find(target)
        self._interface = int(interface.bInterfaceNumber)
        try:
            if self._device.is_kernel_driver_active(self._interface):  # usblp, which would print beside us
                self._device.detach_kernel_driver(self._interface)
            usb.util.claim_interface(self._device, self._interface)
        except usb.core.USBError as error:
            usb.util.dispose_resources(self._device)
            raise _translated(error) from error

    @staticmethod
    def _find(target: UsbTarget) -> tuple[Any, Any, Any, Any]:
        refused: DeviceError | None = None
        try:
            devices = bus().devices()
        except usb.core.NoBackendError as error:
            raise DeviceError("libusb is not installed: the installer must add it.") from error
        for device in devices:
            try:
                for interface, out, back in _printer_ends(device):
                    if target.matches(device):
                        return device, interface, out, back
            except (usb.core.USBError, ValueError) as error:  # ValueError: its strings may not be read
                refused = _translated(error)
        raise refused or DeviceAbsentError(ABSENT)

    @property
    def answers(self) -> bool:
        """Whether it has a way back."""
        return self._in is not None

    def write(self, data: bytes, timeout_ms: int) -> int:
        """Send and return how many bytes the printer took; may be fewer, or 0, when the time is up.

        Raises:
            DeviceError: the printer is gone or USB failed.
        """
        try:
            return int(self._out.write(data, timeout=timeout_ms))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            raise _translated(error) from error

    def read(self, timeout_ms: int) -> bytes:
        """Return what the printer said, nothing when the time is up.

        Raises:
            DeviceError: the printer is gone or USB failed.
        """
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, timeout=timeout_ms))  # less would overflow
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise _translated(error) from error

    def port_status(self) -> int | None:
        """Ask GET_PORT_STATUS, answered on endpoint 0 even while the bulk pipe is full; None without answer.

        Raises:
            DeviceAbsentError: the printer is gone.
        """
        try:
            return int(self._device.ctrl_transfer(0xA1, 1, 0, self._interface, 1, timeout=_CONTROL_MS)[0])
        except (usb.core.USBError, IndexError) as error:
            if isinstance(translated := _translated(error), DeviceAbsentError):
                raise translated from error
            return None

    def soft_reset(self) -> None:
        """Ask SOFT_RESET: the printer throws away what it has not printed. Not every printer obeys."""
        try:
            self._device.ctrl_transfer(0x21, 2, 0, self._interface, None, timeout=_CONTROL_MS)
        except usb.core.USBError:
            return  # whoever sends next resynchronises anyway

    def close(self) -> None:
        """Let go; nobody may be reading or writing any more."""
        try:
            usb.util.dispose_resources(self._device)
        except usb.core.USBError:
            return  # it is gone, and so is our claim


def _translated(error: Exception) -> DeviceError:
    number = getattr(error, "errno", None)
    if number in _GONE:
        return DeviceAbsentError(LOST)
    if number == errno.EBUSY:
        return DeviceBusyError("Another program holds the receipt printer.")
    if number == errno.EACCES:
        return DeviceError("The till may not use the receipt printer: the installer must allow it.")
    return DeviceError(f"The receipt printer does not answer ({error}).")

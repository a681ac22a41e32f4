"""Serial ports that are plugged into USB: finding one and writing to it; knows no display and no scale.

Only a port that the settings choose is ever opened: opening one resets some devices, and what is not ours may be a
card terminal.
"""

from __future__ import annotations

import errno
import re
import select
import termios
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import serial
from serial.tools import list_ports
from serial.tools.list_ports_linux import SysFS

from drivers.devices import DeviceAbsentError, DeviceBusyError, DeviceError

_PLACE: Final = re.compile(r"\d+-\d+(\.\d+)*")
_WRITE_SECONDS: Final = 1.0
_FAILURES: Final = (OSError, serial.SerialException, termios.error)
"""pyserial passes termios' error on in some places, and it is no OSError."""
_BUSY: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EBUSY})
_GONE: Final = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.EPROTO, errno.ESHUTDOWN})


@dataclass(frozen=True, slots=True)
class SerialTarget:
    """Which adapter.

    Attributes:
        match: "0403:6001" (vendor and product), a serial number, or its place such as "1-1.4", which stays when cheap
            adapters have no serial number; "" takes the first.
    """

    match: str = ""

    def fits(self, port: SysFS) -> bool:
        """Whether it is this port."""
        wanted = self.match
        if not wanted:
            return True
        if ":" in wanted:
            return vendor_product(port) == wanted.lower()
        if _PLACE.fullmatch(wanted):
            return place(port) == wanted
        return bool(port.serial_number == wanted)

    def find(self) -> SysFS | None:
        """The port, None while it is not plugged in."""
        return next((port for port in usb_ports() if self.fits(port)), None)


def usb_ports() -> list[SysFS]:
    """All serial ports on USB, by their names; none is opened."""
    found = [port for port in list_ports.comports() if port.vid is not None]
    return sorted(found, key=lambda port: port.device)


def vendor_product(port: SysFS) -> str:
    """Return the numbers of its maker, "0403:6001"."""
    return f"{port.vid:04x}:{port.pid:04x}"


def place(port: SysFS) -> str:
    """Return bus and ports, "1-1.4"."""
    return str(port.location or "").partition(":")[0]


class SerialLink:
    """An open port, held for us alone.

    Args:
        target: Which one.
        baud: Its speed; eight bits, no parity, one stop bit, no flow control.

    Raises:
        DeviceAbsentError: no such port.
        DeviceBusyError: another program holds it.
        DeviceError: it cannot be opened, such as without permission.
    """

    def __init__(self, target: SerialTarget, baud: int) -> None:
        port = target.find()
        if port is None:
            raise DeviceAbsentError("The serial adapter is not connected.")
        self.name, self.baud = str(port.device), baud
        try:
            self._port = serial.Serial(
                self.name, baud, timeout=0, write_timeout=_WRITE_SECONDS, exclusive=True
            )
        except _FAILURES as error:
            raise _translated(error) from error

    @property
    def is_plugged(self) -> bool:
        """Whether its node is still there, which nobody else gets as long as we hold it, and nobody hung up."""
        hung_up = select.poll()
        hung_up.register(self._port.fileno(), 0)
        return Path(self.name).exists() and not hung_up.poll(0)

    def write(self, data: bytes) -> None:
        """Hand all of it to the kernel; what the device does with it nobody learns.

        Raises:
            DeviceError: the adapter was unplugged, or takes nothing for a second.
        """
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise DeviceError("The serial adapter takes nothing.") from error
        except _FAILURES as error:
            raise _translated(error) from error

    def close(self) -> None:
        """Let go; what the kernel still holds is not waited for."""
        try:
            self._port.reset_output_buffer()
        except _FAILURES:
            pass  # unplugged
        finally:
            self._port.close()


def _translated(error: Exception) -> DeviceError:
    number = getattr(error, "errno", None) or next(iter(error.args), None)
    if number in _BUSY or "exclusively lock" in str(error):
        return DeviceBusyError("Another program holds the serial adapter.")
    if number in _GONE:
        return DeviceAbsentError("The serial adapter was disconnected.")
    if number in (errno.EACCES, errno.EPERM):
        return DeviceError("The till may not use the serial adapter: the installer must allow it.")
    return DeviceError(f"The serial adapter does not answer ({error}).")

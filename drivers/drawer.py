"""The cash drawer on the printer's socket: one kick, a job of its own, before the receipt."""

from __future__ import annotations

from typing import Protocol

_PINS = (2, 5)
_SHORTEST_MS, _LONGEST_MS = 50, 500  # shorter does not open, longer heats the coil


class Kicking(Protocol):
    """A printer with a drawer's socket; ``printer_usb.UsbReceiptPrinter`` is one."""

    def pulse(self, pin: int, milliseconds: int) -> None:
        """Give one pulse, also while the paper is out.

        Raises:
            DeviceError: it was certainly or possibly not given.
        """
        ...


class EscposDrawer:
    """A CashDrawer that a receipt printer opens. It never kicks twice: a retry is the cashier's hand.

    Args:
        printer: Where the drawer is plugged in.
        pin: 2 or 5 of the connector; most drawers listen to 2.
        pulse_ms: 50 to 500.

    Raises:
        ValueError: for another pin or length.
    """

    def __init__(self, printer: Kicking, pin: int = 2, pulse_ms: int = 100) -> None:
        if pin not in _PINS:
            raise ValueError(f"a drawer's pin is 2 or 5, not {pin}")
        if not _SHORTEST_MS <= pulse_ms <= _LONGEST_MS:
            raise ValueError(f"a drawer's pulse is {_SHORTEST_MS} to {_LONGEST_MS} ms, not {pulse_ms}")
        self._printer, self._pin, self._pulse_ms = printer, pin, pulse_ms

    def open(self) -> None:
        """Kick once; see CashDrawer."""
        self._printer.pulse(self._pin, self._pulse_ms)

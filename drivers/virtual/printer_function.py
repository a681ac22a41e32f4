"""The USB printer class in front of the ESC/POS core, for the test bed as for an emulated computer."""

from __future__ import annotations

from drivers.virtual.escpos_printer import VirtualEscposPrinter


class PrinterFunction:
    """The USB printer class (7/1/2) in front of ``core``."""

    def __init__(self, core: VirtualEscposPrinter) -> None:
        self.core, self.lock = core, core.lock

    def answers(self) -> bool:
        """False while it is switched off."""
        self.core.run()
        return self.core.powered

    def control(self, request_type: int, request: int, value: int) -> bytes | None:
        """GET_DEVICE_ID, GET_PORT_STATUS and SOFT_RESET."""
        if (request_type, request) == (0xA1, 0):
            name = self.core.ieee1284.encode()
            return (len(name) + 2).to_bytes(2, "big") + name
        if (request_type, request) == (0xA1, 1):
            return bytes([self.core.port_status()])
        if (request_type, request) == (0x21, 2):
            self.core.soft_reset()
            return b""
        return None

    def take(self, data: bytes) -> int:
        """Bytes for the receive buffer."""
        return self.core.feed(data)

    def give(self, limit: int) -> bytes:
        """Status bytes for the host."""
        data = bytes(self.core.tx[:limit])
        del self.core.tx[:limit]
        return data

    def reset(self) -> None:
        """A USB reset flushes the buffers, as the class request does."""
        self.core.soft_reset()

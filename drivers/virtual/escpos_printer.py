"""A virtual ESC/POS receipt printer: bytes in, bytes out, and a state; no transport and no drawing.

It stands behind the emulated USB device (``usb_printer``). It models what a till's driver must survive: a
receive buffer that fills, paper that ends in the middle of a raster band, cover, knife, power, a firmware
that hangs, and clones that lack a command (``quirks``). Standard library only: the testbed's interpreter
imports it.

Real-time commands (DLE EOT, DLE ENQ, DLE DC4) act on arrival wherever their bytes stand, inside raster data
too: some real printers do that, so the worst one is modelled.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection

from drivers.virtual.escpos_commands import DLE, GS, extent

#: What a clone may lack; see VirtualEscposPrinter's ``quirks``.
QUIRKS = frozenset(
    {"no_process_id", "no_asb", "no_status", "no_realtime", "no_realtime_kick", "no_soft_reset"}
)

_LONGEST_REALTIME = 10


class VirtualEscposPrinter:
    """One printer with its drawer.

    All methods take ``lock`` themselves; take it around several reads that must fit together.

    Args:
        buffer_bytes: Size of the receive buffer; a host that sends more waits.
        rate: Bytes printed a second, None for as fast as they come.
        ieee1284: The device id string that the USB printer class hands out.
        quirks: What this printer lacks: "no_process_id" (GS ( H), "no_asb" (GS a), "no_status" (GS r),
            "no_realtime" (all DLE), "no_realtime_kick" (DLE DC4), "no_soft_reset" (the class request).
    """

    def __init__(
        self,
        buffer_bytes: int = 4096,
        rate: float | None = None,
        ieee1284: str = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;",
        quirks: Collection[str] = (),
    ) -> None:
        if unknown := set(quirks) - QUIRKS:
            raise ValueError(f"unknown quirks: {sorted(unknown)}")
        self.lock = threading.RLock()
        self.buffer_bytes, self.rate, self.ieee1284 = buffer_bytes, rate, ieee1284
        self.quirks = frozenset(quirks)
        self.rx, self.tx = bytearray(), bytearray()
        self.printed = bytearray()
        """Every byte that was really executed, in order."""
        self.jobs: list[bytearray] = [bytearray()]
        """The executed bytes, a new entry after each cut."""
        self.kicks: list[tuple[int, int, int]] = []
        """One (pin, on milliseconds, off milliseconds) per pulse."""
        self.cuts = 0
        self.paper = self.powered = True
        self.nearend = self.cover = self.knife_err = self.drawer_open = self.dead = False
        self.paper_left: int | None = None
        """Bytes until the paper ends, None for an endless roll."""
        self._asb = 0
        self._owed = 0  # bytes of the raster command in hand that have not come yet
        self._tail = b""
        self._ran_at, self._budget = time.monotonic(), 0.0

    @property
    def offline(self) -> bool:
        """Whether it takes no work from its buffer."""
        return not self.paper or self.cover or self.knife_err

    def set(self, **state: bool | float | None) -> None:
        """Change attributes by name, push the change to the host (ASB) and go on working.

        Raises:
            AttributeError: for a name that is no attribute.
        """
        with self.lock:
            before = self._status_back()
            for name, value in state.items():
                if not hasattr(self, name):
                    raise AttributeError(name)
                setattr(self, name, value)
            if not self.powered:
                self._drop_work()
                self._asb = 0
            elif self._asb and self._status_back() != before:
                self.tx += self._status_back()
            self.run()

    def feed(self, data: bytes | bytearray) -> int:
        """Take what fits into the buffer and say how many bytes that was."""
        with self.lock:
            self.run()
            taken = 0
            while taken < len(data) and (space := self._space()):
                piece = bytes(data[taken : taken + min(space, 512)])
                self._act_at_once(piece)
                self.rx += piece
                taken += len(piece)
                self.run()
            return taken

    def run(self) -> None:
        """Work off the buffer as far as state and speed allow."""
        with self.lock:
            now = time.monotonic()
            if self.rate is not None:
                self._budget = min(self._budget + (now - self._ran_at) * self.rate, self.rate)
            self._ran_at = now
            while self.rx and self.powered and not self.dead and not self.offline and self._step():
                pass

    def soft_reset(self) -> None:
        """The USB printer class's SOFT_RESET: flush all buffers."""
        with self.lock:
            if "no_soft_reset" not in self.quirks and not self.dead:
                self._drop_work()

    # -- what the host asks

    def port_status(self) -> int:
        """The USB printer class's GET_PORT_STATUS byte: bit 5 paper out, bit 4 selected, bit 3 no error."""
        with self.lock:
            return 0x08 | (0 if self.offline else 0x10) | (0 if self.paper else 0x20)

    def _status_back(self) -> bytes:
        head = 0x10 | self.drawer_open << 2 | self.offline << 3 | self.cover << 5
        roll = (0x03 if self.nearend or not self.paper else 0) | (0 if self.paper else 0x0C)
        return bytes([head, self.knife_err << 3, roll, 0x0F])

    def _realtime_status(self, kind: int) -> int:
        bits = {
            1: self.drawer_open << 2 | self.offline << 3,
            2: self.cover << 2 | (not self.paper) << 5 | self.knife_err << 6,
            3: self.knife_err << 3,
            4: (0x0C if self.nearend or not self.paper else 0) | (0 if self.paper else 0x60),
        }
        return 0x12 | bits[kind]

    # -- work

    def _space(self) -> int:
        return 0 if self.dead or not self.powered else self.buffer_bytes - len(self.rx)

    def _step(self) -> bool:
        """Execute one command, or the piece of a raster command that is there; False if nothing could be."""
        if self._owed:
            return self._consume_owed()
        size = extent(self.rx)
        if size is None:
            return False
        if self.rx[0] == GS and self.rx[1] == ord("v"):
            self._owed = size
            return self._consume_owed()
        if len(self.rx) < size or not self._may_spend(size):
            return False
        command = bytes(self.rx[:size])
        del self.rx[:size]
        self._execute(command)
        return True

    def _consume_owed(self) -> bool:
        size = min(self._owed, len(self.rx), 72)
        if not self._may_spend(size):
            return False
        piece = bytes(self.rx[:size])
        del self.rx[:size]
        self._owed -= size
        self._put_on_paper(piece)
        return True

    def _may_spend(self, size: int) -> bool:
        if self.rate is None:
            return True
        if self._budget < size < self.rate:
            return False
        self._budget -= size
        return True

    def _put_on_paper(self, data: bytes) -> None:
        self.printed += data
        self.jobs[-1] += data
        if self.paper_left is not None:
            self.paper_left -= len(data)
            if self.paper_left <= 0:
                self.set(paper_left=None, paper=False, nearend=True)

    def _execute(self, command: bytes) -> None:
        if command[0] == DLE and len(command) > 1:
            return  # was done on arrival
        self._put_on_paper(command)
        if command[0] == GS:
            self._execute_gs(command)
        elif command[:2] == b"\x1bp":
            self.kicks.append((5 if command[2] % 48 else 2, command[3] * 2, command[4] * 2))

    def _execute_gs(self, command: bytes) -> None:
        kind = command[1:2]
        if kind == b"V":
            self.cuts += 1
            self.jobs.append(bytearray())
        elif kind == b"a" and "no_asb" not in self.quirks:
            self._asb = command[2]
            self.tx += self._status_back() if self._asb else b""
        elif kind == b"r" and "no_status" not in self.quirks:
            self.tx.append(self._status_back()[2] if command[2] % 48 == 1 else int(self.drawer_open))
        elif command[1:3] == b"(H" and command[5:7] == b"00" and "no_process_id" not in self.quirks:
            self.tx += b"\x37\x22" + command[7:11] + b"\0"

    # -- real-time commands

    def _act_at_once(self, piece: bytes) -> None:
        window, known = self._tail + piece, len(self._tail)
        at = window.find(DLE)
        while at >= 0:
            size = extent(window, at)
            if size is not None and size > 1 and known < at + size <= len(window):
                self._realtime(window[at : at + size])
            at = window.find(DLE, at + 1)
        self._tail = window[-(_LONGEST_REALTIME - 1) :]

    def _realtime(self, command: bytes) -> None:
        if "no_realtime" in self.quirks:
            return
        kind, argument = command[1], command[2]
        if kind == 0x04 and 1 <= argument <= 4:
            self.tx.append(self._realtime_status(argument))
        elif kind == 0x05 and argument in (1, 2):
            if argument == 2:
                self._drop_work()
            self.set(knife_err=False)
        elif kind == 0x14 and argument == 1 and "no_realtime_kick" not in self.quirks:
            self.kicks.append((5 if command[3] else 2, command[4] * 100, command[4] * 100))

    def _drop_work(self) -> None:
        self.rx.clear()
        self.tx.clear()
        self.jobs[-1] += bytes(self._owed)  # not on paper; fills the band up, so that the rest can be decoded
        self._owed, self._tail = 0, b""

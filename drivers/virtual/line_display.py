"""A virtual customer's display: bytes in, two lines out; no transport.

It models what a driver must live with: a table of signs that a command chooses, a cursor that wraps, ESC/POS' vertical
scrolling until it is told to overwrite, CD5220's line mode that obeys nothing else until it is cleared, and being
switched off beside its adapter. Standard library only: the testbed's interpreter imports it.
"""

from __future__ import annotations

import threading
from typing import Final

COLUMNS: Final = 20
PAGES: Final = {
    0: "437",
    2: "850",
    3: "860",
    4: "863",
    5: "865",
    16: "1252",
    17: "866",
    18: "852",
    19: "858",
}
_BLANK: Final = " " * COLUMNS
_SINGLE: Final = frozenset({0x00, 0x0A, 0x0B, 0x0D})
_LENGTHS: Final = {
    "escpos": {
        b"\x1b@": 2,
        b"\x1bt": 3,
        b"\x1f\x01": 2,
        b"\x1f\x02": 2,
        b"\x1fC": 3,
        b"\x1f$": 4,
        b"\x1fX": 3,
    },
    "cd5220": {
        b"\x1b@": 2,
        b"\x1bt": 3,
        b"\x1b\x11": 2,
        b"\x1b\x12": 2,
        b"\x1b_": 3,
        b"\x1bl": 4,
        b"\x1b*": 3,
    },
}
_LINES: Final = {b"\x1bQA": 0, b"\x1bQB": 1}


class VirtualLineDisplay:
    """One display. ``lock`` guards all; take it around reads that must fit together.

    Args:
        commands: "escpos" or "cd5220".
        pages: The code pages that it has; another ``ESC t`` changes nothing.

    Attributes:
        unknown: Commands that it does not know.
        taken: How many bytes it was sent.
        history: What it showed, each once; the newest last.
    """

    def __init__(self, commands: str = "escpos", pages: tuple[str, ...] = tuple(PAGES.values())) -> None:
        if commands not in _LENGTHS:
            raise ValueError(f"no such commands: {commands}")
        self.lock = threading.RLock()
        self.commands, self.pages = commands, pages
        self.unknown: list[str] = []
        self.taken = 0
        self.history: list[tuple[str, str]] = []
        self._is_on = True
        self._pending = b""
        self._reset()

    @property
    def lines(self) -> tuple[str, str]:
        """What stands on it; dark while it is off."""
        with self.lock:
            return (self._rows[0], self._rows[1]) if self._is_on else (_BLANK, _BLANK)

    def power(self, is_on: bool) -> None:
        """Switch it, as its own plug or switch does; it forgets everything."""
        with self.lock:
            self._is_on = is_on
            self._pending = b""
            self._reset()

    def feed(self, data: bytes) -> None:
        """Obey; what is not whole yet waits for its rest."""
        with self.lock:
            self.taken += len(data)
            if not self._is_on:
                return
            self._pending += data
            while self._pending and (size := self._size()) is not None and len(self._pending) >= size:
                piece, self._pending = self._pending[:size], self._pending[size:]
                self._obey(piece)
            if self._is_whole and (not self.history or self.history[-1] != self.lines):
                self.history.append(self.lines)

    @property
    def _is_whole(self) -> bool:
        """Nothing is half said, and the cursor has come round: what is shown was meant."""
        return not self._pending and self._column == 0

    def _reset(self) -> None:
        self._clear()
        self._page = self.pages[0]
        self._scrolls = self.commands == "escpos"

    def _clear(self) -> None:
        self._rows = [_BLANK, _BLANK]
        self._row = self._column = 0
        self._in_lines = False  # CD5220's line mode

    def _size(self) -> int | None:
        """How long the next command is, None as long as that cannot be said."""
        first = self._pending[0]
        if first not in (0x1B, 0x1F):
            return 1
        if len(self._pending) < 2:
            return None
        if self.commands == "cd5220" and self._pending[:2] == b"\x1bQ":
            end = self._pending.find(b"\x0d")
            return end + 1 if end >= 0 else None
        return _LENGTHS[self.commands].get(self._pending[:2], 2)

    def _obey(self, piece: bytes) -> None:
        if piece[:3] in _LINES and self.commands == "cd5220":
            self._write_line(_LINES[piece[:3]], piece[3:-1])
        elif piece == b"\x0c":
            self._clear()
        elif self._in_lines:
            return
        elif piece[0] in (0x1B, 0x1F):
            self._command(piece)
        elif piece[0] in _SINGLE:
            self._move(piece[0])
        else:
            self._put(piece)

    def _write_line(self, row: int, text: bytes) -> None:
        self._in_lines = True
        self._rows[row] = self._decoded(text)[:COLUMNS].ljust(COLUMNS)
        self._column = 0

    def _command(self, piece: bytes) -> None:
        name = piece[:2]
        if name == b"\x1b@":
            self._reset()
        elif name not in _LENGTHS[self.commands]:
            self.unknown.append(piece.hex(" "))
        elif name == b"\x1bt":
            page = PAGES.get(piece[2], "")
            self._page = page if page in self.pages else self._page
        elif name in (b"\x1f\x01", b"\x1b\x11"):
            self._scrolls = False
        elif name in (b"\x1f\x02", b"\x1b\x12"):
            self._scrolls = True
        elif name in (b"\x1f$", b"\x1bl") and 1 <= piece[2] <= COLUMNS and 1 <= piece[3] <= 2:
            self._column, self._row = piece[2] - 1, piece[3] - 1

    def _move(self, code: int) -> None:
        if code == 0x0B:
            self._row = self._column = 0
        elif code == 0x0D:
            self._column = 0
        elif code == 0x0A:
            self._row = 1

    def _put(self, sign: bytes) -> None:
        row = self._rows[self._row]
        self._rows[self._row] = row[: self._column] + self._decoded(sign) + row[self._column + 1 :]
        self._column += 1
        if self._column == COLUMNS:
            self._column = 0
            if self._row and self._scrolls:
                self._rows = [self._rows[1], _BLANK]
            else:
                self._row = 1 - self._row

    def _decoded(self, data: bytes) -> str:
        return data.decode(f"cp{self._page}", errors="replace")

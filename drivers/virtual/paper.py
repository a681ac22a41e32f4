"""The paper that comes out of a virtual printer: ESC/POS bytes to pictures, one receipt per cut.

For tests, for the demo's panel and for receipts as PNG. It knows what a till sends, raster first, and plain
text in one size; whatever else it meets is listed as unknown and never guessed, so that a test can demand an
empty list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from drivers.virtual.escpos_commands import DLE, ESC, GS, extent

_TEXT_DOTS = 24
_LINE_DOTS = 30
_WIDTH = 576


@dataclass(slots=True)
class Receipt:
    """One piece of paper.

    Attributes:
        image: The picture, mode "1", 0 = black; its height is 0 when nothing was printed.
        text: What was printed as letters and not as dots.
        cut: "full", "partial", or None for a piece that still hangs in the printer.
        kicks: (pin, on milliseconds, off milliseconds) of the drawer pulses on the way.
        unknown: The commands that are not understood.
    """

    image: Image.Image
    text: str = ""
    cut: str | None = None
    kicks: list[tuple[int, int, int]] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)


def pictures(job_bytes: bytes) -> list[Image.Image]:
    """Return the picture of each piece of paper that has something printed on it."""
    return [receipt.image for receipt in receipts(job_bytes) if receipt.image.height]


def receipts(data: bytes) -> list[Receipt]:
    """Decode everything that a printer executed; the last receipt may be empty and not cut."""
    paper = _Paper()
    at = 0
    while at < len(data):
        size = extent(data, at)
        if size is None:
            paper.unknown.append(bytes(data[at:]))
            break
        paper.execute(bytes(data[at : at + size]))
        at += size
    paper.finish(None)
    return paper.done


class _Paper:
    """The piece of paper in the printer, in strips from the top."""

    def __init__(self) -> None:
        self.done: list[Receipt] = []
        self._begin()
        self._commands: dict[bytes, Callable[[bytes], None]] = {
            b"\x1b@": self._nothing,  # every receipt starts anew
            b"\x1da": self._nothing,
            b"\x1dr": self._nothing,
            b"\x1bJ": lambda command: self._feed(command[2]),
            b"\x1bd": lambda command: self._feed(command[2] * _LINE_DOTS),
            b"\x1bp": self._kick,
            b"\x1dv": self._raster,
            b"\x1dV": self._cut,
        }

    def _begin(self) -> None:
        self.unknown: list[bytes] = []
        self._strips: list[Image.Image] = []
        self._text, self._line = "", ""
        self._kicks: list[tuple[int, int, int]] = []

    def execute(self, command: bytes) -> None:
        if len(command) == 1:
            self._character(command[0])
        elif command[0] == DLE or command[:3] == b"\x1d(H":
            return
        elif command[0] in (ESC, GS) and command[:2] in self._commands:
            self._commands[command[:2]](command)
        else:
            self.unknown.append(command)

    def finish(self, cut: str | None) -> None:
        if self._line:
            self._character(0x0A)
        image = _stacked(self._strips)
        self.done.append(Receipt(image, self._text, cut, self._kicks, self.unknown))
        self._begin()

    def _nothing(self, _command: bytes) -> None:
        pass

    def _character(self, value: int) -> None:
        if value == 0x0A:
            self._strips.append(_line(self._line))
            self._text, self._line = f"{self._text}{self._line}\n", ""
        elif value >= 0x20:
            self._line += bytes([value]).decode("cp437")
        elif value not in (0x00, 0x0D):
            self.unknown.append(bytes([value]))

    def _feed(self, dots: int) -> None:
        if dots:
            self._strips.append(Image.new("1", (8, dots), 1))

    def _kick(self, command: bytes) -> None:
        self._kicks.append((5 if command[2] % 48 else 2, command[3] * 2, command[4] * 2))

    def _raster(self, command: bytes) -> None:
        stride = command[4] | command[5] << 8
        lines = (len(command) - 8) // max(stride, 1)  # fewer than announced where the data broke off
        dots = bytes(value ^ 0xFF for value in command[8 : 8 + lines * stride])
        if lines:
            self._strips.append(Image.frombytes("1", (stride * 8, lines), dots))

    def _cut(self, command: bytes) -> None:
        self.finish("full" if command[2] in (0, 48, 65, 97, 103) else "partial")


def _line(text: str) -> Image.Image:
    strip = Image.new("1", (_WIDTH, _LINE_DOTS), 1)
    ImageDraw.Draw(strip).text((0, 0), text, font=ImageFont.load_default(_TEXT_DOTS), fill=0)
    return strip


def _stacked(strips: Iterable[Image.Image]) -> Image.Image:
    """Put strips under each other on paper as wide as the widest, 576 dots for blank ones."""
    strips = list(strips)
    widest = max((strip.width for strip in strips), default=0)
    paper = Image.new("1", (widest if widest > 8 else _WIDTH, sum(strip.height for strip in strips)), 1)
    top = 0
    for strip in strips:
        paper.paste(strip, (0, top))
        top += strip.height
    return paper

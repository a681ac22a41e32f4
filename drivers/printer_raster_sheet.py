"""A sheet of receipt paper that grows downwards: type, rules, frames, modules; one bit a dot at the end."""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.printer_raster_sizes import ASCENT, DESCENT

_THRESHOLD = 140  # type is drawn grey and cut here; dithering would fray it
_FRAME_DOTS = 4
_FRAME_RADIUS = 14


class Face(enum.Enum):
    """The four faces, by file."""

    MEDIUM = "Gapless-Medium.ttf"
    SEMIBOLD = "Gapless-SemiBold.ttf"
    DISPLAY = "GaplessDisplay-Bold.ttf"
    ICONS = "GaplessIcons.ttf"


class Faces:
    """Opens each face once per size.

    Args:
        folder: Where the files named in Face lie, and icons.json.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._icons: dict[str, int] = json.loads((folder / "icons.json").read_text("utf-8"))
        self._opened: dict[tuple[Face, int], ImageFont.FreeTypeFont] = {}

    def open(self, face: Face, size: int) -> ImageFont.FreeTypeFont:
        """Return the face at a size in dots."""
        key = (face, size)
        if key not in self._opened:
            self._opened[key] = ImageFont.truetype(self._folder / face.value, size)
        return self._opened[key]

    def icon(self, name: str) -> str:
        """Return the character of an icon, to be set in Face.ICONS."""
        return chr(self._icons[name])

    def width(self, text: str, face: Face, size: int) -> float:
        """Say how many dots a text takes."""
        return float(self.open(face, size).getlength(text))

    def largest(self, text: str, face: Face, size: int, width: float, smallest: int) -> int:
        """Return the largest size from ``size`` down to ``smallest`` at which the text fits."""
        while size > smallest and self.width(text, face, size) > width:
            size -= 1
        return size

    def break_lines(self, text: str, face: Face, size: int, width: float) -> list[str]:
        """Break a text between words; a word that is too long for a line is broken anywhere."""
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines[-1] else word
            if self.width(longer, face, size) <= width:
                lines[-1] = longer
                continue
            *full, rest = self._break_word(word, face, size, width)
            lines += [*full, rest]
        return [line for line in lines if line.strip()]

    def _break_word(self, word: str, face: Face, size: int, width: float) -> list[str]:
        pieces = [""]
        for character in word:
            if pieces[-1] and self.width(pieces[-1] + character, face, size) > width:
                pieces.append("")
            pieces[-1] += character
        return pieces


class Sheet:
    """What has been set so far; ``bottom`` is where the next line begins, in dots from the top.

    Args:
        faces: The faces to set in.
        width: Of the paper, in dots.
    """

    def __init__(self, faces: Faces, width: int) -> None:
        self.faces, self.width = faces, width
        self.bottom = 0.0
        self._last_ink = 0  # the last baseline or lower edge
        self._strokes: list[Callable[[ImageDraw.ImageDraw], None]] = []

    def baseline(self, size: int, gap: float = 0.0) -> int:
        """Go on to the next line and return its baseline."""
        line = round(self.bottom + gap + ASCENT * size)
        self.end_line(line, size)
        return line

    def end_line(self, baseline: int, size: int, gap: float = 0.0) -> None:
        """Continue below a line that stands at ``baseline``, if nothing stands lower already."""
        self.bottom = max(self.bottom, baseline + DESCENT * size + gap)
        self._last_ink = max(self._last_ink, baseline)

    def left(self, x: int, baseline: int, text: str, face: Face, size: int) -> None:
        """Set a text that begins at ``x``."""
        self._strokes.append(partial(self._type, x, baseline, text, face, size))

    def right(self, edge: int, baseline: int, text: str, face: Face, size: int) -> None:
        """Set a text that ends at ``edge``."""
        self.left(round(edge - self.faces.width(text, face, size)), baseline, text, face, size)

    def centre(self, baseline: int, text: str, face: Face, size: int) -> None:
        """Set a text in the middle of the paper."""
        self.left(round((self.width - self.faces.width(text, face, size)) / 2), baseline, text, face, size)

    def box(self, height: int, above: float) -> int:
        """Draw a round frame from edge to edge and return its upper edge; what follows begins below it."""
        top = round(self.bottom + above)
        self._strokes.append(partial(self._frame, top, height))
        self._end_box(top + height)
        return top

    def bar(self, left: int, top: int, width: int, height: int) -> None:
        """Fill a rectangle; it moves nothing else."""
        self._strokes.append(
            lambda draw: draw.rectangle((left, top, left + width - 1, top + height - 1), fill=0)
        )

    def rule(self, thickness: int, above: float) -> None:
        """Draw a line from edge to edge, ``above`` dots below what stands there."""
        top = round(self.bottom + above)
        self.bar(0, top, self.width, thickness)
        self._end_box(top + thickness)

    def matrix(self, left: int, top: int, rows: tuple[bytearray, ...], module: int) -> None:
        """Draw the dark modules of a QR code (1 in ``rows``), each ``module`` dots wide."""
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    self.bar(left + x * module, top + y * module, module, module)
        self._end_box(top + len(rows) * module)

    def image(self, below: int) -> Image.Image:
        """Draw everything: one bit a dot, 0 = black, ``below`` blank dots under the last line or box."""
        canvas = Image.new("L", (self.width, max(math.ceil(self._last_ink + below), 1)), 255)
        draw = ImageDraw.Draw(canvas)
        for stroke in self._strokes:
            stroke(draw)
        return canvas.point([0] * _THRESHOLD + [255] * (256 - _THRESHOLD), "1")

    def _end_box(self, edge: int) -> None:
        self.bottom = max(self.bottom, float(edge))
        self._last_ink = max(self._last_ink, edge)

    def _type(
        self, x: int, baseline: int, text: str, face: Face, size: int, draw: ImageDraw.ImageDraw
    ) -> None:
        draw.text((x, baseline), text, font=self.faces.open(face, size), fill=0, anchor="ls")

    def _frame(self, top: int, height: int, draw: ImageDraw.ImageDraw) -> None:
        box = (0, top, self.width - 1, top + height - 1)
        draw.rounded_rectangle(box, _FRAME_RADIUS, outline=0, width=_FRAME_DOTS)

"""A wrong wall clock for the till's programs, which a time service puts right while they run: libfaketime.

Only the wall clock is another; the time since the start of the machine goes on as it is.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image

from appliance.demo.stage import Stage
from drivers.document import Document, Style, Text
from drivers.printer_raster import ReceiptRaster
from drivers.virtual.paper import pictures

FONTS = Path(__file__).resolve().parents[2] / "appliance" / "fonts"


def set_clock(stage: Stage, days: int) -> None:
    """Set the wall clock of both programs so many days off: at once, or when they are started."""
    file, part = stage.folder / "clock", stage.folder / "clock.part"
    part.write_text(f"{days:+d}d\n")
    part.replace(file)
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    for program in (stage.kiosk, stage.syncd):
        loaded = program.environment.get("LD_PRELOAD", os.environ.get("LD_PRELOAD", "")).split(":")
        program.environment |= {
            "LD_PRELOAD": ":".join(filter(None, dict.fromkeys([*loaded, str(library)]))),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


def says(paper: bytes, words: str, style: Style) -> bool:
    """Whether a line of these words was burned into a paper, dot by dot."""
    return any(_holds(picture, words, style) for picture in pictures(paper))


def _holds(picture: Image.Image, words: str, style: Style) -> bool:
    dots = np.asarray(picture.convert("L")) < 128
    line = np.asarray(
        ReceiptRaster(FONTS, dots.shape[1]).render(Document((Text(words, style),))).convert("L")
    )
    ink = np.argwhere(line < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    wanted = (line < 128)[top : bottom + 1, left : right + 1]
    height = wanted.shape[0]
    return any(
        np.array_equal(dots[y : y + height, left : right + 1], wanted) for y in range(len(dots) - height + 1)
    )

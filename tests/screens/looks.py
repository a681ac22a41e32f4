"""What tests of several screens look at: the design's boxes, labels that fit, targets that a finger hits, pictures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from appliance.ui.marks import Area, Frame, Icon, Mark, Text
from appliance.ui.screens import every_screen
from appliance.ui.theme import Look
from appliance.ui.widgets.header import HeaderText
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part
from tests.screens.boxes import differences
from tests.screens.conftest import UI
from tests.screens.till import Till

GOLDEN = Path(__file__).with_name("golden")
GOLDEN_SHARE = 4
"""Golden pictures are kept at a fourth of their size: a moved block shows, a letter's edge does not."""
GOLDEN_MEAN = 1.5
LEAST_TARGET = {"7": 50, "10": 62}


def offer(ui: UI, till: Till) -> None:
    """All the till's screens."""
    till.at_close.append(partial(_leave, ui))
    ui.desk.offer(every_screen(till.counter))


def _leave(ui: UI) -> None:
    """No timer of a screen outlives its till."""
    ui.screen.leave()


def head(ui: UI, clock: str, state: str = "online", words: str = "Online") -> None:
    ui.desk.set_header(HeaderText("Till 1", "Marta", state, words, clock))


@contextmanager
def as_if_all_worked(ui: UI) -> Iterator[None]:
    """The pictures show keys of later versions as if they worked; here they are sunk. Their places are the same."""
    sunk = [part for part in ui.screen.parts if isinstance(part, Key) and part.is_off]
    for part in sunk:
        part.change(is_off=not part.text and not part.icon)
    try:
        yield
    finally:
        for part in sunk:
            part.change(is_off=True)


def unlike_the_design(ui: UI, screen: str, panel: str, without: Iterable[str] = ()) -> list[str]:
    """Where the screen differs from the design's boxes, sunk keys taken as lit."""
    with as_if_all_worked(ui):
        return differences(ui.rows(), screen, panel, without)


def sunk_keys(ui: UI) -> set[str]:
    """What is drawn sunk."""
    return {part.text for part in ui.screen.parts if isinstance(part, Key) and part.is_off and part.text}


def untidy(ui: UI, panel: str) -> list[str]:
    """Labels that leave their part, and parts that are too small for a finger; one sentence each.

    The header's chip has no width of its own: it is as wide as its words.
    """
    found = []
    for part in ui.screen.parts:
        if not part.is_shown:
            continue
        found += [f"{mark} leaves {part.area}" for mark in part.marks() if not _fits(mark, part, ui.look)]
        target, least = part.target, LEAST_TARGET[panel]
        if getattr(part, "can_be_tapped", False) and min(target.w, target.h) < least and part.area.w:
            found.append(f"{' '.join(part.words())} is hit on {target}, less than {least}")
    return found


def _fits(mark: Mark, part: Part, look: Look) -> bool:
    if isinstance(mark, Text):
        width = look.width_of(mark.text, mark.face, mark.px)
        left = mark.x - {"left": 0, "centre": width / 2, "right": width}[mark.align]
        area = _room(part, look)
        return (
            left >= area.x and left + width <= area.right and mark.top + mark.px <= area.bottom + mark.px / 2
        )
    return isinstance(mark, Icon | Frame) or mark.area.w >= 0


def _room(part: Part, look: Look) -> Area:
    """Header parts are as wide as their words; all others keep to their area."""
    sizes = look.sizes
    return Area(0, 0, sizes.width, sizes.head) if part.area.y == 0 else part.area


def golden_difference(ui: UI, name: str, panel: str) -> float:
    """Mean difference (0 to 255) from the picture that was kept; GAPLESS_GOLDEN=write keeps this one instead."""
    picture = ui.pixels()
    small = picture.resize(
        (picture.width // GOLDEN_SHARE, picture.height // GOLDEN_SHARE), Image.Resampling.BOX
    )
    path = GOLDEN / f"{name}-{panel}.png"
    if os.environ.get("GAPLESS_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        small.quantize(64).save(path, optimize=True)
    kept = Image.open(path).convert("RGB")
    channels = ImageStat.Stat(ImageChops.difference(small, kept)).mean
    return float(sum(channels) / len(channels))

"""Colours, sizes and letters of the till: the one theme file.

A `Look` is chosen once at start and handed to every part. The numbers are those of the design: two panels (7
inch 800x480, 10.1 inch 1280x800), two schemes (dark for most counters, light for one in the sun).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FACES = {
    "Medium": FONTS / "Gapless-Medium.ttf",
    "SemiBold": FONTS / "Gapless-SemiBold.ttf",
    "Display": FONTS / "GaplessDisplay-Bold.ttf",
    "Icons": FONTS / "GaplessIcons.ttf",
}

DARK: Mapping[str, str] = {
    "ground": "#0B1411",
    "panel": "#14231E",
    "key": "#1E352D",
    "raised": "#2B493F",
    "edge": "#5F8173",
    "ivory": "#F5F0E3",
    "sand": "#B9C3B5",
    "faint": "#8A9B91",
    "brass": "#EFBE4B",
    "brass-down": "#FFDF94",
    "mark": "#EFBE4B",
    "ink": "#17150B",
    "sky": "#8FCBEA",
    "sky-bed": "#15323F",
    "amber": "#FFB27A",
    "amber-bed": "#3B2A1B",
    "coral": "#FF9C8E",
    "coral-bed": "#45211D",
    "leaf": "#93D8AA",
    "leaf-bed": "#17382A",
    "down": "#F5F0E3",
    "down-ink": "#14231E",
    "paper": "#FBF8F1",
}
LIGHT: Mapping[str, str] = {
    "ground": "#DAD4C6",
    "panel": "#FDFBF6",
    "key": "#F4F0E6",
    "raised": "#D9E3D8",
    "edge": "#7A7F6E",
    "ivory": "#14231E",
    "sand": "#44524B",
    "faint": "#66716A",
    "brass": "#F0BA3C",
    "brass-down": "#FFDF94",
    "mark": "#8A6210",
    "ink": "#17150B",
    "sky": "#0A4F72",
    "sky-bed": "#D3E7F1",
    "amber": "#7F3A00",
    "amber-bed": "#FAE3CF",
    "coral": "#96221A",
    "coral-bed": "#FADCD6",
    "leaf": "#16593A",
    "leaf-bed": "#D5EBDB",
    "down": "#14231E",
    "down-ink": "#FDFBF6",
    "paper": "#FBF8F1",
}
SCHEMES: Mapping[str, Mapping[str, str]] = {"dark": DARK, "light": LIGHT}


@dataclass(frozen=True, slots=True)
class Type:
    """A size of letter: height of the em and of its line, in pixels."""

    px: int
    line: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Every measure of one panel, in pixels. A row, tile or letter *pitch* has its 2 px seam inside."""

    name: str
    width: int
    height: int
    margin: int
    corner: int
    head: int
    row: int
    tile: int
    slab: int
    pad: int
    keys: int
    sale: int
    inner: int
    quantity: int
    letters: tuple[int, ...]
    note: Type
    tile_name: Type
    tile_number: Type
    tile_price: Type
    label: Type
    text: Type
    num: int
    title: int
    digit: int
    verb: int
    amount: tuple[int, int, int]
    due: int
    huge: tuple[int, int, int]
    icon: int
    icon_large: int
    seam: int = 2

    @property
    def body(self) -> int:
        """Height of everything under the header: the blocks."""
        return self.height - self.head - self.margin

    @property
    def slab_top(self) -> int:
        """Where the lit key and the base keys begin."""
        return self.height - self.margin - self.slab


SEVEN_INCH = Sizes(
    name="7",
    width=800,
    height=480,
    margin=6,
    corner=10,
    head=50,
    row=50,
    tile=75,
    slab=74,
    pad=340,
    keys=0,
    sale=442,
    inner=14,
    quantity=46,
    letters=(77,) * 10,
    note=Type(15, 18),
    tile_name=Type(16, 18),
    tile_number=Type(15, 18),
    tile_price=Type(16, 18),
    label=Type(18, 21),
    text=Type(19, 22),
    num=21,
    title=22,
    digit=32,
    verb=27,
    amount=(52, 44, 36),
    due=64,
    huge=(200, 150, 120),
    icon=24,
    icon_large=30,
)
TEN_INCH = Sizes(
    name="10",
    width=1280,
    height=800,
    margin=10,
    corner=14,
    head=62,
    row=62,
    tile=93,
    slab=108,
    pad=478,
    keys=262,
    sale=500,
    inner=18,
    quantity=60,
    letters=(124,) * 9 + (126,),
    note=Type(17, 21),
    tile_name=Type(18, 21),
    tile_number=Type(15, 21),
    tile_price=Type(17, 21),
    label=Type(21, 25),
    text=Type(22, 26),
    num=25,
    title=27,
    digit=40,
    verb=34,
    amount=(70, 58, 46),
    due=88,
    huge=(320, 240, 190),
    icon=28,
    icon_large=38,
)
PANELS: Mapping[str, Sizes] = {"800x480": SEVEN_INCH, "1280x800": TEN_INCH}

MeasureText = Callable[[str, str, int], int]
"""(text, face, px) -> width in pixels, as the painter will draw it."""


@dataclass(frozen=True, slots=True)
class Look:
    """All that a part needs to know of the panel it is drawn on."""

    sizes: Sizes
    colours: Mapping[str, str]
    icons: Mapping[str, str]
    width_of: MeasureText

    @property
    def is_large(self) -> bool:
        """Whether this is the 10.1 inch panel, which has a third column."""
        return self.sizes.keys > 0

    def rgb(self, colour: str) -> tuple[float, float, float]:
        """A token as red, green and blue from 0 to 1."""
        return channels(self.colours[colour])

    def fit(self, text: str, face: str, px: int, width: int) -> str:
        """The text, cut to end in an ellipsis if it is wider than `width` pixels."""
        if self.width_of(text, face, px) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width_of(text[:middle].rstrip() + "…", face, px) <= width:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"


def channels(colour: str) -> tuple[float, float, float]:
    """Split "#RRGGBB" into three numbers from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def read_icons(path: Path = FONTS / "icons.json") -> dict[str, str]:
    """Icon names and their characters, from the file that came with the icon font."""
    return {name: chr(code) for name, code in json.loads(path.read_text(encoding="utf-8")).items()}


def choose_look(width: int, height: int, scheme: str, width_of: MeasureText) -> Look:
    """The look for a window of this size: the largest panel that fits it, the smallest if none does."""
    fitting = [sizes for sizes in PANELS.values() if sizes.width <= width and sizes.height <= height]
    sizes = max(fitting, key=lambda each: each.width, default=SEVEN_INCH)
    return Look(sizes, SCHEMES[scheme], read_icons(), width_of)

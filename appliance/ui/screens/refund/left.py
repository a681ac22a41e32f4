"""The left block of giving back: one page at a time, each key always in the same place."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from appliance.ui.marks import Area, Box, Icon, Mark, middle, split, word
from appliance.ui.screens.columns import between, foot, top_row
from appliance.ui.screens.refund.words import ReceiptFact
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.heading import Heading
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.pad import BACKSPACE, number_pad
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.points import Points

LETTERS = ("7", "8", "9", "A", "4", "5", "6", "B", "1", "2", "3", "C", "0", "D", "E", "F")
"""What the code of a receipt is written with."""
REASONS = 6
CHECK_PX = 20


class Page(enum.Enum):
    """What the left block is for."""

    FIND = "find"
    LINES = "lines"
    WHY = "why"
    SLIP = "slip"
    CODE = "code"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Hands:
    """What the keys of the left block and the reasons do."""

    type: Callable[[str], None]
    without: Callable[[], None]
    shelf: Callable[[], None]
    damaged: Callable[[], None]
    fewer: Callable[[], None]
    more: Callable[[], None]
    all_lines: Callable[[], None]
    turn: Callable[[Page], None]
    other_way: Callable[[], None]
    choose: Callable[[int], None]


class LeftBlock:
    """All pages. Not a part itself: add its `parts`."""

    def __init__(self, look: Look, say: Words, block: Area, hands: Hands) -> None:
        self._look, self._say, self._hands = look, say, hands
        sizes = look.sizes
        self.facts: tuple[ReceiptFact, ...] = ()
        tiles = Area(block.x, sizes.slab_top - sizes.tile, block.w, sizes.tile - sizes.seam)
        pad = Area(block.x, sizes.slab_top - 4 * sizes.tile, block.w, 4 * sizes.tile - sizes.seam)
        row = sizes.row - sizes.seam
        field = Area(block.x, pad.y - sizes.row, block.w, row)
        ask = Area(block.x, tiles.y - sizes.row, block.w, row)
        middle_top = block.y + sizes.row
        self.head = Heading(look, top_row(block, sizes))
        room = Area(block.x, middle_top, block.w, ask.y - sizes.seam - middle_top)
        self.about = Drawing(look, room, self._draw_facts)
        self.told = Points(look, room)
        self.above_pad = Points(look, room._replace(h=max(0, field.y - sizes.seam - middle_top)))
        self.prove = Key(
            look,
            room._replace(y=room.bottom - row, h=row),
            " ",
            lambda: hands.turn(Page.CODE),
            icon="qr",
            beside=True,
            at_start=True,
        )
        self.ask = Heading(look, ask)
        shelf, damaged = split(tiles, 2)
        self.shelf = Key(look, shelf, say("return.shelf"), hands.shelf, icon="shelf")
        self.damaged = Key(look, damaged, say("return.damaged"), hands.damaged, icon="damaged")
        self.field = Field(look, field)
        self.pad = number_pad(look, pad, hands.type)
        self.letters = [
            Key(look, cell, each, self._typer(each), face="SemiBold", size=sizes.digit)
            for each, cell in zip(LETTERS, split(pad, 4, 4), strict=True)
        ]
        self._build_foot(foot(block, sizes))
        rows = between(block, sizes, 1)
        self.reasons = reason_keys(look, say, split(rows, 2, 3), hands.choose)

    def _build_foot(self, area: Area) -> None:
        look, say, hands = self._look, self._say, self._hands
        large = look.sizes.icon_large
        fewer, more, third = split(area, 3)
        self.fewer = Key(look, fewer, "", hands.fewer, icon="minus", icon_px=large, name=say("return.fewer"))
        self.more = Key(look, more, "", hands.more, icon="plus", icon_px=large, name=say("return.more"))
        self.all_lines = Key(look, third, say("return.all"), hands.all_lines, icon="check")
        first, second = split(area, 2)
        lines = say("return.lines")
        self.without = Key(look, area, say("return.without"), hands.without, icon="user", beside=True)
        self.lines_alone = Key(look, area, lines, lambda: hands.turn(Page.LINES), icon="back", beside=True)
        self.lines = Key(look, first, lines, lambda: hands.turn(Page.LINES), icon="back", beside=True)
        self.other_way = Key(look, second, " ", hands.other_way, icon="swap", beside=True)
        self.erase = Key(
            look,
            second,
            "",
            self._typer(BACKSPACE),
            icon=BACKSPACE,
            icon_px=large,
            name=say("return.erase"),
        )

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        pages = [part for page in Page for part in self._of(page)]
        return list(dict.fromkeys([*pages, self.told, self.about, self.prove]))

    def turn(self, page: Page, now: float) -> None:
        """Show one page's parts and no other's."""
        shown = self._of(page)
        for part in self.parts:
            part.show(part in shown, now)

    def _of(self, page: Page) -> list[Part]:
        typing: list[Part] = [self.field, *([self.head, self.above_pad] if self._look.is_large else [])]
        # On the large panel the key for the other way stands below the reasons.
        back: list[Part] = [self.lines_alone] if self._look.is_large else [self.lines, self.other_way]
        lines: list[Part] = [self.head, self.about, self.told, self.prove, self.ask, self.shelf, self.damaged]
        parts: dict[Page, list[Part]] = {
            Page.FIND: [*typing, *self.pad, self.without],
            Page.LINES: [*lines, self.fewer, self.more, self.all_lines],
            Page.WHY: [self.head, *self.reasons, *back],
            Page.SLIP: [*typing, *self.pad, *back],
            Page.CODE: [*typing, *self.letters, self.lines, self.erase],
            Page.NUMBER: [*typing, *self.pad, self.lines_alone],
        }
        return parts[page]

    def _typer(self, key: str) -> Callable[[], None]:
        return lambda: self._hands.type(key)

    # what is drawn

    def _draw_facts(self) -> list[Mark]:
        area, sizes = self.about.area, self._look.sizes
        pitch = 56 if self._look.is_large else 38
        marks: list[Mark] = [Box(area, "panel")]
        for at, fact in enumerate(self.facts):
            row = Area(area.x, area.y + at * pitch, area.w, pitch)
            marks += self._check(fact.label, row) if fact.is_check else self._fact(fact, row)
        top = sizes.row - sizes.seam
        seam = Area(area.x, area.bottom - top - sizes.seam, area.w, sizes.seam)
        return [*marks, Box(seam, "ground")] if self.prove.is_shown else marks

    def _fact(self, fact: ReceiptFact, row: Area) -> list[Mark]:
        look, sizes = self._look, self._look.sizes
        top, right = middle(row, sizes.text.line), row.right - sizes.inner
        face = "SemiBold" if fact.is_strong else "Medium"
        room = right - row.x - 2 * sizes.inner - look.width_of(fact.label, "Medium", sizes.text.px)
        value = look.fit(fact.value, face, sizes.text.px, int(room))
        return [
            word(fact.label, row.x + sizes.inner, top, "Medium", sizes.text, "sand"),
            word(value, right, top, face, sizes.text, align="right"),
        ]

    def _check(self, text: str, row: Area) -> list[Mark]:
        sizes = self._look.sizes
        x = row.x + sizes.inner
        return [
            Icon(x, middle(row, CHECK_PX), "check", CHECK_PX, "leaf"),
            word(text, x + CHECK_PX + 8, middle(row, sizes.label.line), "Medium", sizes.label),
        ]


def reason_keys(look: Look, say: Words, cells: list[Area], choose: Callable[[int], None]) -> list[Key]:
    """A key for each reason; the last is for any other."""

    def chooser(at: int) -> Callable[[], None]:
        return lambda: choose(at)

    return [
        Key(look, cell, say(f"return.why_{at}"), chooser(at), icon="note" if at == REASONS else "")
        for at, cell in enumerate(cells, 1)
    ]

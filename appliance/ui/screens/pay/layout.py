"""Where the parts of the pay screen stand, on both panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.domain.money import Currency
from appliance.ui.marks import Area, Box, Mark, middle, split, word
from appliance.ui.screens.columns import between, foot, thirds, three_columns, top_row
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.band import Band
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList
from appliance.ui.widgets.lit_key import APART, LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.pad import number_pad
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.plain import Drawing

LATER = (("gift", "pay.gift_card"), ("user", "pay.account"), ("printer", "pay.receipt"))
LATER_LARGE = (("user", "pay.customer"), ("percent", "pay.discount"), ("printer", "pay.print_receipt"))
QUICK = 4
PLUS = 4
PLUS_PADDING = 6


@dataclass(frozen=True, slots=True)
class Hands:
    """What the pay screen does when a key is tapped."""

    type_key: Callable[[str], None]
    quick: Callable[[int], None]
    plus: Callable[[int], None]
    clear: Callable[[], None]
    card: Callable[[], None]
    split: Callable[[], None]
    lit: Callable[[], None]


class DueBlock(Part):
    """What is to pay: a title over small lines, and the amount as large as it goes."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.title, self.amount = "", ""
        self.notes: tuple[str, ...] = ()

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def marks(self) -> list[Mark]:
        """Title and notes left, amount right."""
        look, sizes, area = self.look, self.look.sizes, self.area
        right = area.right - 12
        x, gap = area.x + sizes.inner, 4
        px = self._amount_px(right - x - look.width_of(self.title, "SemiBold", sizes.title) - APART)
        room = right - look.width_of(self.amount, "Display", px) - APART - x
        line = sizes.text.line
        top = middle(area, line + gap + sizes.note.line * len(self.notes))
        marks: list[Mark] = [Box(area, "panel")]
        # The title's letters stand higher than the line of a text that it is set in, as in the design.
        marks.append(word(self.title, x, top + (line - sizes.title) // 2, "SemiBold", sizes.title))
        top += line + gap
        for note in self.notes:
            fitting = look.fit(note, "Medium", sizes.note.px, int(room))
            marks.append(word(fitting, x, top, "Medium", sizes.note, "sand"))
            top += sizes.note.line
        marks.append(word(self.amount, right, middle(area, px), "Display", px, "ivory", "right"))
        return marks

    def _amount_px(self, room: int) -> int:
        sizes = self.look.sizes
        steps = (sizes.due, *sizes.amount)
        return next((px for px in steps if self.look.width_of(self.amount, "Display", px) <= room), steps[-1])


class PayLayout:
    """Every part of the screen, from back to front, in `parts`."""

    def __init__(self, look: Look, say: Words, currency: Currency, hands: Hands) -> None:
        self._look, self._say, self._hands = look, say, hands
        self.parts: list[Part] = []
        left, middle_block, right = three_columns(look.sizes)
        self.blocks = [left, middle_block, right] if look.is_large else [left, right]
        self.lines: LineList | None = None
        self.caption: Drawing | None = None
        self.clear: Key | None = None
        self.plus: list[Key] = []
        self._build_keys(middle_block)
        if look.is_large:
            self._build_sale(left)
            self._build_plus(middle_block, currency)
        self._build_right(right)

    def _build_keys(self, block: Area) -> None:
        look, sizes = self._look, self._look.sizes
        self.field = Field(look, top_row(block, sizes), label=self._say("pay.given"))
        pad = Area(block.x, block.y + sizes.row, block.w, 4 * sizes.tile - sizes.seam)
        self.parts += [self.field, *number_pad(look, pad, self._hands.type_key)]
        if not look.is_large:
            self._sunk(LATER, foot(block, sizes))

    def _build_sale(self, block: Area) -> None:
        look, sizes = self._look, self._look.sizes
        self.caption = Drawing(look, top_row(block, sizes))
        body = between(block, sizes, 1)
        rows = (body.h + sizes.seam) // sizes.row
        self.lines = LineList(
            look,
            body,
            rows,
            None,
            more_above=self._say("till.more_above"),
            to_newest=self._say("till.to_newest"),
        )
        self.parts += [self.caption, *self.lines.parts]
        self._sunk(LATER_LARGE, foot(block, sizes))

    def _build_plus(self, block: Area, currency: Currency) -> None:
        look, sizes = self._look, self._look.sizes
        top = block.y + sizes.row + 4 * sizes.tile
        area = Area(block.x, top, block.w, 2 * sizes.tile - sizes.seam)
        cells, pieces = split(area, 2, 2), plus_pieces(currency)
        texts = [
            self._say("pay.plus", amount=short_amount(currency, minor)) if minor else "" for minor in pieces
        ]
        px = self._plus_px(texts, cells[0].w)
        for cell, minor, text in zip(cells, pieces, texts, strict=True):
            key = Key(look, cell, text, self._adder(minor), face="Display", size=px, is_off=not minor)
            if minor:
                self.plus.append(key)
            self.parts.append(key)
        self.clear = Key(
            look, foot(block, sizes), self._say("pay.clear"), self._hands.clear, icon="close", beside=True
        )
        self.parts.append(self.clear)

    def _plus_px(self, texts: Sequence[str], width: int) -> int:
        """One size for all of them: that of the verb where the notes have few figures."""
        look, sizes = self._look, self._look.sizes
        steps = (sizes.verb, sizes.title, sizes.label.px)
        room = width - 2 * PLUS_PADDING
        fitting = (px for px in steps if all(look.width_of(text, "Display", px) <= room for text in texts))
        return next(fitting, steps[-1])

    def _build_right(self, block: Area) -> None:
        look, sizes = self._look, self._look.sizes
        self.due = DueBlock(look, Area(block.x, block.y, block.w, 2 * sizes.row - sizes.seam))
        quick = Area(block.x, block.y + 2 * sizes.row, block.w, 2 * sizes.tile - sizes.seam)
        self.quick = [
            Key(look, cell, " ", self._quick(at), at_start=True, face="Display", size=sizes.digit - 3)
            for at, cell in enumerate(split(quick, 2, 2))
        ]
        self.parts += [self.due, *self.quick]
        top = quick.bottom + sizes.seam
        self._build_others(Area(block.x, top, block.w, sizes.slab_top - sizes.seam - top))
        self.lit = LitKey(look, foot(block, sizes), " ", self._hands.lit)
        self.band = Band(look, quick, "calm", icon="card")
        self.notice = Notice(look, quick)
        self.band.is_shown = False
        self.parts += [self.lit, self.band, self.notice]

    def _build_others(self, area: Area) -> None:
        look, sizes = self._look, self._look.sizes
        if look.is_large:
            card, rest = split(area, 1, 2)
            splitting, gift, account = split(rest, thirds(rest.w))
            for cell, icon, name in ((gift, "gift", "pay.gift_card"), (account, "user", "pay.on_account")):
                self.parts.append(Key(look, cell, self._say(name), icon=icon, is_off=True))
        else:
            card, splitting = split(area, [294, area.w - 294 - sizes.seam])
        self.card = Key(
            look,
            card,
            self._say("pay.card"),
            self._hands.card,
            icon="card",
            icon_px=sizes.icon_large,
            beside=True,
            face="Display",
            size=sizes.digit - 6,
        )
        self.split = Key(
            look,
            splitting,
            self._say("pay.split"),
            self._hands.split,
            icon="split",
            beside=not look.is_large,
        )
        self.parts += [self.card, self.split]

    def _sunk(self, keys: tuple[tuple[str, str], ...], area: Area) -> None:
        """Functions of later versions: in their places, sunk."""
        for (icon, name), cell in zip(keys, split(area, thirds(area.w)), strict=True):
            self.parts.append(Key(self._look, cell, self._say(name), icon=icon, is_off=True))

    def _quick(self, at: int) -> Callable[[], None]:
        return lambda: self._hands.quick(at)

    def _adder(self, minor: int) -> Callable[[], None]:
        return lambda: self._hands.plus(minor)


def plus_pieces(currency: Currency) -> tuple[int, ...]:
    """The four smallest notes, 0 for each that the currency has not: what a customer's hand puts down."""
    notes = sorted(piece for piece in currency.cash_minor if piece >= currency.smallest_note_minor)[:PLUS]
    return (*notes, *(0,) * (PLUS - len(notes)))


def short_amount(currency: Currency, minor: int) -> str:
    """A note or coin as it says itself: "20", "2.50"; a part of a unit with its point: ".50"."""
    if minor % currency.unit_minor == 0:
        return f"{minor // currency.unit_minor:,}"
    return currency.amount(minor).removeprefix("0")

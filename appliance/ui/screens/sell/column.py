"""The right column: the sale's lines, a band over them when there is something to say, and the lit key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.ui.marks import Area
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.band import Band, bed_of
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.part import Part

BAND_ROWS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """A way on that a band offers. Without `do` it is drawn sunk: it comes with a later version."""

    text: str
    do: Callable[[], None] | None


@dataclass(frozen=True, slots=True)
class Message:
    """What a band says, and the two ways on (the second is the smaller key)."""

    kind: str
    title: str
    note: str
    answers: tuple[Answer, Answer]


class SaleColumn:
    """Lines, band, typing field (7 inch only) and lit key. Not a part itself: add its `parts`."""

    def __init__(
        self, look: Look, say: Words, area: Area, on_line: Callable[[int], None], on_pay: Callable[[], None]
    ) -> None:
        sizes = look.sizes
        self._look = look
        body = Area(area.x, area.y, area.w, sizes.slab_top - area.y - sizes.seam)
        self.body = body
        self.row_count = (body.h + sizes.seam) // sizes.row
        self.lines = LineList(
            look,
            body,
            self.row_count,
            on_line,
            more_above=say("till.more_above"),
            to_newest=say("till.to_newest"),
        )
        self.lit = LitKey(look, Area(area.x, sizes.slab_top, area.w, sizes.slab), say("sell.pay"), on_pay)
        last = Area(area.x, body.bottom - sizes.row + sizes.seam, area.w, sizes.row - sizes.seam)
        self.field = Field(look, last)
        self.field.is_shown = False
        self.band = Band(look, last._replace(y=last.y - sizes.row))
        first = 332 if look.is_large else 294
        self._message: Message | None = None
        self.answers = [
            Key(look, last._replace(w=first), " ", lambda: self._answer(0)),
            Key(
                look,
                Area(area.x + first + sizes.seam, last.y, area.w - first - sizes.seam, last.h),
                " ",
                lambda: self._answer(1),
            ),
        ]
        for part in (self.band, *self.answers):
            part.is_shown = False

    @property
    def parts(self) -> list[Part]:
        """The lines; then add what may stand in their place; then `over`."""
        return self.lines.parts

    @property
    def over(self) -> list[Part]:
        """What lies over the lines, and the lit key."""
        return [self.field, self.band, *self.answers, self.lit]

    @property
    def message(self) -> Message | None:
        """What the band says now."""
        return self._message

    def tell(self, message: Message | None, now: float) -> None:
        """Show a band, or take it away."""
        self._message = message
        for part in (self.band, *self.answers):
            part.show(message is not None, now)
        if message is None:
            return
        self.band.change(kind=message.kind, title=message.title, notes=(message.note,))
        bed = bed_of(message.kind)
        for key, answer in zip(self.answers, message.answers, strict=True):
            key.change(text=answer.text, is_off=answer.do is None, bed=bed)

    def fill(self, keys: Sequence[int], text_of: Callable[[int], LineText], chosen: int | None) -> None:
        """Show the lines in the rows that the band and the field leave."""
        room = self.row_count
        if self._message is not None:
            room -= BAND_ROWS
        elif self.field.is_shown:
            room -= 1
        self.lines.fill_from(keys, text_of, chosen, room)

    def _answer(self, which: int) -> None:
        message = self._message
        if message is not None:
            do = message.answers[which].do
            if do is not None:
                do()

"""Notes and coins to give, in the order they leave the drawer."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.ui.marks import Area, Frame, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part


@dataclass(frozen=True, slots=True)
class Piece:
    """One note or coin: what is written on it."""

    text: str
    is_note: bool


class Money(Part):
    """Frames of notes and coins, ending at the right edge of the area; what does not fit is left out from the left."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.pieces: Sequence[Piece] = ()
        self.note_size, self.coin, self.gap = ((110, 62), 64, 12) if look.is_large else ((76, 42), 44, 8)

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps money."""
        return False

    def words(self) -> list[str]:
        """What is written on the pieces."""
        return [piece.text for piece in self.pieces] if self.is_shown else []

    def marks(self) -> list[Mark]:
        """Each piece a frame and its number."""
        marks: list[Mark] = []
        right = self.area.right
        for piece in reversed(self.pieces):
            w, h = self.note_size if piece.is_note else (self.coin, self.coin)
            if right - w < self.area.x:
                break
            area = Area(right - w, round(middle(self.area, h)), w, h)
            marks += self._piece(piece, area)
            right -= w + self.gap
        return marks

    def _piece(self, piece: Piece, area: Area) -> list[Mark]:
        large, sizes = self.look.is_large, self.look.sizes
        radius = (6 if large else 4) if piece.is_note else self.coin // 2
        px = (24 if large else sizes.label.px) if piece.is_note else (22 if large else 16)
        text = Type(px, sizes.text.line)
        top = middle(area, text.line)
        label = word(piece.text, area.x + area.w / 2, top, "SemiBold", text, align="centre")
        return [Frame(area, "edge", radius), label]

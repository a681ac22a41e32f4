"""Notices: a band that says something once and goes at a tap."""

from appliance.ui.marks import Area
from appliance.ui.theme import Look
from appliance.ui.widgets.band import GAP, Band
from appliance.ui.widgets.sentence import sentences, wrap

SIGNS = {"stop": "stop"}
"""A refusal has the octagon; the band's own sign for "stop" is that of an unknown barcode."""


class Notice(Band):
    """A band without keys of its own: wherever it is tapped, it goes. It begins hidden."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.is_shown = False

    @property
    def can_be_tapped(self) -> bool:
        """A tap takes it away."""
        return self.is_shown

    def say(self, kind: str, text: str, now: float, *, notes: tuple[str, ...] = (), icon: str = "") -> None:
        """Appear with these words: strong if they fit on a line, else the first sentence strong and the rest small.

        `now` is the desk's clock. Notes that the area has no room for are left out, last first.
        """
        sizes = self.look.sizes
        room = self.area.w - 2 * sizes.inner - sizes.icon_large - GAP
        title, *rest = [text] if self._fits(text, room) else sentences(text)
        if not self._fits(title, room):
            title, *more = wrap(self.look, title, "SemiBold", sizes.text, room)
            rest = [" ".join([*more, *rest])]
        small = [
            line for each in (*rest, *notes) for line in wrap(self.look, each, "Medium", sizes.note, room)
        ]
        most = (self.area.h - sizes.text.line) // sizes.note.line
        self.change(kind=kind, title=title, notes=tuple(small[:most]), icon=icon or SIGNS.get(kind, ""))
        self.show(True, now)

    def tap(self, x: float, y: float) -> None:
        """Go."""
        self.change(is_shown=False)

    def _fits(self, text: str, room: int) -> bool:
        return self.look.width_of(text, "SemiBold", self.look.sizes.text.px) <= room

"""The quiet parts: panels, corners, words that nobody taps, and anything a screen draws by itself."""

from collections.abc import Callable, Sequence

from appliance.ui.marks import Area, Box, Corners, Mark
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part


class Panel(Part):
    """A plain piece of a block."""

    def __init__(self, look: Look, area: Area, colour: str = "panel") -> None:
        super().__init__(look, area)
        self.colour = colour

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps a panel."""
        return False

    def marks(self) -> list[Mark]:
        """One fill."""
        return [Box(self.area, self.colour)]


class Rounding(Part):
    """Rounds the outer corners of a block. Add it last: it lies over the block's parts."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)

    def takes(self, x: float, y: float) -> bool:
        """It lets every finger through."""
        return False

    def marks(self) -> list[Mark]:
        """Four corners in the colour of the ground."""
        return [Corners(self.area, "ground", self.look.sizes.corner)]


class Drawing(Part):
    """Marks that a screen composes by itself: sentences, facts, plots. Nobody taps it."""

    def __init__(self, look: Look, area: Area, draw: Callable[[], Sequence[Mark]] | None = None) -> None:
        """`draw` is asked whenever the drawing is stale; without it set `content` by `change(content=...)`."""
        super().__init__(look, area)
        self.content: tuple[Mark, ...] = ()
        self._draw = draw

    def takes(self, x: float, y: float) -> bool:
        """It lets every finger through."""
        return False

    def marks(self) -> list[Mark]:
        """What the screen composed."""
        return list(self._draw() if self._draw is not None else self.content)

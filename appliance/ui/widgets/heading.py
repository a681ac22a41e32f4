"""A row of words: strong at its start, quiet at its end."""

from appliance.ui.marks import Area, Box, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part


class Heading(Part):
    """The first row of a block. A strong text that is too long ends in an ellipsis."""

    def __init__(self, look: Look, area: Area, strong: str = "", quiet: str = "") -> None:
        super().__init__(look, area)
        self.strong, self.quiet = strong, quiet

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def words(self) -> list[str]:
        """Both, whole."""
        return [each for each in (self.strong, self.quiet) if each] if self.is_shown else []

    def marks(self) -> list[Mark]:
        """Panel and words."""
        look, sizes, area = self.look, self.look.sizes, self.area
        x, right = area.x + sizes.inner, area.right - sizes.inner
        taken = look.width_of(self.quiet, "Medium", sizes.note.px) + sizes.inner if self.quiet else 0
        strong = look.fit(self.strong, "SemiBold", sizes.text.px, int(right - taken - x))
        return [
            Box(area, "panel"),
            word(strong, x, middle(area, sizes.text.line), "SemiBold", sizes.text),
            word(self.quiet, right, middle(area, sizes.note.line), "Medium", sizes.note, "sand", "right"),
        ]

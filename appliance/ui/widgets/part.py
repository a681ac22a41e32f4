"""What every part of a screen has in common: a place, a look, a finger on it or not."""

from typing import Any

from appliance.ui.marks import Area, Mark
from appliance.ui.theme import Look

GUARD_SECONDS = 0.4
"""A key that appears under a finger ignores it that long: a double tap on Pay never takes the cash."""


class Part:
    """A piece of a screen.

    Subclasses name what can change as plain attributes, alter them by `change`, and draw themselves in
    `marks`.
    """

    name = ""
    """What it is called where its words do not say it, or change."""
    guards_always = False
    """Whether the part ignores every finger just after it appeared, not only the one that made it appear."""

    def __init__(self, look: Look, area: Area) -> None:
        self.look = look
        self.area = area
        self.target = area.grown(look.sizes.seam // 2)
        self.is_shown = True
        self.is_stale = True
        self.is_down = False
        self.appeared_at = 0.0

    def change(self, **values: Any) -> None:
        """Set attributes; the part is drawn again only if one of them differs."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
                self.is_stale = True

    def show(self, shown: bool, now: float) -> None:
        """Appear or go. `now` (seconds, monotonic) starts the guard of a part that appears."""
        if shown and not self.is_shown:
            self.appeared_at = now
        self.change(is_shown=shown)

    def marks(self) -> list[Mark]:
        """What to draw now, from back to front."""
        return []

    def takes(self, x: float, y: float) -> bool:
        """Whether a finger there is on this part. A disabled key takes it too, and does nothing."""
        return self.is_shown and self.target.holds(x, y)

    def press(self, x: float, y: float) -> None:
        """A finger came down here."""
        self.change(is_down=True)

    def slide(self, inside: bool) -> None:
        """The finger that came down here moved off the part, or back on."""
        self.change(is_down=inside)

    def release(self) -> None:
        """The finger left, wherever it was."""
        self.change(is_down=False)

    def tap(self, x: float, y: float) -> None:
        """A finger came down and left on this part."""

    @property
    def can_be_tapped(self) -> bool:
        """Whether a tap does something now."""
        return False

    def middle(self) -> tuple[float, float]:
        """Where a finger would aim."""
        return self.target.x + self.target.w / 2, self.target.y + self.target.h / 2

    def words(self) -> list[str]:
        """Everything that can be read on the part now."""
        return [mark.text for mark in self.marks() if hasattr(mark, "text")]

"""How the picture lies in the window: turned as the screen hangs, and as large as it fits.

A panel may hang upside down, or be made upright (the usual 7 inch panels for phones) where the till's pages are wide.
The picture is turned as it is drawn, so neither the system's console nor the driver has to know; a window of another
size than the page is filled as far as the page's shape allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lie:
    """The picture in a window of some size. All points are pixels, y down from the top, between 0 and the size less 1.

    Attributes:
        picture, window: width and height.
        rotation: degrees clockwise that the picture is turned: 0, 90, 180 or 270.
    """

    picture: tuple[int, int]
    window: tuple[int, int]
    rotation: int = 0

    @property
    def scale(self) -> float:
        """How much larger than itself the picture is drawn."""
        across, down = self.picture if self.rotation % 180 == 0 else self.picture[::-1]
        return min(self.window[0] / across, self.window[1] / down)

    @property
    def is_plain(self) -> bool:
        """Whether the picture is the window."""
        return not self.rotation and self.picture == self.window

    def to_picture(self, x: float, y: float) -> Point:
        """From a point of the window."""
        across, down = x - (self.window[0] - 1) / 2, y - (self.window[1] - 1) / 2
        across, down = _back(self.rotation, across, down)
        return across / self.scale + (self.picture[0] - 1) / 2, down / self.scale + (self.picture[1] - 1) / 2

    def to_window(self, x: float, y: float) -> Point:
        """From a point of the picture."""
        across, down = x - (self.picture[0] - 1) / 2, y - (self.picture[1] - 1) / 2
        across, down = _back(-self.rotation % 360, across * self.scale, down * self.scale)
        return across + (self.window[0] - 1) / 2, down + (self.window[1] - 1) / 2


class Turning:
    """The lie of one window's picture, which may be turned while it is shown."""

    def __init__(
        self, picture: tuple[int, int], window_size: Callable[[], tuple[int, int]], rotation: int = 0
    ) -> None:
        self._picture, self._window_size = picture, window_size
        self.rotation = rotation

    @property
    def lie(self) -> Lie:
        """How it lies now; the system may have made the window as large as its screen."""
        width, height = self._window_size()
        return Lie(self._picture, (int(width), int(height)), self.rotation)

    def next(self) -> int:
        """The other way that this screen may hang: the till's pages are wide, so a wide screen is turned by a half."""
        width, height = self.lie.window
        first, second = (0, 180) if width >= height else (90, 270)
        return second if self.rotation == first else first

    def share_in_window(self, x: float, y: float) -> Point:
        """Where in the window (0..1, y down) a finger is that the driver tells as seen on the upright picture."""
        across, down = _back(-self.rotation % 360, x - 0.5, y - 0.5)
        return across + 0.5, down + 0.5

    def share_of_picture(self, x: float, y: float) -> Point:
        """What the driver would tell of a finger on a pixel of the picture."""
        lie = self.lie
        width, height = lie.window
        across, down = lie.to_window(x, y)
        share = across / (width - 1) - 0.5, down / (height - 1) - 0.5
        across, down = _back(self.rotation, *share)
        return across + 0.5, down + 0.5


def _back(rotation: int, x: float, y: float) -> Point:
    """A step on a picture that is turned clockwise, as a step on the upright one."""
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[rotation]

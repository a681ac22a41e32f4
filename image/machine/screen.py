"""The computer's picture: taken over QEMU's control socket, and compared with what it should show."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from image.machine.errors import MachineError, SceneError
from image.machine.qmp import Qmp

Region = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
MOST_DIFFERENT: Final = 0.005
"""Share of a region's pixels that may differ: the edges of letters, which each version of Mesa draws a little else."""
_SAME_WITHIN: Final = 48
"""Of 255, in each colour."""
_LOOK_SECONDS: Final = 0.4


@dataclass(frozen=True, slots=True)
class Golden:
    """A picture that is right, and the regions by which it is known; the rest (a clock, a name) may be anything.

    Attributes:
        cells: further regions, of one size, whose contents may stand in any order.
    """

    name: str
    picture: Image.Image
    regions: tuple[Region, ...]
    cells: tuple[Region, ...] = ()

    def difference(self, seen: Image.Image) -> float:
        """How far a picture is from this one, 0..1: the worst of its regions together and of each cell."""
        return max(difference(seen, self.picture, self.regions), self._worst_cell(seen))

    def _worst_cell(self, seen: Image.Image) -> float:
        if seen.size != self.picture.size:
            return 1.0
        left, worst = [seen.crop(cell) for cell in self.cells], 0.0
        for cell in self.cells:
            right = self.picture.crop(cell)
            shares = [difference(each, right, [(0, 0, *right.size)]) for each in left]
            nearest = shares.index(min(shares))
            worst = max(worst, shares[nearest])
            del left[nearest]
        return worst


def difference(one: Image.Image, other: Image.Image, regions: Iterable[Region]) -> float:
    """The share of pixels in these regions that clearly differ, 0..1; 1 for pictures of different sizes."""
    if one.size != other.size:
        return 1.0
    different = total = 0
    for region in regions:
        pieces = (each.convert("RGB").crop(region) for each in (one, other))
        bands = ImageChops.difference(*pieces).split()
        largest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
        counts = largest.histogram()
        different += sum(counts[_SAME_WITHIN + 1 :])
        total += sum(counts)
    return different / max(total, 1)


def is_blank(picture: Image.Image) -> bool:
    """Whether it has one colour all over, as before the first frame."""
    colours = picture.convert("RGB").getcolors(16)
    return colours is not None and max(count for count, _ in colours) > 0.999 * picture.width * picture.height


class Screen:
    """The picture of one computer.

    Args:
        qmp: asked for at each picture, as it is another one after each start.
        folder: where pictures go for a moment.
    """

    def __init__(self, qmp: Callable[[], Qmp], folder: Path) -> None:
        self._qmp, self._path = qmp, folder / "screen.png"

    def picture(self) -> Image.Image:
        """What is on the screen now."""
        self._qmp().ask("screendump", filename=str(self._path), format="png")
        with Image.open(self._path) as found:
            return found.convert("RGB")

    def wait(self, is_right: Callable[[Image.Image], bool], what: str, seconds: float) -> Image.Image:
        """Look until the picture is right.

        Raises:
            SceneError: it is not in time.
        """
        end = time.monotonic() + seconds
        while True:
            picture = self.picture()
            if is_right(picture):
                return picture
            if time.monotonic() > end:
                raise SceneError(f"In {seconds:.0f} seconds the screen did not show {what}.")
            time.sleep(_LOOK_SECONDS)

    def wait_for(self, *goldens: Golden, seconds: float) -> Golden:
        """Look until the screen is one of the golden ones, in its regions; returns which.

        Raises:
            SceneError: it is not in time; says how near it came.
        """
        nearest: tuple[float, Golden] = (1.0, goldens[0])

        def is_right(picture: Image.Image) -> bool:
            nonlocal nearest
            for golden in goldens:
                nearest = min(nearest, (golden.difference(picture), golden), key=lambda each: each[0])
            return nearest[0] <= MOST_DIFFERENT

        try:
            self.wait(is_right, " or ".join(repr(golden.name) for golden in goldens), seconds)
        except SceneError as error:
            raise SceneError(f"{error} At best {nearest[0]:.1%} of {nearest[1].name!r} differed.") from None
        return nearest[1]

    def wait_settled(
        self, seconds: float, regions: Iterable[Region], quiet_seconds: float = 1.5
    ) -> Image.Image:
        """Look until nothing changes any more in these regions.

        Raises:
            MachineError: it goes on changing.
        """
        regions, end = tuple(regions), time.monotonic() + seconds
        last, since = self.picture(), time.monotonic()
        while time.monotonic() - since < quiet_seconds:
            if time.monotonic() > end:
                raise MachineError(f"The screen did not come to rest in {seconds:.0f} seconds.")
            time.sleep(_LOOK_SECONDS)
            picture = self.picture()
            if difference(picture, last, regions) > 0:
                last, since = picture, time.monotonic()
        return last

"""A new till's pages drawn on this computer beside the card's: where each key is, and what must come of a touch.

The shadow is the kiosk's own program. It is taken along from page to page: what is touched on the card is touched on it
too, and then the card must show what it shows. So no place and no picture of the set-up is written down anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from appliance.demo.hand import Hand
from image.machine.counter import STEP_SECONDS, Counter
from image.machine.errors import MachineError, SceneError
from image.machine.page import new_till
from image.machine.screen import MOST_DIFFERENT, Region, difference
from image.machine.twin import SIZE

WHOLE: Final[tuple[Region, ...]] = ((0, 0, *SIZE),)
GUARD_SECONDS: Final = 1.0
"""Keys that have just appeared ignore a finger for 0.45 s; an emulated computer may show them a little later."""
_SHOWN_SECONDS: Final = 20.0
_MOSTLY: Final = 0.25
"""How much of what a touch changed may still be as before: a letter is too little to be seen in the whole picture."""
_TO_LETTERS: Final = ("abc", "ABC")
_TO_ACCENTS: Final = ("áé", *_TO_LETTERS)
_TO_SIGNS: Final = ("123",)
Tap = Callable[[str], None]


class Shadow:
    """The till that is drawn here."""

    def __init__(self, hand: Hand, folder: Path) -> None:
        self._hand, self._path = hand, folder / "shadow.png"

    def place(self, label: str) -> tuple[float, float]:
        """The middle of a key, in pixels from the top left."""
        return self._hand.place(label)

    def texts(self) -> list[str]:
        """All that it says now."""
        return self._hand.texts()

    def tap(self, label: str) -> None:
        """Tap a key."""
        self._hand.tap(label)

    def tap_to(self, label: str, screen: str) -> None:
        """Tap a key that leads to another page."""
        self._hand.tap(label)
        self.wait_for(screen)

    def type(self, text: str) -> None:
        """Type on its keyboard; here alone."""
        for letter in text:
            press(letter, self._hand.texts, self._hand.tap)

    def wait_for(self, screen: str) -> None:
        """Wait until a page is shown.

        Raises:
            MachineError: another one is.
        """
        end = time.monotonic() + _SHOWN_SECONDS
        while (shown := self._hand.screen()) != screen:
            if time.monotonic() > end:
                raise MachineError(f"The shadow shows {shown!r}, not {screen!r}: {self._hand.texts()}.")
            time.sleep(0.05)

    def picture(self) -> Image.Image:
        """What it shows now."""
        self._hand.screenshot(self._path)
        with Image.open(self._path) as found:
            return found.convert("RGB")


@contextmanager
def shadow_of(report: str, folder: Path) -> Iterator[Shadow]:
    """Draw a new till, by the report of the card's own set-up, as JSON."""
    with new_till(report, folder) as hand:
        yield Shadow(hand, folder)


class Shadowed:
    """The card's till with its shadow.

    Args:
        counter: with the card's till on it. shadow: on the same page.
        step_seconds: how long the card may take to show what came of a touch.
    """

    def __init__(self, counter: Counter, shadow: Shadow, step_seconds: float = STEP_SECONDS) -> None:
        self._counter, self.shadow, self._seconds = counter, shadow, step_seconds
        self.touches = 0

    def sees(self, what: str, before: Image.Image | None = None, regions: Sequence[Region] = WHOLE) -> None:
        """Wait until the card shows what the shadow shows.

        Args:
            what: that is, for the report.
            before: what the shadow showed before; then what is other now counts by itself as well.
            regions: by which the page is known, where it holds something of this computer.

        Raises:
            SceneError: it does not; the report gets what should have been shown.
        """
        after = self.shadow.picture()
        change = None if before is None else ImageChops.difference(before, after).getbbox()

        def is_right(picture: Image.Image) -> bool:
            if difference(picture, after, regions) > MOST_DIFFERENT:
                return False
            if before is None or change is None:
                return True
            asked = difference(before, after, (change,))
            return difference(picture, after, (change,)) <= _MOSTLY * asked

        try:
            self._counter.screen.wait(is_right, what, self._seconds)
        except SceneError:
            self._counter.album.picture("What should have been shown", after)
            raise

    def finger(self, label: str) -> None:
        """A finger on the card alone, where the shadow has this key."""
        self._counter.panel.tap(*self.shadow.place(label))
        self.touches += 1

    def tap(self, label: str) -> None:
        """Touch a key of a page that stays, and see what came of it."""
        before = self.shadow.picture()
        self.finger(label)
        self.shadow.tap(label)
        self.sees(f"what {label!r} does", before)

    def tap_to(self, label: str, screen: str, regions: Sequence[Region] = WHOLE) -> None:
        """Touch a key that leads to another page; ends when that one takes fingers."""
        self.finger(label)
        self.shadow.tap_to(label, screen)
        self.sees(screen, regions=regions)
        time.sleep(GUARD_SECONDS)

    def type(self, text: str) -> None:
        """Type on the screen's keyboard, each letter once the one before is shown."""
        for letter in text:
            press(letter, self.shadow.texts, self.tap)


def press(letter: str, texts: Callable[[], Sequence[str]], tap: Tap) -> None:
    """Tap a letter's key on the screen's keyboard, and before it those that lead to it.

    Raises:
        MachineError: the keyboard has no such letter.
    """
    label = "Space" if letter == " " else letter
    leading = _TO_SIGNS if not letter.isalpha() else _TO_LETTERS if letter.isascii() else _TO_ACCENTS
    for key in leading:
        if label not in (there := texts()) and key in there:
            tap(key)
    if label not in texts():
        raise MachineError(f"The keyboard on the screen has no {letter!r}: {texts()}.")
    tap(label)

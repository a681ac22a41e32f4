"""What stands between the screens and the glass: which screen is shown, and when it is drawn.

Everything here runs on the UI thread, except `post`, which is how other threads come in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.header import HeaderText

if TYPE_CHECKING:
    from appliance.ui.glass import KivyGlass
    from appliance.ui.painter import Layer
    from appliance.ui.screen import Screen

log = logging.getLogger(__name__)


class Desk:
    """The screens of one till and the one that is shown.

    Args:
        seconds: a monotonic clock.
        play: plays a tone by name.
        say: the words of the cashier's language.
    """

    def __init__(
        self,
        glass: KivyGlass,
        look: Look,
        *,
        seconds: Callable[[], float],
        play: Callable[[str], None],
        say: Words,
    ) -> None:
        self.look = look
        self.seconds = seconds
        self.play = play
        self.say = say
        self.last_tap: tuple[float, float] | None = None
        self.header = HeaderText()
        self.screen: Screen | None = None
        self.drawn: Callable[[], None] = lambda: None
        self._glass = glass
        self._makers: dict[str, Callable[[Desk], Screen]] = {}
        self._made: dict[str, Screen] = {}
        self._layers: dict[str, list[Layer]] = {}

    def offer(self, screens: Mapping[str, Callable[[Desk], Screen]]) -> None:
        """Say how each screen is made; it is made when it is first shown."""
        self._makers.update(screens)

    def show(self, name: str, **why: object) -> None:
        """Change to another screen. `why` reaches its `enter`."""
        if self.screen is not None:
            self.screen.leave()
        screen = self._screen(name)
        self.screen = screen
        screen.appear(self.seconds())
        screen.fill_header(self.header)
        screen.enter(**why)
        if self.screen is screen:
            self._glass.put(self._layers[name])
            self.draw()

    def has(self, name: str) -> bool:
        """Whether there is a screen of that name."""
        return name in self._makers

    def draw(self) -> None:
        """Bring the glass up to date with the screen's stale parts."""
        screen = self.screen
        if screen is None:
            return
        for part, layer in zip(screen.parts, self._layers[screen.name], strict=True):
            if part.is_stale:
                part.is_stale = False
                layer.draw(part.marks() if part.is_shown else [])
        self.drawn()

    def set_header(self, text: HeaderText) -> None:
        """Tell the screen how the till is."""
        if text != self.header:
            self.header = text
            if self.screen is not None:
                self.screen.fill_header(text)
                self.draw()

    def refresh(self) -> None:
        """Let the screen read again what may have changed."""
        if self.screen is not None:
            self.screen.refresh()
            self.draw()

    def scan(self, text: str, symbology: str | None = None) -> None:
        """A barcode, on the UI thread."""
        if self.screen is not None:
            self.screen.on_barcode(text, symbology)
            self.draw()

    def post(self, do: Callable[[], None]) -> None:
        """Do something on the UI thread, then draw. Safe from any thread; wakes the loop at once."""
        self._glass.after(0, lambda: self._do(do))

    def after(self, seconds: float, do: Callable[[], None]) -> Callable[[], None]:
        """Do something later, then draw; returns how to cancel it."""
        return self._glass.after(seconds, lambda: self._do(do))

    def note_tap(self, x: float, y: float) -> None:
        """Remember where the finger was that may make something appear."""
        self.last_tap = (x, y)

    def touch(self, kind: str, finger: int, x: float, y: float) -> None:
        """A finger, as the glass reports it: "down", "move" or "up", in pixels from the top left."""
        screen = self.screen
        if screen is None:
            return
        try:
            {"down": screen.down, "move": screen.move, "up": screen.up}[kind](finger, x, y)
        finally:
            self.draw()

    def _do(self, do: Callable[[], None]) -> None:
        try:
            do()
        finally:
            self.draw()

    def _screen(self, name: str) -> Screen:
        if name not in self._made:
            screen = self._makers[name](self)
            screen.name = name
            self._made[name] = screen
            self._layers[name] = [self._glass.layer() for _ in screen.parts]
        return self._made[name]

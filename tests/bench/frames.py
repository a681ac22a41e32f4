"""When the frame that follows an act is on the glass."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 5.0


class Frames:
    """Says when the frame that follows an act is on the glass.

    Attributes:
        at: when it was, on the clock that never goes back.
    """

    def __init__(self, window: Any) -> None:
        from kivy.graphics.opengl import glFinish

        self.window = window
        self._done = threading.Event()
        self._is_drawn: Callable[[], bool] | None = None
        self.at = 0.0
        swap = window.flip

        def flip() -> None:
            swap()
            if self._is_drawn is not None and self._is_drawn():
                glFinish()
                self.at, self._is_drawn = time.monotonic(), None
                self._done.set()

        window.flip = flip

    def time(self, act: Callable[[], None], is_drawn: Callable[[], bool]) -> float:
        """Milliseconds from the act to the return of the swap of the first frame in which it is drawn."""
        self._done.clear()
        self._is_drawn = is_drawn
        start = time.monotonic()
        act()
        if not self._done.wait(PATIENCE_SECONDS):
            raise TimeoutError("the frame did not come")
        return (self.at - start) * 1000

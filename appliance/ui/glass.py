"""Kivy's window as a pane of glass: layers go on it, fingers come from it."""

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.graphics import InstructionGroup
from kivy.uix.widget import Widget

from appliance.ui.painter import Layer, Painter

Touched = Callable[[str, int, float, float], None]


class Pane(Widget):
    """The window's only widget. Gives fingers on in pixels from the top left."""

    def __init__(self, height: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._height = height
        self.on_finger: Touched | None = None

    def on_touch_down(self, touch: Any) -> bool:
        """A finger comes down."""
        return self._pass("down", touch)

    def on_touch_move(self, touch: Any) -> bool:
        """A finger moves."""
        return self._pass("move", touch)

    def on_touch_up(self, touch: Any) -> bool:
        """A finger leaves."""
        return self._pass("up", touch)

    def _pass(self, kind: str, touch: Any) -> bool:
        if getattr(touch, "is_mouse_scrolling", False):
            return True
        if self.on_finger is not None:
            # Kivy's row 0 is the window's last, and its points lie between pixels.
            self.on_finger(kind, int(touch.uid), float(touch.x), self._height - 1 - float(touch.y))
        return True


class KivyGlass:
    """Draws layers on a pane and keeps time for the desk."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self.pane = Pane(painter.look.sizes.height)
        self._page: Any = InstructionGroup()
        self.pane.canvas.add(self._page)

    def layer(self) -> Layer:
        """A new empty layer."""
        return self._painter.layer()

    def put(self, layers: list[Layer]) -> None:
        """Show these layers and nothing else."""
        page = InstructionGroup()
        for layer in layers:
            page.add(layer.group)
        canvas = self.pane.canvas
        canvas.remove(self._page)
        canvas.add(page)
        self._page = page

    def after(self, seconds: float, do: Callable[[], None]) -> Callable[[], None]:
        """Do something later on the UI thread. With 0 it wakes Kivy's interrupt clock (measured: only 0 does)."""
        event = Clock.schedule_once(lambda _elapsed: do(), seconds)

        def cancel() -> None:
            event.cancel()

        return cancel

"""Kivy's window as a pane of glass: layers go on it, fingers come from it."""

from collections.abc import Callable
from math import radians
from typing import Any

from kivy.clock import Clock
from kivy.graphics import InstructionGroup, MatrixInstruction, PopMatrix, PushMatrix
from kivy.graphics.transformation import Matrix
from kivy.uix.widget import Widget

from appliance.ui.painter import Layer, Painter
from appliance.ui.turning import Lie, Turning

Touched = Callable[[str, int, float, float], None]


class Pane(Widget):
    """The window's only widget. Gives fingers on in pixels from the top left."""

    def __init__(self, height: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._height = height
        self.on_finger: Touched | None = None
        self.turning: Turning | None = None

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
            lie = None if self.turning is None else self.turning.lie
            height = self._height if lie is None else lie.window[1]
            x, y = float(touch.x), height - 1 - float(touch.y)
            self.on_finger(kind, int(touch.uid), *((x, y) if lie is None else lie.to_picture(x, y)))
        return True


class KivyGlass:
    """Draws layers on a pane and keeps time for the desk."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self.pane = Pane(painter.look.sizes.height)
        self._page: Any = InstructionGroup()
        self.pane.canvas.add(self._page)

    def turn(self, turning: Turning) -> None:
        """Draw the picture as it lies now, and take fingers as seen on it."""
        self.pane.turning, canvas = turning, self.pane.canvas
        canvas.before.clear()
        canvas.after.clear()
        if not turning.lie.is_plain:
            canvas.before.add(PushMatrix())
            canvas.before.add(MatrixInstruction())
            canvas.before.children[-1].matrix = _matrix(turning.lie)
            canvas.after.add(PopMatrix())

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


def _matrix(lie: Lie) -> Any:
    """From the picture's pixels to the window's; Kivy's y goes up."""
    (width, height), (across, down) = lie.picture, lie.window
    turned = Matrix().translate(-width / 2, -height / 2, 0)
    turned = Matrix().scale(lie.scale, lie.scale, 1).multiply(turned)
    turned = Matrix().rotate(-radians(lie.rotation), 0, 0, 1).multiply(turned)
    return Matrix().translate(across / 2, down / 2, 0).multiply(turned)

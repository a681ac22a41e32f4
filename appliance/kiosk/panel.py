"""The touch panel's fingers, brought to a window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from appliance.settings import Settings
from drivers.hotplug import HotplugMonitor
from drivers.touch_decoding import Mounting, Touch, TouchDown, TouchMove
from drivers.touch_evdev import EvdevTouchPanel


def to_fingers(fingers: Any) -> Callable[[Touch], None]:
    """What a panel calls, on its own thread, for each finger.

    Args:
        fingers: of the window (``ui.touch.Fingers``, which can be imported only once the window is configured).
    """

    def on_touch(touch: Touch) -> None:
        match touch:
            case TouchDown():
                fingers.down(touch.slot, touch.x, touch.y)
            case TouchMove():
                fingers.move(touch.slot, touch.x, touch.y)
            case _ if touch.cancelled:
                # The panel lost it: the finger may still be there. Slide off the key, so that nothing is tapped.
                fingers.move(touch.slot, -1, -1)
                fingers.up(touch.slot, -1, -1)
            case _:
                fingers.up(touch.slot, touch.x, touch.y)

    return on_touch


def read_panel(settings: Settings, fingers: Any, stack: ExitStack) -> None:
    """For a page that stands alone: the panel and nothing else, until the stack is closed."""
    if settings.screen.touch != "panel":
        return
    hotplug = HotplugMonitor()
    hotplug.start()
    stack.callback(hotplug.stop)
    panel = EvdevTouchPanel(hotplug, Mounting(settings.screen.rotation))
    panel.start(to_fingers(fingers), lambda _present: None)
    stack.callback(panel.stop)

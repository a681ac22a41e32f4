"""Where the demo's two windows go on the desktop. By themselves both go to the middle, the till behind the panel."""

from __future__ import annotations

import ctypes
from typing import Final

Size = tuple[int, int]
Place = tuple[int, int]
"""Of a window's top left corner, from the left and from the top."""

FRAME: Final = 40
"""Room for a title bar, in pixels."""


def side_by_side(screen: Size, till: Size, panel: Size) -> tuple[Place, Place]:
    """Places for the till and the panel: next to each other, or in opposite corners where the screen is too narrow."""
    spare = screen[0] - till[0] - panel[0]
    if spare >= 0:
        gap, top = spare // 3, max(0, (screen[1] - max(till[1], panel[1])) // 2)
        return (gap, top), (gap + till[0] + gap, top)
    return (0, max(0, screen[1] - till[1] - FRAME)), (max(0, screen[0] - panel[0]), 0)


def screen_size() -> Size | None:
    """The desktop's size in pixels; None where X cannot be asked.

    From libX11, which the window's own libraries bring along: Kivy knows it only once a window is open.
    """
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    for function in (x11.XDisplayWidth, x11.XDisplayHeight):
        function.argtypes = [ctypes.c_void_p, ctypes.c_int]
    x11.XDefaultScreen.argtypes = x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    number = x11.XDefaultScreen(display)
    size = x11.XDisplayWidth(display, number), x11.XDisplayHeight(display, number)
    x11.XCloseDisplay(display)
    return size

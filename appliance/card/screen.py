"""The size of the screen that is plugged in, as its driver says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SMALL: Final = (800, 480)
LARGE: Final = (1280, 800)


def size_of_screen(root: Path = Path("/")) -> tuple[int, int]:
    """Which of the two sizes that the till draws fits the screen; the small one if nobody knows.

    Args:
        root: where ``/sys`` is, for a test.
    """
    for connector in sorted((root / "sys/class/drm").glob("card*-*")):
        width, height = _mode_of(connector)
        if width:
            return LARGE if max(width, height) >= LARGE[0] and min(width, height) >= LARGE[1] else SMALL
    return SMALL


def _mode_of(connector: Path) -> tuple[int, int]:
    """The preferred mode: a connector lists it first; (0, 0) where nothing is plugged in."""
    try:
        if (connector / "status").read_text().strip() != "connected":
            return 0, 0
        width, _, height = (connector / "modes").read_text().split("\n")[0].rstrip("ip").partition("x")
        return int(width), int(height)
    except (OSError, ValueError):
        return 0, 0

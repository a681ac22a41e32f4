"""Pictures of the window, for demonstrations and tests. Imports nothing of Kivy before it is configured."""

from pathlib import Path
from typing import Any


def save_picture(window: Any, path: Path) -> None:
    """Write what is on the glass now as a PNG; the last frame must have been drawn."""
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415  # 5 MiB that a till without pictures never needs

    width, height = window.size
    pixels = bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))
    Image.frombytes("RGB", (width, height), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)

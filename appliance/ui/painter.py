"""Turns marks into Kivy instructions, and only those that differ from the last frame.

Each mark has a slot: a colour and a shape. Drawing the same marks again costs one comparison each; a changed
word costs one texture. Kivy draws the window once more only if an instruction was touched.
"""

import math
from collections.abc import Sequence
from typing import Any

from kivy.graphics import BorderImage, Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture

from appliance.ui.letters import Letters, Shapes
from appliance.ui.marks import Area, Box, Corners, Frame, Icon, Mark, Picture, Text, rise
from appliance.ui.theme import Look

WHITE = (1.0, 1.0, 1.0)
"""What a picture is tinted with: its own colours."""


class Painter:
    """Draws for one window; holds the textures that all layers share."""

    def __init__(self, look: Look, letters: Letters) -> None:
        self.look = look
        self.letters = letters
        self.shapes = Shapes()

    def layer(self) -> "Layer":
        """A new layer, to be added to a canvas by its `group`."""
        return Layer(self)

    def flip(self, area: Area) -> tuple[int, int]:
        """Kivy's bottom left corner of an area."""
        return area.x, self.look.sizes.height - area.bottom

    def place(self, mark: Text | Icon) -> Area:
        """Where the texture of a word or icon goes, in whole pixels."""
        if isinstance(mark, Icon):
            return Area(_pixel(mark.x), _pixel(mark.y), mark.px, mark.px)
        width, height = self.letters.texture(mark.text, mark.face, mark.px).size
        left = mark.x - {"left": 0.0, "centre": width / 2, "right": float(width)}[mark.align]
        top = _pixel(mark.top) + rise(mark.px) - self.letters.ascent(mark.face, mark.px)
        return Area(_pixel(left), top, int(width), int(height))


class Layer:
    """The instructions of one part, kept in step with its marks."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self._slots: list[_Slot] = []
        self.group: Any = InstructionGroup()

    def draw(self, marks: Sequence[Mark]) -> bool:
        """Show these marks; says whether anything differed."""
        changed = len(marks) != len(self._slots)
        for at, mark in enumerate(marks):
            if at < len(self._slots):
                slot = self._slots[at]
                if slot.mark == mark:
                    continue
                changed = True
                if slot.takes(mark):
                    slot.show(mark)
                    continue
                self._drop_from(at)
            slot = _Slot(self._painter, mark)
            self._slots.append(slot)
            self.group.add(slot.group)
        self._drop_from(len(marks))
        return changed

    def _drop_from(self, at: int) -> None:
        for slot in self._slots[at:]:
            self.group.remove(slot.group)
        del self._slots[at:]


class _Slot:
    """One mark on the glass: a colour, and one shape (four for the corners of a block)."""

    def __init__(self, painter: Painter, mark: Mark) -> None:
        self._painter = painter
        self.mark = mark
        self._colour: Any = Color(*self._rgb(mark))
        self._shapes: list[Any] = [_shape_for(mark) for _ in range(4 if isinstance(mark, Corners) else 1)]
        self.group: Any = InstructionGroup()
        self.group.add(self._colour)
        for shape in self._shapes:
            self.group.add(shape)
        self._fill(mark)

    def takes(self, mark: Mark) -> bool:
        """Whether the same instructions can show that mark too."""
        return type(mark) is type(self.mark) and (
            not isinstance(mark, Box) or bool(mark.radius) == bool(getattr(self.mark, "radius", 0))
        )

    def show(self, mark: Mark) -> None:
        """Become another mark of the same kind."""
        if self._rgb(mark) != self._rgb(self.mark):
            self._colour.rgb = self._rgb(mark)
        self.mark = mark
        self._fill(mark)

    def _rgb(self, mark: Mark) -> tuple[float, float, float]:
        return WHITE if isinstance(mark, Picture) else self._painter.look.rgb(mark.colour)

    def _fill(self, mark: Mark) -> None:
        shape = self._shapes[0]
        if isinstance(mark, Text | Icon):
            self._fill_word(shape, mark)
        elif isinstance(mark, Corners):
            self._fill_corners(mark)
        elif isinstance(mark, Picture):
            self._fill_picture(shape, mark)
        else:
            if isinstance(mark, Frame) or mark.radius:
                shape.texture = self._texture(mark)
                edge = max(mark.radius, 2)
                shape.border = (edge, edge, edge, edge)
            shape.pos = self._painter.flip(mark.area)
            shape.size = (mark.area.w, mark.area.h)

    def _texture(self, mark: Box | Frame) -> Any:
        shapes = self._painter.shapes
        return shapes.ring(max(mark.radius, 2)) if isinstance(mark, Frame) else shapes.disc(mark.radius)

    def _fill_word(self, shape: Any, mark: Text | Icon) -> None:
        painter = self._painter
        text, face = (
            (painter.look.icons[mark.name], "Icons") if isinstance(mark, Icon) else (mark.text, mark.face)
        )
        area = painter.place(mark)
        shape.texture = painter.letters.texture(text, face, mark.px)
        shape.pos = painter.flip(area)
        shape.size = (area.w, area.h)

    def _fill_picture(self, shape: Any, mark: Picture) -> None:
        shape.texture = _to_texture(mark.image, shape.texture)
        shape.pos = self._painter.flip(mark.area)
        shape.size = (mark.area.w, mark.area.h)

    def _fill_corners(self, mark: Corners) -> None:
        size, area = mark.radius, mark.area
        texture = self._painter.shapes.cover(size)
        share = size / (2 * size + 2)
        lefts = ((area.x, 0.0), (area.right - size, 1 - share))
        tops = ((area.y, 1 - share), (area.bottom - size, 0.0))
        corners = [(x, y, u, v) for y, v in tops for x, u in lefts]
        for shape, (x, y, u, v) in zip(self._shapes, corners, strict=True):
            shape.texture = texture
            shape.tex_coords = (u, v, u + share, v, u + share, v + share, u, v + share)
            shape.pos = self._painter.flip(Area(x, y, size, size))
            shape.size = (size, size)


def _shape_for(mark: Mark) -> Any:
    if isinstance(mark, Frame) or (isinstance(mark, Box) and mark.radius):
        return BorderImage()
    return Rectangle()


def _to_texture(image: Any, before: Any) -> Any:
    """The picture as a texture; the one before takes it if it has the size."""
    texture = before
    if texture is None or tuple(texture.size) != image.size:
        texture = Texture.create(size=image.size, colorfmt="rgba")
        texture.flip_vertical()
    texture.blit_buffer(image.convert("RGBA").tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def _pixel(value: float) -> int:
    return math.floor(value + 0.5)

"""The number pad and the search keyboard: keys in rows, one callback for all."""

from collections.abc import Callable

from appliance.ui.marks import Area, split
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.key import Key, digit_key
from appliance.ui.widgets.part import Part

BACKSPACE = "backspace"
PAD = ("7", "8", "9", "4", "5", "6", "1", "2", "3", "00", "0", BACKSPACE)
LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm&-.")
DIGITS = "1234567890"
SIGNS = ("1234567890", "@#/+*()_,", "'\"%=:;!?<>")


def number_pad(
    look: Look, area: Area, on_key: Callable[[str], None], keys: tuple[str, ...] = PAD
) -> list[Key]:
    """Twelve keys, seven on top. `on_key` gets the figure, or BACKSPACE. An empty text leaves a sunk place."""
    made: list[Key] = []
    for text, cell in zip(keys, split(area, 3, 4), strict=True):
        icon = BACKSPACE if text == BACKSPACE else ""
        key = digit_key(look, cell, "" if icon else text, _sender(on_key, text), icon)
        key.is_off = not text
        made.append(key)
    return made


class Keyboard:
    """Letters to search with; a second page has the figures and signs.

    Its rows are as high as the list's. Not a part itself: add its `parts`.
    """

    def __init__(self, look: Look, area: Area, on_key: Callable[[str], None]) -> None:
        self._has_digits = look.is_large
        rows = len(self._pages()[0])
        self._keys: list[Key] = []
        for row, cells in enumerate(_rows(split(area, look.sizes.letters, rows), len(look.sizes.letters))):
            for column, cell in enumerate(cells):
                self._keys.append(self._key(look, cell, on_key, row, column))
        self.page = 0
        self.turn(0)

    @property
    def parts(self) -> list[Part]:
        """The keys, to be added to the screen."""
        return list(self._keys)

    def turn(self, page: int) -> None:
        """Show the letters (0) or the figures and signs (1)."""
        self.page = page
        letters = [letter for row in self._pages()[page] for letter in row]
        for key, letter in zip(self._keys, letters, strict=True):
            icon = letter if letter == BACKSPACE else ""
            key.change(text="" if icon else letter, icon=icon, name=letter)

    def _pages(self) -> tuple[list[list[str]], list[list[str]]]:
        rows = [[*DIGITS]] if self._has_digits else []
        letters = [[*row, *([BACKSPACE] if len(row) == len(DIGITS) - 1 else [])] for row in LETTERS]
        signs = [[*row, *([BACKSPACE] if len(row) == len(DIGITS) - 1 else [])] for row in SIGNS]
        return rows + letters, rows + signs

    def _key(self, look: Look, cell: Area, on_key: Callable[[str], None], row: int, column: int) -> Key:
        at = row * len(DIGITS) + column

        def send() -> None:
            key = self._keys[at]
            on_key(key.icon or key.text)

        # Letters stand in the line of a text, as on the pictures, not in one as high as they are.
        return Key(look, cell, "x", send, size=Type(look.sizes.title, look.sizes.label.line))


def _rows(cells: list[Area], columns: int) -> list[list[Area]]:
    return [cells[at : at + columns] for at in range(0, len(cells), columns)]


def _sender(on_key: Callable[[str], None], text: str) -> Callable[[], None]:
    return lambda: on_key(text)

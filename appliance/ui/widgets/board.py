"""A whole keyboard on the screen: letters small and large, figures, every sign of a password, letters with accents."""

from collections.abc import Callable

from appliance.ui.marks import Area, split
from appliance.ui.strings import Words
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.pad import BACKSPACE
from appliance.ui.widgets.part import Part

DIGITS = "1234567890"
LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NAMES, ADDRESSES = "'-.", "-/."
"""The three signs after the letters: as in names, as in addresses."""
SIGNS = (("@/:._-#&?", "!'\"+*()=,;"), ("[]{}<>|\\^~", "$%`€£§°²³", "«»¡¿×÷µ©®·"))
ACCENTS = (("áàâäåãæçčš", "éèêëěíìîï", "óôöõøúüßñž"), ("ąćďđęğłńňř", "śşșťţůűýź", "żőœøþðľĺŕı"))
COLUMNS = 10
LARGE = (98, 98, 100, 456)
SMALL = (77, 77, 77, 107)


class Board:
    """Keys in rows; the last row has what changes them, and the space. Not a part itself: add its `parts`.

    `on_key` gets what is typed, or BACKSPACE. A large letter and an accent are for one tap, figures and signs stay.
    """

    def __init__(self, look: Look, area: Area, base: Area, say: Words, on_key: Callable[[str], None]) -> None:
        """Build it.

        Args:
            look: of the panel.
            area: of the letters: three rows, and one for the figures on the large panel.
            base: of the row below them, without the lit key.
            say: the words.
            on_key: what a key types.
        """
        self._say, self._on_key, self._has_digits = say, on_key, look.is_large
        self._signs = NAMES
        self._kind, self._page, self._is_large, self._only_figures = "letters", 0, False, False
        self._has_large_words = False
        rows = 3 + self._has_digits
        cells = split(area, look.sizes.letters, rows)
        self._keys = [self._key(look, cell, at) for at, cell in enumerate(cells)]
        first, second, third, space = split(base, LARGE if look.is_large else SMALL)
        self._shift = Key(look, first, "", self._on_shift)
        self._figures = Key(look, second, "", lambda: self._turn("signs"))
        self._accents = Key(look, third, "", lambda: self._turn("accents"))
        self._space = Key(look, space, say("board.space"), self._on_space)
        self.begin()

    @property
    def parts(self) -> list[Part]:
        """The keys, to be added to the screen."""
        return [*self._keys, self._shift, self._figures, self._accents, self._space]

    def begin(
        self,
        signs: str = NAMES,
        *,
        with_figures: bool = False,
        only_figures: bool = False,
        is_large: bool = False,
        has_large_words: bool = False,
    ) -> None:
        """Start afresh for another entry.

        Args:
            signs: the three behind the letters.
            with_figures: show the figures first.
            only_figures: and sink all else.
            is_large: the first letter is a large one.
            has_large_words: so is that of each word.
        """
        self._signs, self._is_large, self._only_figures = signs, is_large, only_figures
        self._has_large_words = has_large_words
        show_signs = (with_figures or only_figures) and not self._has_digits
        self._kind, self._page = ("signs" if show_signs else "letters"), 0
        self._fill()

    def _key(self, look: Look, cell: Area, at: int) -> Key:
        def send() -> None:
            key = self._keys[at]
            self._on_key(key.icon or key.text)
            if not key.icon and self._kind != "signs" and (self._is_large or self._kind == "accents"):
                self._kind, self._page, self._is_large = "letters", 0, False
                self._fill()

        return Key(look, cell, "x", send, size=Type(look.sizes.title, look.sizes.label.line))

    def _on_space(self) -> None:
        """A space; behind a sign it leads back to the letters, as most signs stand alone."""
        self._on_key(" ")
        self._kind, self._page = "letters", 0
        self._is_large = self._has_large_words
        self._fill()

    def _on_shift(self) -> None:
        if self._kind == "signs":
            self._page = 1 - self._page
        else:
            self._is_large = not self._is_large
        self._fill()

    def _turn(self, kind: str) -> None:
        """To another kind of keys; a second tap on accents has more of them, and each leads back to the letters."""
        if kind != self._kind:
            self._kind, self._page = kind, 0
        elif kind == "accents" and self._page == 0:
            self._page = 1
        else:
            self._kind, self._page = "letters", 0
        self._fill()

    def _fill(self) -> None:
        texts = [text for row in self._rows() for text in row]
        for key, text in zip(self._keys, texts, strict=True):
            icon = text if text == BACKSPACE else ""
            is_off = not text or (self._only_figures and text not in (*DIGITS, BACKSPACE))
            key.change(text="" if icon else text, icon=icon, name=text, is_off=is_off)
        say, in_signs = self._say, self._kind == "signs"
        self._shift.change(
            text=say("board.more_signs" if in_signs else "board.large"),
            is_chosen=bool(self._page) if in_signs else self._is_large,
        )
        signs = "board.signs" if self._has_digits else "board.figures"
        self._figures.change(text=say("board.letters" if in_signs else signs))
        in_accents = self._kind == "accents"
        self._accents.change(
            text=say("board.letters" if in_accents and self._page else "board.accents"), is_chosen=in_accents
        )
        for key in (self._shift, self._figures, self._accents, self._space):
            key.change(name=key.text, is_off=self._only_figures)

    def _rows(self) -> list[list[str]]:
        """The texts of all rows; the backspace ends the last but one."""
        rows = [list(row) for row in self._texts()]
        rows[-2].append(BACKSPACE)
        if self._has_digits:
            rows.insert(0, list(DIGITS))
        return [[*row, *[""] * (COLUMNS - len(row))] for row in rows]

    def _texts(self) -> tuple[str, ...]:
        if self._kind == "signs":
            first, second = SIGNS
            return second if self._page else (second[0] if self._has_digits else DIGITS, *first)
        rows = ACCENTS[self._page] if self._kind == "accents" else (*LETTERS[:2], LETTERS[2] + self._signs)
        return tuple("".join(map(_large, row)) for row in rows) if self._is_large else rows


def _large(letter: str) -> str:
    large = letter.upper()
    return large if len(large) == 1 else letter

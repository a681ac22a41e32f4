"""What each key of a keyboard means in the layout that a scanner is set to.

A scanner is a keyboard that types the keys which give the wanted characters in ITS layout (a German one types
the key left of X for "y"), so it must be read key by key with the same table, never through the desktop's
keymap. Rows were compared key by key with xkb-data (us, de, and fr's "azerty" as printed on the keys). No
library needed: the bench's typist reads the same file under the system's Python.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Level(enum.IntEnum):
    """Which of a key's characters is meant."""

    PLAIN = 0
    SHIFT = 1
    ALTGR = 2


# Linux key codes of a keyboard's four rows, left to right; 86 is the extra key left of Z on European
# keyboards.
_ROWS = (
    (41, *range(2, 14)),
    tuple(range(16, 28)),
    (*range(30, 41), 43),
    (86, *range(44, 54)),
)
SPACE = 57
ENTER = 28
KEYPAD_ENTER = 96
TAB = 15
LEFT_SHIFT, LEFT_CTRL, ALTGR = 42, 29, 100
RIGHT_BRACKET = 27  # the key that is "]" on a US keyboard; Ctrl with it means GS on every layout
GS = "\x1d"

KEYPAD: Mapping[int, str] = {
    **dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True)),
    98: "/",
    55: "*",
    74: "-",
    78: "+",
}
KEYPAD_POINT = 83


@dataclass(frozen=True, slots=True)
class Layout:
    """One keyboard layout.

    Attributes:
        name: How settings call it.
        characters: (key code, level) to the character.
        dead: Which of those wait for the next key (an accent that joins a letter); a space after it gives it
        alone.
    """

    name: str
    characters: Mapping[tuple[int, Level], str]
    dead: frozenset[tuple[int, Level]]

    def keys_for(self, character: str) -> tuple[int, Level] | None:
        """Which key, on which level, types this character; None when it is missing or a dead key."""
        for key, found in self.characters.items():
            if found == character and key not in self.dead:
                return key
        return None


def _layout(
    name: str,
    plain: str,
    shift: str,
    altgr: Mapping[int, str],
    dead: tuple[tuple[int, Level], ...],
    point: str,
) -> Layout:
    codes = [code for row in _ROWS for code in row]
    characters: dict[tuple[int, Level], str] = {}
    for level, rows in ((Level.PLAIN, plain), (Level.SHIFT, shift)):
        for code, character in zip(codes, "".join(rows.split()), strict=True):
            if character != "␀":
                characters[code, level] = character
        characters[SPACE, level] = " "
        characters[KEYPAD_POINT, level] = point
    characters |= {(code, Level.ALTGR): character for code, character in altgr.items()}
    return Layout(name, characters, frozenset(dead))


# One line is one row of keys. ␀ = nothing there.
US = _layout(
    "us",
    r"""`1234567890-=
        qwertyuiop[]
        asdfghjkl;'\
        <zxcvbnm,./""",
    r"""~!@#$%^&*()_+
        QWERTYUIOP{}
        ASDFGHJKL:"|
        >ZXCVBNM<>?""",
    altgr={},
    dead=(),
    point=".",
)
DE = _layout(
    "de",
    """^1234567890ß´
       qwertzuiopü+
       asdfghjklöä#
       <yxcvbnm,.-""",
    """°!"§$%&/()=?`
       QWERTZUIOPÜ*
       ASDFGHJKLÖÄ'
       >YXCVBNM;:_""",
    altgr={
        3: "²",
        4: "³",
        8: "{",
        9: "[",
        10: "]",
        11: "}",
        12: "\\",
        16: "@",
        18: "€",
        27: "~",
        50: "µ",
        86: "|",
    },
    dead=((41, Level.PLAIN), (13, Level.PLAIN), (13, Level.SHIFT)),
    point=",",
)
FR = _layout(
    "fr",
    """²&é"'(-è_çà)=
       azertyuiop^$
       qsdfghjklmù*
       <wxcvbn,;:!""",
    """␀1234567890°+
       AZERTYUIOP¨£
       QSDFGHJKLM%µ
       >WXCVBN?./§""",
    altgr={
        3: "~",
        4: "#",
        5: "{",
        6: "[",
        7: "|",
        8: "`",
        9: "\\",
        10: "^",
        11: "@",
        12: "]",
        13: "}",
        18: "€",
        27: "¤",
    },
    dead=((26, Level.PLAIN), (26, Level.SHIFT), (3, Level.ALTGR), (8, Level.ALTGR)),
    point=".",
)
LAYOUTS: Mapping[str, Layout] = {layout.name: layout for layout in (US, DE, FR)}

"""The pad for a list: figures, and the keys that stand between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from appliance.ui.marks import Area
from appliance.ui.screens.book.sheet import TIMES
from appliance.ui.strings import Words
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.key import Key, digit_key
from appliance.ui.widgets.pad import BACKSPACE

COMMA, NEXT_SALE = "comma", "next_sale"
KEYS = ("7", "8", "9", BACKSPACE, "4", "5", "6", TIMES, "1", "2", "3", NEXT_SALE, "0", COMMA)
SMALL_LABEL = 16


def list_pad(look: Look, say: Words, cells: Sequence[Area], on_key: Callable[[str], None]) -> list[Key]:
    """Fourteen keys; `on_key` gets the figure, the sign for "times", BACKSPACE, COMMA or NEXT_SALE."""
    return [_key(look, say, cell, key, on_key) for key, cell in zip(KEYS, cells, strict=True)]


def _key(look: Look, say: Words, cell: Area, key: str, on_key: Callable[[str], None]) -> Key:
    def send() -> None:
        on_key(key)

    small = Type(SMALL_LABEL if not look.is_large else look.sizes.label.px, look.sizes.label.line)
    if key == TIMES:
        return Key(look, cell, say("book.times"), send, icon="close", size=small)
    if key == NEXT_SALE:
        return Key(look, cell, say("book.next_sale"), send, icon="user", size=small)
    if key == COMMA:
        made = digit_key(look, cell, ",", send)
        made.note, made.name = say("book.comma"), key
        return made
    return digit_key(look, cell, "" if key == BACKSPACE else key, send, key if key == BACKSPACE else "")

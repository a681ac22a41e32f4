"""On the card, Python reads this at each start: dataclasses take their methods as code that was compiled beforehand.

A dataclass writes the text of its methods and compiles it, each one anew at each start of each program: measured, a
fifth of the kiosk's imports. ``image/python/dataclass_code.py`` compiles the same texts when the card is made; a text
that it did not meet is compiled here, as ever.
"""

from __future__ import annotations

import dataclasses
import marshal
import os
import zlib
from typing import Any, Final

FILE: Final = f"{__file__.rpartition('/')[0]}/dataclasses.code"
HEAD_BYTES: Final = 4

Mark = tuple[int, int, int]
"""What a text is known by: its length and two check sums; that no two of ours agree is seen when the card is made."""


def mark_of(text: str) -> Mark:
    """The mark of a text."""
    raw = text.encode()
    return len(raw), zlib.crc32(raw), zlib.adler32(raw)


class ReadyMade:
    """Runs texts of dataclasses, from their code where there is one.

    Args:
        path: made by ``dataclass_code.py``: the size of an index, the index, and the code of one text after the other.
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        size = int.from_bytes(os.pread(self._file, HEAD_BYTES, 0), "big")
        self._begin = HEAD_BYTES + size
        self._index: dict[Mark, tuple[int, int]] = marshal.loads(os.pread(self._file, size, HEAD_BYTES))

    def run(self, text: str, names: dict[str, Any], found: dict[str, Any]) -> None:
        """As ``exec`` does with a text."""
        place = self._index.get(mark_of(text))
        if place is None:
            exec(text, names, found)
        else:
            exec(marshal.loads(os.pread(self._file, place[1], self._begin + place[0])), names, found)


def begin() -> None:
    """Let dataclasses run their texts by this; without the file, or where it is another Python's, they do as ever."""
    try:
        dataclasses.exec = ReadyMade(FILE).run  # type: ignore[attr-defined]
    except (OSError, ValueError, EOFError, TypeError):
        return


begin()

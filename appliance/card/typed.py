"""The technician's file as bytes: how it was saved, and where in it a text stands."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from appliance.card.problems import Problem

MOST_BYTES: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WORD_PROCESSORS: Final = (b"{\\rtf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<!DOCTYPE", b"<html", b"<?xml")
SAVE_AS_TEXT: Final = "Type it anew with a plain editor, such as Notepad, and save it as text."


@dataclass(frozen=True, slots=True)
class Typed:
    """What was read.

    Attributes:
        text: of the file, "" where it is none.
        encoding: as Python names it.
        mark: how many bytes stand before the text.
        problems: what keeps it from being read.
    """

    text: str
    encoding: str = "utf-8"
    mark: int = 0
    problems: tuple[Problem, ...] = ()

    def offset(self, at: int) -> int:
        """Where a letter of the text stands in the file, in bytes."""
        return self.mark + len(self.text[:at].encode(self.encoding))

    def blank(self, start: int, end: int, instead: str) -> bytes:
        """Bytes for the place of a part of the text, exactly as long: the new text, then blanks."""
        room = len(self.text[start:end].encode(self.encoding))
        blank = " ".encode(self.encoding)
        for words in (instead, instead.partition(" ")[0], ""):
            new = words.encode(self.encoding)
            if len(new) <= room:
                return new + blank * ((room - len(new)) // len(blank))
        return blank * (room // len(blank))


def decode(content: bytes) -> Typed:
    """Read the bytes of the file, however an editor saved it."""
    if len(content) > MOST_BYTES:
        return _unreadable(f"till.toml is far too long to be one. {SAVE_AS_TEXT}")
    if content.lstrip()[:9].startswith(_WORD_PROCESSORS):
        return _unreadable(f"till.toml was saved by a word processor. {SAVE_AS_TEXT}")
    if not content.strip():
        return _unreadable("till.toml is empty. Copy the one of the guide to the card and fill it in.")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _read(content[len(mark) :], encoding, len(mark))
    if b"\0" in content:
        return _unreadable("till.toml is damaged: a part of it is empty. Copy it to the card once more.")
    return _read(content, "utf-8", 0)


def _read(content: bytes, encoding: str, mark: int) -> Typed:
    try:
        return Typed(_lines(content.decode(encoding)), encoding, mark)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, "replace").count("\n") + 1
        words = (
            "a letter in this line is not saved as UTF-8. Save the file once more, with the encoding UTF-8."
        )
        # Letters of another alphabet than was meant would come out on receipts, so it is not guessed which.
        if encoding != "utf-8":
            return _unreadable(f"till.toml was not saved as text. {SAVE_AS_TEXT}")
        return Typed(_lines(content.decode("latin-1")), "latin-1", mark, (Problem(line, "", words),))


def _lines(text: str) -> str:
    """Line ends of an old Mac become ours; each is one letter, as before."""
    return text.replace("\r", "\n") if "\n" not in text else text


def _unreadable(words: str) -> Typed:
    return Typed("", problems=(Problem(0, "", words),))

"""The technician's file line by line: every setting with its line and place, and every line that cannot be read.

TOML's own reader stops at the first mistake, and calls it by a name that only a programmer knows. Here each value is
given to it alone, so that one boot tells all mistakes; a file without any is read as TOML reads it (a test compares).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from appliance.card.problems import Problem
from appliance.card.slips import slip_of_line, slip_of_section, slip_of_value
from appliance.settings import known_keys
from appliance.settings.of_the_card import is_text

_SECTION: Final = re.compile(r"[ \t]*\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\][ \t]*(#.*)?\r?")
_SETTING: Final = re.compile(r"""[ \t]*(?:([A-Za-z0-9_.-]+)|"([^"\\]*)"|'([^']*)')[ \t]*=[ \t]*""")
_LOOKS_NEW: Final = re.compile(r"[ \t]*(\[[ \t]*[A-Za-z]|[A-Za-z0-9_-]+[ \t]*=)")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_MOST_LINES: Final = 100
"""So long a list may be."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``key = value``.

    Attributes:
        section, key, value: as read.
        line: where it begins, from 1.
        start, end: of the value in the text, without what stands behind it.
    """

    section: str
    key: str
    value: Any = field(repr=False)
    line: int
    start: int
    end: int


@dataclass(slots=True)
class Lines:
    """All that was read.

    Attributes:
        settings: in their order.
        sections: with the line of each.
        problems: lines that cannot be read.
        failed: settings whose value cannot be read, as section and key: they are there, so nobody asks for them.
    """

    settings: list[Setting] = field(default_factory=list)
    sections: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    failed: set[tuple[str, str]] = field(default_factory=set)


def read_lines(text: str) -> Lines:
    """Read a whole file."""
    reader = _Reader(text)
    reader.run()
    found = reader.found
    if not found.problems:
        found.problems += _not_toml(text)
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts = _starts_of(self._lines)
        self._section = ""
        self._known = known_keys()
        self._at = 0
        self.found = Lines()

    def run(self) -> None:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            bare = line.strip(" \t\r")
            self._at += 1
            if bare and bare[0] != "#":
                self._read(line, bare)

    def _read(self, line: str, bare: str) -> None:
        if bare[0] == "[":
            self._open_section(line, bare)
        elif setting := _SETTING.match(line):
            self._take(setting, next(each for each in setting.groups() if each is not None))
        else:
            self._complain(slip_of_line(line, self._section))

    def _open_section(self, line: str, bare: str) -> None:
        whole = _SECTION.fullmatch(line)
        if whole is None:
            self._section, words = slip_of_section(bare)
            self._complain(words)
        else:
            self._section = whole[1]
        first = self.found.sections.setdefault(self._section, self._at)
        if first != self._at:
            self._complain(
                f"[{self._section}] is there twice, first in line {first}. Put these lines under that one."
            )

    def _take(self, setting: re.Match[str], name: str) -> None:
        line, start = self._at, self._starts[self._at - 1] + setting.end()
        section, key = self._named(name)
        value, raw = self._value(self._lines[self._at - 1][setting.end() :])
        if not section:
            words = f"{key} stands before the first section. Put it under its own, such as [till] or [shop]."
            self._complain(words, line, key)
        elif any((each.section, each.key) == (section, key) for each in self.found.settings):
            first = next(
                each.line for each in self.found.settings if (each.section, each.key) == (section, key)
            )
            self._complain(f"{key} is there twice, first in line {first}. Take one of them out.", line, key)
        elif value is None:
            is_a_text = is_text(section, key, self._known)
            self._complain(slip_of_value(key, raw, is_text=is_a_text), line, key)
            self.found.failed.add((section, key))
        else:
            end = start + _length(raw)
            self.found.settings.append(Setting(section, key, value[0], line, start, end))

    def _named(self, name: str) -> tuple[str, str]:
        """Section and key; TOML lets one write ``shop.url`` before all sections."""
        if not self._section and "." in name:
            section, _, key = name.partition(".")
            return section, key
        return self._section, name

    def _value(self, rest: str) -> tuple[tuple[Any] | None, str]:
        """The value in a tuple, None if there is none, and its text: lists and long texts go over several lines."""
        taken, last = rest, self._at
        value = _toml(taken)
        is_long = rest.startswith(("[", '"""', "'''"))
        while value is None and is_long and last < min(len(self._lines), self._at + _MOST_LINES):
            if rest[0] == "[" and _LOOKS_NEW.match(self._lines[last]):
                break
            taken = f"{taken}\n{self._lines[last]}"
            last += 1
            value = _toml(taken)
        if value is not None or (is_long and rest[0] == "["):
            self._at = last
        return value, taken if value is not None else rest

    def _complain(self, words: str, line: int = 0, key: str = "") -> None:
        where = f"{self._section}.{key}" if key else self._section
        self.found.problems.append(Problem(line or self._at, where, words))


def _starts_of(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _toml(text: str) -> tuple[Any] | None:
    try:
        return (tomllib.loads(f"v = {text.rstrip(chr(13))}")["v"],)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _length(raw: str) -> int:
    """How long a value is, without a remark behind it."""
    found = _STRING.match(raw)
    if found and not raw.startswith(('"""', "'''")):
        return found.end()
    return len(raw.partition("#")[0].rstrip(" \t\r")) if raw[:1] not in "[\"'" else len(raw.rstrip(" \t\r"))


def _not_toml(text: str) -> Iterator[Problem]:
    """What only TOML's own reader finds, if anything."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        yield Problem(int(place[1]) if place else 0, "", "this line cannot be understood. Type it anew.")

"""What the set-up found wrong, in sentences for the technician."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right.

    Attributes:
        line: of till.toml, 0 where it is about no line of it.
        where: the section and the key, such as "shop.url"; "" for neither.
        words: what is wrong and what to write instead; never a secret.
    """

    line: int
    where: str
    words: str

    @property
    def sentence(self) -> str:
        """As it stands on the screen: "Line 7: ..."."""
        return f"Line {self.line}: {self.words}" if self.line else self.words


class Sells(enum.StrEnum):
    """Which settings the till sells with."""

    AS_TYPED = "as typed"
    AS_BEFORE = "as before"
    NO = "no"


def report(
    problems: Iterable[Problem],
    sells: Sells,
    screen: Mapping[str, Any],
    *,
    asks: bool = False,
    known: Mapping[str, Any] | None = None,
) -> bytes:
    """What the kiosk reads: the problems in the order of their lines, and how its window is to be.

    With ``asks`` it asks first whether the till goes on in the books on the stick (``offering``); ``known`` is what
    the set-up by touch begins with (``typed_settings.known``).
    """
    listed = [
        {"line": each.line, "where": each.where, "words": each.sentence} for each in sorted(set(problems))
    ]
    body: dict[str, Any] = {"problems": listed, "sells": sells.value, "screen": dict(screen)}
    if asks:
        body["begin"] = True
    body |= known or {}
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"

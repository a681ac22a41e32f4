"""Mistakes in the settings, found by the card's set-up at this start: what is wrong, and what to do, for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

STEPS: Final = (
    "Switch the till off and take the card out.",
    "Put it into any PC and open till.toml on the drive TILLBOOT.",
    "Put right what stands on the left. Save, and eject the drive.",
    "Put the card back and switch the till on.",
)
_AS_TYPED: Final = ("The settings have a mistake", "The till sells, but a part of the settings is not used:")
_AS_BEFORE: Final = (
    "The settings have a mistake",
    "The till can go on with the settings of before, without these:",
)
_NO: Final = ("The settings are not complete", "The till cannot sell yet:")
NEVER_RAN: Final = (
    "The till could not read its settings at this start. Switch it off and on once; if this page comes again, call "
    "the technician."
)


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What the set-up found.

    Attributes:
        sentences: one for each mistake, in the order of the file's lines.
        sells: "as typed", "as before" or "no", as ``card.problems.Sells`` says it.
    """

    sentences: tuple[str, ...]
    sells: str

    @property
    def can_sell(self) -> bool:
        """Whether the till can go on all the same."""
        return self.sells in ("as typed", "as before")

    @property
    def title(self) -> str:
        """All of it in four words."""
        return self._words[0]

    @property
    def happened(self) -> str:
        """What that means, before the sentences."""
        return self._words[1]

    @property
    def _words(self) -> tuple[str, str]:
        return {"as typed": _AS_TYPED, "as before": _AS_BEFORE}.get(self.sells, _NO)

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Mistakes | None:
        """From the set-up's report; None where nothing is wrong."""
        problems = report.get("problems", [])
        if not problems:
            return None
        return cls(tuple(str(each["words"]) for each in problems), str(report.get("sells")))

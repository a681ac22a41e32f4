"""Help from outside: a file for who helps, written onto a stick by root's hand, as the till itself cannot read the log.

A manager touches the key; a file that is left for root says so, and root's answer is another file. What a technician's
token opened, or why it did not, comes the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.domain.staff import Person, Role
from appliance.storage.journal import Journal
from appliance.till.clock import Now
from appliance.till.errors import TillError

ASKED: Final = "support-file"
"""Kind of the entry: somebody had a support file written."""
_MOST_BYTES: Final = 4096
_GROUP: Final = 4


class HelpError(TillError):
    """It cannot be asked for. The text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it, in a sentence; ``at`` tells one answer from the one before."""

    at: str
    words: str
    is_good: bool


class Helping:
    """Asks, and hears the answer."""

    def __init__(
        self, journal: Journal, now: Now, wish: Callable[[], None], answer: Path, number: str
    ) -> None:
        """Say how it is asked for, and where the answer will be.

        Args:
            journal, now: that it was asked for is written down.
            wish: tells root; raises OSError if it cannot.
            answer: the file with root's answer.
            number: of this till.
        """
        self._journal, self._now, self._wish = journal, now, wish
        self._file, self._number = answer, number
        self._heard = self._read()

    @property
    def number(self) -> str:
        """This till's, in groups that can be read aloud."""
        digits = self._number
        return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))

    def ask(self, person: Person | None) -> None:
        """Have the support file written.

        Raises:
            HelpError: only a manager may; or nobody is there to do it.
            StorageError: the disk refused.
        """
        if person is None or person.role is not Role.MANAGER:
            raise HelpError("A manager must sign in for this.")
        self._journal.note(ASKED, person.person_id, self._now(), {"by": person.name})
        try:
            self._wish()
        except OSError as error:
            raise HelpError(f"The support file cannot be asked for ({error.strerror}).") from error

    def news(self) -> Answer | None:
        """An answer that nobody was told of yet."""
        found = self._read()
        if found is None or found == self._heard:
            return None
        self._heard = found
        return found

    def _read(self) -> Answer | None:
        try:
            with self._file.open("rb") as file:
                found = json.loads(file.read(_MOST_BYTES))
            return Answer(str(found["at"]), str(found["words"]), found["ok"] is True)
        except (OSError, ValueError, KeyError, TypeError):
            return None

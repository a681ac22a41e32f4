"""Who can sign in, and how often a wrong PIN was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.staff import Person, Role
from appliance.storage.database import Database
from appliance.storage.errors import StaffError
from appliance.storage.journal import Journal
from appliance.storage.tables import PersonRow

LOCKED_OUT: Final = "locked-out"
_LAST_LOCK: Final = """
SELECT boot_id, uptime_ms FROM journal WHERE kind <> 'sale' AND kind = 'locked-out' AND person_id = ?
ORDER BY seq DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class PinRecord:
    """What is known of a person's PIN.

    Attributes:
        hash: argon2id, in its usual text form.
        failures: wrong PINs since the last right one.
        locked_boot_id, locked_uptime_ms: the machine's start and uptime when the person was locked out last, ""
            and 0 if never.
    """

    hash: str
    failures: int
    locked_boot_id: str = ""
    locked_uptime_ms: int = 0


class Staff:
    """The people who work at this till."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def add(self, name: str, role: Role, pin_hash: str) -> Person:
        """Add a person.

        Raises:
            StaffError: the name is taken, empty, or longer than 40 letters.
        """
        if not 1 <= len(name) <= 40:
            raise StaffError("A name has 1 to 40 letters.")
        with self._db.transaction():
            if self._db.ask(PersonRow.select(PersonRow.person_id).where(PersonRow.name == name)):
                raise StaffError(f"{name} works here already.")
            self._db.write(PersonRow.insert({"name": name, "role": role.value, "pin_hash": pin_hash}))
            (found,) = self._db.ask(PersonRow.select(PersonRow.person_id).where(PersonRow.name == name))
        return Person(found[0], name, role)

    def people(self) -> list[Person]:
        """Everybody who can sign in, by name."""
        chosen = PersonRow.select(PersonRow.person_id, PersonRow.name, PersonRow.role)
        rows = self._db.ask(chosen.where(PersonRow.active == 1).order_by(PersonRow.name))
        return [Person(person_id, name, Role(role)) for person_id, name, role in rows]

    def pin_of(self, person_id: int) -> PinRecord:
        """What is known of a person's PIN.

        Raises:
            StaffError: there is no such person.
        """
        chosen = PersonRow.select(PersonRow.pin_hash, PersonRow.failures)
        rows = self._db.ask(chosen.where((PersonRow.person_id == person_id) & (PersonRow.active == 1)))
        if not rows:
            raise StaffError("This person no longer works here.")
        pin_hash, failures = rows[0]
        locked = self._db.one(_LAST_LOCK, (person_id,)) if failures else None
        return PinRecord(pin_hash, failures, *(locked or ()))

    def set_pin(self, person_id: int, pin_hash: str) -> None:
        """Give a person another PIN, or the same one hashed anew; wrong ones are forgotten."""
        changed = PersonRow.update({PersonRow.pin_hash: pin_hash, PersonRow.failures: 0})
        self._db.write(changed.where(PersonRow.person_id == person_id))

    def note_failure(self, person_id: int) -> None:
        """Count a wrong PIN."""
        changed = PersonRow.update({PersonRow.failures: PersonRow.failures + 1})
        self._db.write(changed.where(PersonRow.person_id == person_id))

    def note_lock(self, person_id: int, failures: int, journal: Journal, at: datetime) -> None:
        """Count a wrong PIN and journal that it locked the person out, in one transaction."""
        with self._db.transaction():
            self.note_failure(person_id)
            journal.note(LOCKED_OUT, person_id, at, {"failures": failures})

    def note_success(self, person_id: int) -> None:
        """Forget the wrong PINs."""
        self._db.write(PersonRow.update({PersonRow.failures: 0}).where(PersonRow.person_id == person_id))

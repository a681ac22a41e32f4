"""Who can sign in, and how often a wrong PIN was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from appliance.domain.staff import Person, Role
from appliance.storage.database import Database
from appliance.storage.errors import StaffError
from appliance.storage.instants import to_instant_or_none, to_text_or_none
from appliance.storage.tables import PersonRow


@dataclass(frozen=True, slots=True)
class PinRecord:
    """What is known of a person's PIN.

    Attributes:
        hash: argon2id, in its usual text form.
        failures: wrong PINs since the last right one.
        locked_until: no PIN is tried before, None if it may be.
    """

    hash: str
    failures: int
    locked_until: datetime | None


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
        chosen = PersonRow.select(PersonRow.pin_hash, PersonRow.failures, PersonRow.locked_until)
        rows = self._db.ask(chosen.where((PersonRow.person_id == person_id) & (PersonRow.active == 1)))
        if not rows:
            raise StaffError("This person no longer works here.")
        pin_hash, failures, locked_until = rows[0]
        return PinRecord(pin_hash, failures, to_instant_or_none(locked_until))

    def note_failure(self, person_id: int, locked_until: datetime | None) -> None:
        """Count a wrong PIN, and lock the person out until then."""
        changed = {
            PersonRow.failures: PersonRow.failures + 1,
            PersonRow.locked_until: to_text_or_none(locked_until),
        }
        self._db.write(PersonRow.update(changed).where(PersonRow.person_id == person_id))

    def note_success(self, person_id: int) -> None:
        """Forget the wrong PINs; writes nothing when there were none."""
        changed = PersonRow.update({PersonRow.failures: 0, PersonRow.locked_until: None})
        guilty = (PersonRow.failures > 0) | PersonRow.locked_until.is_null(False)
        if self._db.ask(
            PersonRow.select(PersonRow.person_id).where((PersonRow.person_id == person_id) & guilty)
        ):
            self._db.write(changed.where(PersonRow.person_id == person_id))

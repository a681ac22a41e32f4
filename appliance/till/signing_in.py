"""Who stands at the till: a person and four digits. A manager's approval asks for the same digits.

Four digits are enough because they can be guessed nowhere but at the till, and there not fast. The file keeps argon2id
of an HMAC of the PIN under the till's pepper, which is not in the file: without it, all 10,000 PINs fit any hash
equally well. At the till, five wrong tries lock the person out for half a minute, each further one for twice as
long, up to a quarter of an hour: 96 tries a day, 52 days for half of all PINs, each lock in the journal.

The rule of the lock: it lasts its length of the machine's uptime, counted from the wrong PIN if that was in this
start of the machine, and else from the start of the machine. Nobody moves the uptime, as one moves a wall clock;
and how long the machine was off is not known, so it counts for nothing. Tries are counted per person until their
right PIN, whoever signs in between, and the lock is the person's newest journal entry ``locked-out``: nothing in it
can be changed afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.domain.staff import Person
from appliance.storage.journal import Journal
from appliance.storage.staff import PinRecord, Staff
from appliance.till.clock import Now
from appliance.till.errors import LockedOutError, WrongPinError

PIN_LENGTH: Final = 4
FREE_TRIES: Final = 5
_FIRST_LOCK: Final = timedelta(seconds=30)
_LONGEST_LOCK: Final = timedelta(minutes=15)
_PEPPERED: Final = "peppered:"
WRONG_PINS: Final = "wrong-pins"
"""Kind of the entry that the right PIN leaves: how many wrong ones came before it. Few enough never lock."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with OWASP's least parameters (19 MiB, 2 passes): about 40 ms on a Pi 4."""


def hash_pin(pin: str, pepper: bytes) -> str:
    """Hash four digits for the file (argon2id, its own salt, under the till's pepper).

    Raises:
        ValueError: not four digits.
    """
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise ValueError(f"a PIN has {PIN_LENGTH} digits")
    return _PEPPERED + _HASHER.hash(_seasoned(pin, pepper))


class SigningIn:
    """Signs people in and out."""

    def __init__(self, staff: Staff, journal: Journal, now: Now, pepper: bytes) -> None:
        self._staff = staff
        self._journal = journal
        self._now = now
        self._pepper = pepper
        self._present: Person | None = None

    @property
    def present(self) -> Person | None:
        """Who signed in last and did not leave."""
        return self._present

    def people(self) -> list[Person]:
        """Everybody who may sign in."""
        return self._staff.people()

    def sign_in(self, person_id: int, pin: str) -> Person:
        """Sign a person in.

        Raises:
            WrongPinError: the digits are not theirs.
            LockedOutError: too many wrong tries, now or before.
        """
        person = self.prove(person_id, pin)
        self._journal.note("sign-in", person_id, self._now(), {"name": person.name})
        self._present = person
        return person

    def prove(self, person_id: int, pin: str) -> Person:
        """Check that somebody knows a person's PIN; the count of wrong ones is the same for every purpose.

        Raises:
            WrongPinError, LockedOutError: as ``sign_in``.
        """
        person = self._person(person_id)
        record = self._staff.pin_of(person_id)
        left = self._locked_for(record)
        if left:
            raise LockedOutError(_locked(left), self._now() + left)
        if not _matches(record.hash, pin, self._pepper):
            return self._refuse(person, record.failures + 1)
        if record.failures:
            self._journal.note(WRONG_PINS, person_id, self._now(), {"count": record.failures})
            self._staff.note_success(person_id)
        if not record.hash.startswith(_PEPPERED):  # from before there was a pepper
            self._staff.set_pin(person_id, hash_pin(pin, self._pepper))
        return person

    def sign_out(self, person: Person) -> None:
        """Note that a person has left the till."""
        self._present = None
        self._journal.note("sign-out", person.person_id, self._now(), {"name": person.name})

    def _person(self, person_id: int) -> Person:
        for person in self._staff.people():
            if person.person_id == person_id:
                return person
        raise WrongPinError("This person no longer signs in here.")

    def _locked_for(self, record: PinRecord) -> timedelta:
        if record.failures < FREE_TRIES:
            return timedelta()
        witness = self._journal.witness()
        since_ms = record.locked_uptime_ms if record.locked_boot_id == witness.boot_id else 0
        passed = timedelta(milliseconds=witness.uptime_ms - since_ms)
        return max(timedelta(), _pause(record.failures) - passed)

    def _refuse(self, person: Person, failures: int) -> Person:
        if failures < FREE_TRIES:
            self._staff.note_failure(person.person_id)
            left = FREE_TRIES - failures
            raise WrongPinError(f"Wrong PIN. {left} more {'try' if left == 1 else 'tries'}.")
        now, pause = self._now(), _pause(failures)
        self._staff.note_lock(person.person_id, failures, self._journal, now)
        raise LockedOutError(_locked(pause), now + pause)


def _pause(failures: int) -> timedelta:
    doublings = min(failures - FREE_TRIES, 10)
    return min(_FIRST_LOCK * (1 << doublings), _LONGEST_LOCK)


def _matches(pin_hash: str, pin: str, pepper: bytes) -> bool:
    peppered = pin_hash.startswith(_PEPPERED)
    try:
        return _HASHER.verify(pin_hash.removeprefix(_PEPPERED), _seasoned(pin, pepper) if peppered else pin)
    except (VerificationError, InvalidHashError):
        return False


def _seasoned(pin: str, pepper: bytes) -> bytes:
    return hmac.digest(pepper, pin.encode(), hashlib.sha256)


def _locked(pause: timedelta) -> str:
    seconds = max(1, round(pause.total_seconds()))
    wait = f"{-(-seconds // 60)} minutes" if seconds > 90 else f"{seconds} seconds"
    return f"Too many wrong PINs. Try again in {wait}."

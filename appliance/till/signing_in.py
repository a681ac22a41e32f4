"""Who stands at the till: a person and four digits.

Five wrong tries lock the person out for half a minute, each further one for twice as long, up to a quarter
of an hour. Tries and lock are in the file, so pulling the plug gives no new tries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.domain.staff import Person
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff
from appliance.till.clock import Now
from appliance.till.errors import LockedOutError, WrongPinError

PIN_LENGTH: Final = 4
FREE_TRIES: Final = 5
_FIRST_LOCK: Final = timedelta(seconds=30)
_LONGEST_LOCK: Final = timedelta(minutes=15)

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with OWASP's least parameters (19 MiB, 2 passes): about 40 ms on a Pi 4."""


def hash_pin(pin: str) -> str:
    """Hash four digits for the file (argon2id, its own salt).

    Raises:
        ValueError: not four digits.
    """
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise ValueError(f"a PIN has {PIN_LENGTH} digits")
    return _HASHER.hash(pin)


class SigningIn:
    """Signs people in and out."""

    def __init__(self, staff: Staff, journal: Journal, now: Now) -> None:
        self._staff = staff
        self._journal = journal
        self._now = now

    def people(self) -> list[Person]:
        """Everybody who may sign in."""
        return self._staff.people()

    def sign_in(self, person_id: int, pin: str) -> Person:
        """Sign a person in.

        Raises:
            WrongPinError: the digits are not theirs.
            LockedOutError: too many wrong tries, now or before.
        """
        person = self._person(person_id)
        record = self._staff.pin_of(person_id)
        now = self._now()
        # A lock that ends later than any lock can was written under a wrong clock.
        if record.locked_until is not None and now < record.locked_until <= now + _LONGEST_LOCK:
            raise LockedOutError(_locked(record.locked_until - now), record.locked_until)
        if _matches(record.hash, pin):
            if record.failures:
                self._staff.note_success(person_id)
            self._journal.note("sign-in", person_id, now, {"name": person.name})
            return person
        return self._refuse(person, record.failures + 1)

    def sign_out(self, person: Person) -> None:
        """Note that a person has left the till."""
        self._journal.note("sign-out", person.person_id, self._now(), {"name": person.name})

    def _person(self, person_id: int) -> Person:
        for person in self._staff.people():
            if person.person_id == person_id:
                return person
        raise WrongPinError("This person no longer signs in here.")

    def _refuse(self, person: Person, failures: int) -> Person:
        if failures < FREE_TRIES:
            self._staff.note_failure(person.person_id, None)
            left = FREE_TRIES - failures
            raise WrongPinError(f"Wrong PIN. {left} more {'try' if left == 1 else 'tries'}.")
        doublings = min(failures - FREE_TRIES, 10)
        pause = min(_FIRST_LOCK * 2**doublings, _LONGEST_LOCK)
        until = self._now() + pause
        self._staff.note_failure(person.person_id, until)
        self._journal.note("locked-out", person.person_id, self._now(), {"failures": failures})
        raise LockedOutError(_locked(pause), until)


def _matches(pin_hash: str, pin: str) -> bool:
    try:
        return _HASHER.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def _locked(pause: timedelta) -> str:
    seconds = max(1, round(pause.total_seconds()))
    wait = f"{-(-seconds // 60)} minutes" if seconds > 90 else f"{seconds} seconds"
    return f"Too many wrong PINs. Try again in {wait}."

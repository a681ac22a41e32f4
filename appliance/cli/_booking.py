"""What ``till book`` books with, on the file that the kiosk may be selling on; and who is asked for a PIN."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.domain.approval import Approval
from appliance.domain.barcodes import BarcodeRules
from appliance.domain.money import Currency
from appliance.domain.staff import Person
from appliance.machine.computer import Computer
from appliance.settings import Settings, SettingsError
from appliance.storage.binding import Bindings
from appliance.storage.bookings import Bookings
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.errors import StaffError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff
from appliance.till.approving import Approving
from appliance.till.booking import Booking
from appliance.till.booking_rows import ListReading
from appliance.till.errors import ApprovalNeededError
from appliance.till.recognising import Recognising
from appliance.till.signing_in import SigningIn
from appliance.till.unbooking import Unbooking


@dataclass(frozen=True, slots=True)
class Books:
    """The till from a terminal."""

    booking: Booking
    approving: Approving
    signing_in: SigningIn
    currency: Currency

    def cashier(self, name: str) -> Person:
        """Whose work it is; without a name the only one who works here.

        Raises:
            StaffError: nobody by that name, or several to choose from.
        """
        people = self.signing_in.people()
        chosen = [each for each in people if each.name.casefold() == name.casefold()] if name else people
        if len(chosen) == 1:
            return chosen[0]
        names = ", ".join(each.name for each in people) or "nobody"
        raise StaffError(
            f"{name} does not work here." if name else f"Say who books, with --cashier NAME: {names}."
        )

    def prove(self, person: Person) -> Person:
        """Ask for the person's PIN. Raises WrongPinError, LockedOutError."""
        return self.signing_in.prove(person.person_id, getpass.getpass(f"PIN of {person.name}: "))

    def ask_manager(self, needed: ApprovalNeededError) -> Approval:
        """Ask for a manager's word; raises as ``Approving.approve``."""
        print(needed)
        manager = self.cashier(input("Manager: ").strip())
        why = input("Why: ")
        pin = getpass.getpass(f"PIN of {manager.name}: ")
        return self.approving.approve(needed.what, manager.person_id, pin, why, needed.about)


@contextmanager
def books(settings: Settings) -> Iterator[Books]:
    """Open the till's books to write in them.

    Raises:
        SettingsError: this is another till than the one that its journal belongs to.
    """
    file = file_of(settings)
    computer = Computer.of(settings.till.keys_file, file.parent)
    with closing(Database.open(file, now=now)) as database:
        bindings, identity = Bindings(database), Identity(database)
        journal = Journal(database, identity.get(), settings.till.name, computer.seal)
        bindings.begin(journal, computer.hardware_id, now())
        if bindings.moved(computer.hardware_id):
            raise SettingsError("is this a new till? Confirm that on its screen first; nothing was booked")
        yield _books(
            settings, computer, database, journal, (*identity.every_series(), bindings.next_series())
        )


def _books(
    settings: Settings, computer: Computer, database: Database, journal: Journal, series: tuple[str, ...]
) -> Books:
    clock, staff = computer.clock.now, Staff(database)
    signing_in = SigningIn(staff, journal, clock, computer.keyring.pepper)
    approving = Approving(staff, journal, signing_in, clock)
    catalogue, bookings, currency = Catalogue(database, clock), Bookings(database, journal), settings.money.of
    local = partial(_local, settings)
    rules = BarcodeRules.from_texts(currency, in_store=settings.barcodes.rules, receipt_series=series)
    step = settings.money.rounding_step_minor
    booking = Booking(
        bookings,
        Unbooking(bookings, approving, step, clock, _new_id, local),
        ListReading(catalogue, currency),
        Recognising(catalogue, rules, clock, local),
        step,
        clock,
        _new_id,
        local,
    )
    return Books(booking, approving, signing_in, currency)


def _local(settings: Settings, at: datetime) -> datetime:
    return at.astimezone(settings.zone)


def _new_id() -> str:
    return uuid.uuid4().hex

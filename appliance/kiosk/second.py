"""The second medium of this till: the stick of the settings, kept up to date on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from appliance.machine.computer import Computer
from appliance.machine.signatures import is_signed_by
from appliance.settings import Settings
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_owner import Owner
from appliance.till.joining import Joining
from appliance.till.keeping import Keeping

FIRST_LOOK_SECONDS: Final = 10.0
"""So long the till waits at its start for what only the stick may have; a stick needs a second or two."""


def build_keeping(
    settings: Settings, computer: Computer, database: Database, on_change: Callable[[], None]
) -> Keeping | None:
    """What keeps the stick, None where the settings name none, or where the till went on from the stick itself.

    Args:
        database: what it copies from, through a connection of its own.
        settings, computer: whose it is.
        on_change: called when the stick comes or goes.
    """
    place, path, now = settings.second.place, database.path, computer.clock.now
    if place is None or path.is_relative_to(place):
        return None

    def open_medium(opened: Database) -> SecondMedium:
        who = Identity(opened).get()
        owner = Owner(*who, public_key=computer.keyring.public_key.hex(), name=settings.till.name)
        return SecondMedium(place, owner, is_mount=settings.second.is_mount)

    def open_journal(opened: Database) -> Journal:
        return Journal(opened, Identity(opened).get(), settings.till.name, computer.seal)

    return Keeping(
        lambda: Database.open(path, now=now),
        open_medium,
        Joining(open_journal, is_signed_by),
        on_change=on_change,
    )

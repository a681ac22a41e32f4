"""Which file the till works on: its card's, unless it went on from the stick."""

from __future__ import annotations

from pathlib import Path

from appliance.machine.keyring import Keyring, KeyringError
from appliance.settings import Settings
from appliance.storage.emergency import file_in_use


def file_of(settings: Settings) -> Path:
    """The till's file; without keys nobody knows the stick, and it is the card's.

    Raises:
        StickNeededError: the till went on from the stick, which is not plugged in.
    """
    try:
        key = Keyring.load(settings.till.keys_file).public_key.hex()
    except KeyringError:
        return settings.database
    return file_in_use(settings.database, settings.second.place, key)

"""A new PIN, asked for twice; never given on the command line."""

from __future__ import annotations

import getpass

from appliance.machine.keyring import Keyring
from appliance.settings import Settings, SettingsError
from appliance.till.signing_in import PIN_LENGTH, hash_pin


def ask_pin(settings: Settings) -> str:
    """Ask for a PIN and hash it for the till's file.

    Raises:
        SettingsError: the two differ, or are no PIN.
    """
    pepper = Keyring.load(settings.till.keys_file).pepper
    pin = getpass.getpass(f"PIN, {PIN_LENGTH} digits: ")
    if getpass.getpass("Once more: ") != pin:
        raise SettingsError("the two PINs differ")
    try:
        return hash_pin(pin, pepper)
    except ValueError as error:
        raise SettingsError(str(error)) from error

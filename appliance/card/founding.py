"""The journal of a new till, and its first manager: made by the till's own user, with ``till setup``."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from typing import Final

from appliance.card.credentials import Credentials, Run
from appliance.card.in_force import State
from appliance.card.places import Places
from appliance.card.taking_in import MANAGER
from appliance.settings import known_keys

TILL: Final = (sys.executable, "-P", "-m", "appliance.cli")


def found_till(
    places: Places, credentials: Credentials, run: Run, as_till: tuple[str, ...], state: State
) -> Mapping[str, str]:
    """Set the till up if a manager was typed; returns what the journal keeps for good.

    Doing it twice is harmless: a till that has been set up only gets the manager's PIN again.

    Raises:
        CommandError: it did not work; the PIN is kept for the next boot.
    """
    secret = credentials.get(MANAGER)
    if secret is None:
        return state.founded
    person = tomllib.loads(secret.decode())
    command = [*as_till, *TILL, "--settings", str(places.settings), "setup", "--manager", person["name"]]
    run(command, f"{person['pin']}\n{person['pin']}\n".encode(), {})
    if state.founded:
        return state.founded
    defaults = known_keys()
    return {
        key: str(state.till.get(section, {}).get(key, defaults[section][key]))
        for section, key in (("till", "series"), ("money", "currency"))
    }

"""``update``: answers at once where no update is under way, as at nearly every boot.

What acts on an update knows the till's file and the network: to load it takes longer than all the rest of a boot's
set-up, so it is loaded only where there is something to do.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from appliance.card.places import Places
from appliance.card.records import read_record
from appliance.card.slots import SlotError, Slots

_NOTHING: Final = {"boot": 0}
"""What is asked at each boot, with the exit code that says that nothing is on trial."""


def main(arguments: list[str]) -> int:
    """As ``update`` (see there), and at once where nothing is to be done."""
    what = arguments[0] if len(arguments) == 1 else ""
    if what in _NOTHING and is_quiet(Places()):
        sys.stdout.write("nothing is on trial\n")
        return _NOTHING[what]
    return int(import_module("appliance.card.update").main(arguments))


def is_quiet(places: Places) -> bool:
    """Whether no update is under way, and the firmware's choice can be read."""
    if read_record(places.trial).get("trial") is not None:
        return False
    try:
        Slots(places).read()
    except SlotError:  # it is made anew
        return False
    return True

"""Whether a new card asks first: a stick with a till's books is plugged in, and nothing was ever sold with this card.

Then no new till is founded until a person has said on the screen what this is to be. Root only sees that there is such
a folder; what is in it is read by the till's own user (:mod:`appliance.card.begin`).
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from appliance.card.devices import has_stick
from appliance.card.in_force import State
from appliance.card.machine import Machine
from appliance.card.places import Places
from appliance.card.records import keep_record, read_record
from appliance.settings import known_keys

TILLS: Final = "gapless-*/till.json"
"""The tills' folders on a stick (``storage.stick_owner``)."""
WAIT_SECONDS: Final = 10.0
"""So long a stick that is plugged in may take until it is mounted; waited for only before the first sale."""
_LOOK_SECONDS: Final = 0.2
_LONGEST: Final = 40


def is_asked(machine: Machine, wait_seconds: float = WAIT_SECONDS) -> bool:
    """Whether somebody must say first whether this is a new till.

    Raises:
        OSError: the answer cannot be kept.
    """
    places = machine.places
    if not (places.stick.exists() or has_stick(places.root)) or read_record(_answer(places)):
        return False
    said = read_record(places.begun)
    if said.get("done"):
        _keep(machine, str(said["done"]), str(said.get("name", "")))
        return False
    if not _is_new(places.journal / "till.db"):
        _keep(machine, "it has sold")
        return False
    _wait_for_stick(places, wait_seconds)
    return any(places.stick.glob(TILLS))


def with_name(places: Places, state: State) -> State:
    """A spare card is for any till: where nobody typed a name, it has that of the till that it goes on as."""
    name = str(read_record(_answer(places)).get("name", ""))
    typed = state.till.get("till", {}).get("name", known_keys()["till"]["name"])
    if not name or typed != known_keys()["till"]["name"]:
        return state
    return replace(state, till={**state.till, "till": {**state.till.get("till", {}), "name": name}})


def _is_new(file: Path) -> bool:
    """A file that cannot be read is not new: it is for the kiosk to say so."""
    if not file.exists():
        return True
    from appliance.storage.errors import StorageError  # noqa: PLC0415  # seldom needed, and the boot waits for it
    from appliance.storage.unused import is_unused  # noqa: PLC0415

    try:
        return is_unused(file)
    except StorageError:
        return False


def _wait_for_stick(places: Places, seconds: float) -> None:
    end = time.monotonic() + seconds
    while has_stick(places.root) and not places.stick.is_mount() and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)


def _answer(places: Places) -> Path:
    return places.system / "begun.json"


def _keep(machine: Machine, answer: str, name: str = "") -> None:
    """The question is answered for good."""
    record = {"answer": answer[:_LONGEST], "name": name[:_LONGEST]}
    keep_record(machine.disk, _answer(machine.places), record)

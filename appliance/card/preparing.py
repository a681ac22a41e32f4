"""Before the settings: folders, the machine's number, and the room of the whole card."""

from __future__ import annotations

from pathlib import Path

from appliance.card.credentials import CommandError
from appliance.card.disk import Disk, keep, make_folders, read
from appliance.card.growing import grow
from appliance.card.machine import Machine
from appliance.card.places import Places
from appliance.card.problems import Problem


def prepare(machine: Machine, problems: list[Problem]) -> None:
    """Folders, the machine's number, and the room of the whole card."""
    places, disk = machine.places, machine.disk
    make_folders(disk, places.run, 0o755)
    try:
        make_folders(disk, places.system, 0o700)
        make_folders(disk, places.host_key.parent, 0o755)
        if not places.journal.exists():
            make_folders(disk, places.journal, 0o2770)
            if machine.owner is not None:
                disk.own(places.journal, machine.owner)
        _keep_number(places, disk)
    except OSError as error:
        problems.append(not_written(error))
        return
    try:
        grow(Path("/data"), places.system / "grown", disk, machine.run, places.root)
    except (CommandError, OSError) as error:
        problems.append(
            Problem(0, "", f"The card's room could not be made use of ({error}). The till sells.")
        )


def _keep_number(places: Places, disk: Disk) -> None:
    """Have the machine's number on the disk before the first secret is: systemd's key is worth nothing without it.

    The initrd makes one up at each start until it is kept.
    """
    kept, now = places.system / "machine-id", read(places.root / "etc/machine-id")
    if now is not None and read(kept) is None:
        keep(disk, kept, now, 0o444)


def not_written(error: OSError) -> Problem:
    """The sentence for a card that takes nothing new."""
    return Problem(0, "", f"The memory card cannot be written ({error.strerror or error}).")

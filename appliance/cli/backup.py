"""Makes a backup now, tests it, and says what came of it."""

from __future__ import annotations

import argparse

from appliance.cli import now
from appliance.machine.computer import Computer
from appliance.settings import load
from appliance.storage.backup import Backups, backups_on_stick
from appliance.storage.backup_files import Keep
from appliance.storage.database import Database
from appliance.storage.emergency import file_in_use
from appliance.sync.backing_up import BackingUp


def options(parser: argparse.ArgumentParser) -> None:
    """For a timer."""
    parser.add_argument(
        "--if-due", action="store_true", help="only if the sync service should have made one and has not"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make a backup while the till goes on; 1 if it is not a good one."""
    settings = load(arguments.settings)
    keep, second = settings.backup, settings.second
    computer = Computer.of(settings.till.keys_file, settings.till.data)
    backups = Backups(settings.backups, Keep(keep.days, keep.weeks, keep.months))
    file = file_in_use(settings.database, second.place, computer.public_key)
    with Database.open(file, now=now) as database:
        backing_up = BackingUp(
            database,
            backups,
            lambda: backups_on_stick(second.place, computer.public_key, is_mount=second.is_mount),
            computer.clock.witness,
            lambda at: at.astimezone(settings.zone),
            keep.hour,
        )
        if arguments.if_due and not backing_up.is_due(computer.clock.witness()):
            print("None is due.")
            return 0
        made = backing_up.make()
    print(made.words)
    for each in backups.all():
        print(f"    {each.path.name}  {each.path.stat().st_size / 1_000_000:.1f} MB, up to entry {each.seq}")
    return 0 if made.ok else 1

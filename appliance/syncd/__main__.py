"""The sync service's program."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from appliance.machine.computer import Computer
from appliance.machine.hardware import ROOT
from appliance.machine.keyring import KeyringError
from appliance.machine.notify import READY, Pulse, Supervisor
from appliance.settings import Secrets, Settings, SettingsError, load, load_secrets
from appliance.storage.database import Database
from appliance.storage.emergency import StickNeededError, file_in_use
from appliance.storage.errors import StorageError
from appliance.sync.backing_up import beside
from appliance.syncd.alone import (
    ASKED_EVERY_SECONDS,
    AlreadyRunningError,
    Stop,
    ended_when,
    let_the_kiosk_join,
    only_one,
)
from appliance.syncd.parts import build, build_backing_up, build_shop, now

log = logging.getLogger("appliance.syncd")


def run(settings: Settings, stop: Stop, root: Path = ROOT, ready: Callable[[], object] = bool) -> None:
    """Work on the file that the till uses until stopped; when it goes on from the stick, so does this."""
    secrets = load_secrets(settings.shop.secrets_file)
    computer = Computer.of(settings.till.keys_file, settings.till.data, root)

    def in_use() -> Path | None:
        try:
            return file_in_use(settings.database, settings.second.place, computer.public_key)
        except StickNeededError:
            return None

    with only_one(settings.till.data):
        ready()
        while not stop.is_set():
            file = in_use()
            if file is None:
                stop.wait(ASKED_EVERY_SECONDS)
                continue
            with ended_when(
                lambda was=file: stop.is_set() or in_use() != was,  # type: ignore[misc]
                Stop(stop.alive),
            ) as ended:
                work(settings, secrets, computer.with_journal_in(file.parent), file, ended, stop.alive)


def work(
    settings: Settings,
    secrets: Secrets,
    computer: Computer,
    file: Path,
    ended: threading.Event,
    alive: Callable[[], object] = bool,
) -> None:
    """Build everything on one file and go round."""
    with (
        closing(Database.open(file, now=now)) as database,
        beside(
            lambda: Database.open(file, now=now),
            lambda own: build_backing_up(settings, computer, own),
        ),
    ):
        let_the_kiosk_join(settings, computer.public_key, database, ended)
        build(settings, build_shop(settings, secrets, alive), computer, database).run(ended)


def main() -> int:
    """Run until a signal; 78 (a mistake in the settings) must not be restarted for ever."""
    parser = argparse.ArgumentParser(
        prog="syncd", description="Gapless: brings sales to the shop and its products back"
    )
    parser.add_argument("--settings", type=Path, required=True, help="the till's till.toml")
    parser.add_argument("--hardware-root", type=Path, default=ROOT, help="where /proc and /sys are: tests")
    arguments = parser.parse_args()
    os.umask(0o007)  # what the till writes is its own: names, books and PIN hashes are nobody else's
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    systemd = Supervisor.of(os.environ, os.getpid())
    stop = Stop(Pulse(systemd).beat)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run(load(arguments.settings), stop, arguments.hardware_root, lambda: systemd.tell(READY))
    except (SettingsError, KeyringError) as error:
        log.error("%s", error)
        return 78
    except (AlreadyRunningError, StorageError) as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

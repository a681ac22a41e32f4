"""The sync service: builds its parts and runs. The kiosk and it meet only in the journal's file."""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.machine.computer import Computer
from appliance.machine.keyring import KeyringError
from appliance.settings import Secrets, Settings, SettingsError, load, load_secrets
from appliance.shops.contract import Shop
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.backup import Backups, backups_on_stick
from appliance.storage.backup_files import Keep
from appliance.storage.binding import Bindings
from appliance.storage.catalogue import Catalogue
from appliance.storage.corrections import SHOP_CLOCK, Corrections
from appliance.storage.database import Database
from appliance.storage.emergency import StickNeededError, file_in_use
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.sealed import Sealer
from appliance.storage.wal_watch import WalWatch
from appliance.sync.backing_up import BackingUp, beside
from appliance.sync.backoff import Backoff
from appliance.sync.download import Download
from appliance.sync.oversell import Oversell
from appliance.sync.service import Service
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from appliance.sync.witnessing import Witnessing

ASKED_EVERY_SECONDS: Final = 0.5

log = logging.getLogger("appliance.syncd")


class AlreadyRunningError(Exception):
    """Another sync service holds this till's lock. Two uploaders of one till would tell a sale twice."""


def now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A name that nobody else makes: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def build_shop(settings: Settings, secrets: Secrets) -> Shop:
    """The online shop of these settings."""
    http = HttpClient(
        settings.shop.url,
        deadline_seconds=settings.shop.deadline_seconds,
        ca_file=settings.shop.ca_file or None,
    )
    return WooCommerce(http, secrets.key, secrets.secret, settings.money.of, now=now, new_id=new_id)


def build(settings: Settings, shop: Shop, computer: Computer, database: Database) -> Service:
    """All parts of the service, on one connection."""
    facts, outbox = ShopFacts(database), Outbox(database)
    catalogue = Catalogue(database, now)
    oversold = OversoldUnits(database, Sealer(computer.keyring.data_key))
    oversold.seal_old()
    journal = Journal(database, Identity(database).get(), settings.till.name, computer.seal)
    bindings, clock, wal = Bindings(database), computer.clock, WalWatch(database)
    bindings.begin(journal, computer.hardware_id, clock.now())
    corrections = Corrections(database, journal, clock.now, clock.witness)

    def see_to_clock_and_file() -> None:
        clock.hear(facts.get(SHOP_CLOCK))
        corrections.watch()
        wal.look()

    return Service(
        telling=Telling(shop, outbox, journal, now, computer.public_key),
        download=Download(shop, catalogue, facts, settings.money.currency, now, time.sleep),
        sweep=Sweep(shop, outbox, journal, now, timedelta(minutes=settings.shop.late_minutes)),
        oversell=Oversell(shop, catalogue, outbox, oversold, now),
        outbox=outbox,
        facts=facts,
        version=database.version,
        idle=database.checkpoint,
        now=now,
        backoff=Backoff(random.random),
        poll=timedelta(seconds=settings.shop.poll_seconds),
        at_round=see_to_clock_and_file,
        may_tell=_asking(bindings, computer.hardware_id),
        witnessing=Witnessing(shop, facts, outbox, journal, lambda: journal.series, clock.witness, now),
    )


def build_backing_up(settings: Settings, computer: Computer, database: Database) -> BackingUp:
    """What makes the backups, on a connection of its own."""
    keep, second = settings.backup, settings.second
    return BackingUp(
        database,
        Backups(settings.backups, Keep(keep.days, keep.weeks, keep.months)),
        lambda: backups_on_stick(second.place, computer.public_key, is_mount=second.is_mount),
        computer.clock.witness,
        lambda at: at.astimezone(settings.zone),
        keep.hour,
    )


def _asking(bindings: Bindings, hardware_id: str) -> Callable[[], bool]:
    """Whether the shop may be told anything, said in the log when that changes."""
    could = True

    def may_tell() -> bool:
        nonlocal could
        can = bindings.may_upload(hardware_id)
        if can != could:
            log.warning(
                "Nothing is uploaded before a person confirms on the till." if could else "Confirmed."
            )
        could = can
        return can

    return may_tell


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the till's upload lock; the kernel drops it when the program ends, however it ends.

    Raises:
        AlreadyRunningError: another sync service of this till runs.
    """
    lock = os.open(
        folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    )  # the folder itself: a full card has it too
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"Another sync service already works on {folder}.") from None
        yield
    finally:
        os.close(lock)


def run(settings: Settings, stop: threading.Event) -> None:
    """Work on the file that the till uses until stopped; when it goes on from the stick, so does this."""
    secrets = load_secrets(settings.shop.secrets_file)
    computer = Computer.of(settings.till.keys_file, settings.till.data)

    def in_use() -> Path | None:
        try:
            return file_in_use(settings.database, settings.second.place, computer.public_key)
        except StickNeededError:
            return None

    with only_one(settings.till.data):
        while not stop.is_set():
            file = in_use()
            if file is None:
                stop.wait(ASKED_EVERY_SECONDS)
                continue
            with ended_when(lambda was=file: stop.is_set() or in_use() != was) as ended:  # type: ignore[misc]
                work(settings, secrets, computer.with_journal_in(file.parent), file, ended)


def work(
    settings: Settings, secrets: Secrets, computer: Computer, file: Path, ended: threading.Event
) -> None:
    """Build everything on one file and go round."""
    with (
        closing(Database.open(file, now=now)) as database,
        beside(
            lambda: Database.open(file, now=now),
            lambda own: build_backing_up(settings, computer, own),
        ),
    ):
        build(settings, build_shop(settings, secrets), computer, database).run(ended)


@contextmanager
def ended_when(is_over: Callable[[], bool]) -> Iterator[threading.Event]:
    """An event that is set once something is so; asked twice a second, on a thread of its own."""
    ended, left = threading.Event(), threading.Event()

    def watch() -> None:
        while not left.wait(ASKED_EVERY_SECONDS) and not is_over():
            pass
        ended.set()

    watcher = threading.Thread(target=watch, name="file in use", daemon=True)
    watcher.start()
    try:
        yield ended
    finally:
        left.set()
        watcher.join()


def main() -> int:
    """Run until a signal; 78 (a mistake in the settings) must not be restarted for ever."""
    parser = argparse.ArgumentParser(
        prog="syncd", description="Gapless: brings sales to the shop and its products back"
    )
    parser.add_argument("--settings", type=Path, required=True, help="the till's till.toml")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run(load(arguments.settings), stop)
    except (SettingsError, KeyringError) as error:
        log.error("%s", error)
        return 78
    except (AlreadyRunningError, StorageError) as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

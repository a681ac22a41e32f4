"""The sync service: builds its parts and runs. The kiosk and it meet only in the journal's file."""

from __future__ import annotations

import argparse
import fcntl
import logging
import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.machine.computer import Computer
from appliance.machine.keyring import KeyringError
from appliance.settings import Secrets, Settings, SettingsError, load, load_secrets
from appliance.shops.contract import Shop
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.sync.backoff import Backoff
from appliance.sync.download import Download
from appliance.sync.oversell import Oversell
from appliance.sync.service import Service
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling

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
    journal = Journal(database, Identity(database).get(), settings.till.name, computer.seal)
    return Service(
        telling=Telling(shop, outbox, journal, now),
        download=Download(shop, catalogue, facts, settings.money.currency, now, time.sleep),
        sweep=Sweep(shop, outbox, journal, now, timedelta(minutes=settings.shop.late_minutes)),
        oversell=Oversell(shop, catalogue, outbox, OversoldUnits(database), now),
        outbox=outbox,
        facts=facts,
        version=database.version,
        idle=database.checkpoint,
        now=now,
        backoff=Backoff(random.random),
        poll=timedelta(seconds=settings.shop.poll_seconds),
    )


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the till's upload lock; the kernel drops it when the program ends, however it ends.

    Raises:
        AlreadyRunningError: another sync service of this till runs.
    """
    with (folder / "syncd.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"Another sync service already works on {folder}.") from None
        yield


def run(settings: Settings, stop: threading.Event) -> None:
    """Build everything and go round until stopped."""
    secrets = load_secrets(settings.shop.secrets_file)
    computer = Computer.of(settings.till.keys_file)
    with only_one(settings.till.data):
        database = Database.open(settings.database, now=now)
        try:
            build(settings, build_shop(settings, secrets), computer, database).run(stop)
        finally:
            database.close()


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

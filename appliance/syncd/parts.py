"""All parts of the service, put together on one file."""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from appliance.machine.computer import Computer
from appliance.settings import Secrets, Settings
from appliance.shops.contract import Shop
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.backup import Backups, backups_on_stick
from appliance.storage.backup_files import Keep
from appliance.storage.binding import Bindings
from appliance.storage.catalogue import Catalogue
from appliance.storage.corrections import SHOP_CLOCK, Corrections
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.mending import Mending
from appliance.storage.mirror import Mirror
from appliance.storage.order_notes import OrderNotes
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.refunds import Refunds
from appliance.storage.safety import HeldBack
from appliance.storage.sealed import Sealer
from appliance.storage.set_back import SetBacks
from appliance.storage.stock_list import StockList
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from appliance.storage.wal_watch import WalWatch
from appliance.sync.backing_up import BackingUp
from appliance.sync.backoff import Backoff
from appliance.sync.download import Download
from appliance.sync.errands import Errands
from appliance.sync.holding_back import HoldingBack
from appliance.sync.noting import Noting
from appliance.sync.oversell import Oversell
from appliance.sync.reading import TrueSales
from appliance.sync.refund_telling import RefundTelling
from appliance.sync.service import Service
from appliance.sync.set_back import SetBackWatch
from appliance.sync.stock_watch import StockWatch
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling
from appliance.sync.witnessing import Witnessing

log = logging.getLogger("appliance.syncd")


def now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A name that nobody else makes: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def build_shop(settings: Settings, secrets: Secrets, alive: Callable[[], object] = bool) -> Shop:
    """The online shop of these settings; `alive` is called at each request, by the thread that makes it."""
    http = HttpClient(
        settings.shop.url,
        deadline_seconds=settings.shop.deadline_seconds,
        ca_file=settings.shop.ca_file or None,
        alive=alive,
    )
    return WooCommerce(http, secrets.key, secrets.secret, settings.money.of, now=now, new_id=new_id)


def build(settings: Settings, shop: Shop, computer: Computer, database: Database) -> Service:
    """All parts of the service, on one connection."""
    facts, outbox, catalogue = ShopFacts(database), Outbox(database), Catalogue(database, now)
    sealer, identity = Sealer(computer.keyring.data_key), Identity(database)
    oversold = OversoldUnits(database, sealer)
    oversold.seal_old()
    journal = Journal(database, identity.get(), settings.till.name, computer.seal)
    bindings, clock, wal = Bindings(database), computer.clock, WalWatch(database)
    bindings.begin(journal, computer.hardware_id, clock.now())
    corrections = Corrections(database, journal, clock.now, clock.witness)
    late, key = timedelta(minutes=settings.shop.late_minutes), computer.public_key
    sales = TrueSales(Mending(database, journal), corrections)
    errands = build_errands(shop, database, journal, late, key, now)
    may_tell = _asking(bindings, computer.hardware_id)
    holding, watch = _stock_keeping(settings, database, journal, may_tell)
    errands.hold_back = holding.free

    def see_to_clock_and_file() -> None:
        clock.hear(facts.get(SHOP_CLOCK))
        corrections.watch()
        wal.look()

    def series() -> str:
        return identity.get().series  # the kiosk may have gone on as another till meanwhile

    return Service(
        telling=Telling(shop, outbox, sales.sale, now, key),
        download=Download(
            shop,
            catalogue,
            facts,
            settings.money.currency,
            now,
            time.sleep,
            Mirror.on(database, sealer),
            lambda: bool(outbox.due(now(), 1)),
        ),
        sweep=Sweep(
            shop,
            outbox,
            sales.sale,
            now,
            late,
            told_back_minor=errands.refunds.told_back_minor,
            order_is_gone=errands.set_back.suspect,
        ),
        oversell=Oversell(shop, catalogue, outbox, oversold, now, holding.held_back.covers),
        outbox=outbox,
        facts=facts,
        version=database.version,
        idle=database.checkpoint,
        now=now,
        backoff=Backoff(random.random),
        poll=timedelta(seconds=settings.shop.poll_seconds),
        at_round=see_to_clock_and_file,
        may_tell=may_tell,
        witnessing=Witnessing(shop, facts, outbox, journal, series, clock.witness, now),
        errands=errands,
        after_stock=(holding.reconcile, watch.look_low),
        nightly=(watch.look_numbers,),
    )


def build_errands(
    shop: Shop,
    database: Database,
    journal: Journal,
    late: timedelta,
    key: str,
    clock: Callable[[], datetime],
) -> Errands:
    """What the shop is told beside the sales."""
    moves, refunds, notes = StockMoveOutbox(database), RefundOutbox(database), OrderNotes(database)
    read, identity = StockMoves(database, journal).get, Identity(database)
    watch = SetBackWatch(shop, Outbox(database), moves, SetBacks(database, journal), clock)
    return Errands(
        moves=moves,
        telling=Telling(shop, moves, read, clock, key),
        sweep=Sweep(shop, moves, read, clock, late, order_is_gone=watch.suspect),
        refunds=refunds,
        refund_telling=RefundTelling(
            shop,
            refunds,
            Refunds(database, journal).get,
            clock,
            late,
            lambda: identity.get().till_id,
            watch.is_lost,
            watch.suspect,
            key,
        ),
        notes=notes,
        noting=Noting(shop, notes, clock),
        set_back=watch,
        now=clock,
    )


def _stock_keeping(
    settings: Settings, database: Database, journal: Journal, may_tell: Callable[[], bool]
) -> tuple[HoldingBack, StockWatch]:
    """What is done about stock after each reading of the shop's counts."""
    rules, stock = settings.safety.rules, settings.stock
    holding = HoldingBack(rules, HeldBack(database), StockMoves(database, journal), new_id, now, may_tell)
    return holding, StockWatch(StockList(database), stock.low_at, stock.low_days, now)


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

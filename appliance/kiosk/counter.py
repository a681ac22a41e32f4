"""What a cashier can do at this till: every activity with its parts."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from appliance.domain.barcodes import BarcodeRules
from appliance.domain.errors import DomainError
from appliance.kiosk.devices import Devices
from appliance.kiosk.helping import build_helping
from appliance.machine.computer import Computer
from appliance.receipts.wording import ReceiptHeader, contact_rows
from appliance.settings import Settings
from appliance.storage.binding import Bindings
from appliance.storage.bookings import Bookings
from appliance.storage.cashing_up import CashingUp as CashRecords
from appliance.storage.catalogue import Catalogue
from appliance.storage.corrections import Corrections
from appliance.storage.counts import Counts
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.held import HeldSales
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.mending import Mending
from appliance.storage.order_notes import OrderNotes
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.refunds import Refunds
from appliance.storage.sealed import Sealer
from appliance.storage.set_back import SetBacks
from appliance.storage.staff import Staff
from appliance.storage.stock_list import StockList
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from appliance.till.approving import Approving
from appliance.till.booking import Booking
from appliance.till.booking_rows import ListReading
from appliance.till.cashing_up import CashingUp
from appliance.till.counting import Counting
from appliance.till.errors import TillError
from appliance.till.facing import Facing
from appliance.till.finding import Finding
from appliance.till.holding import Holding
from appliance.till.identifying import Identifying
from appliance.till.keeping import Keeping
from appliance.till.paper import Paper
from appliance.till.price_listing import PriceListing
from appliance.till.pricing import Pricing
from appliance.till.printing import Printing
from appliance.till.putting_right import Outboxes, PuttingRight
from appliance.till.recognising import Recognising
from appliance.till.refunding import Refunding
from appliance.till.reporting import Reporting
from appliance.till.reprinting import Reprinting
from appliance.till.running_out import RunningOut
from appliance.till.selling import Selling
from appliance.till.settling import Settling
from appliance.till.signing_in import SigningIn
from appliance.till.tendering import Tendering
from appliance.till.timekeeping import Timekeeping
from appliance.till.unbooking import Unbooking
from appliance.till.waiting import Waiting
from appliance.ui.counter import Counter


def build_counter(
    settings: Settings,
    computer: Computer,
    database: Database,
    devices: Devices,
    on_change: Callable[[], None],
    keeping: Keeping | None = None,
) -> Counter:
    """All activities of one till, on the screen's connection; ``keeping`` keeps the second medium, if there is one."""
    identity, bindings = Identity(database), Bindings(database)
    now = computer.clock.now
    journal = Journal(database, identity.get(), settings.till.name, computer.seal)
    bindings.begin(journal, computer.hardware_id, now())
    catalogue, currency = Catalogue(database, now), settings.money.of
    rules = BarcodeRules.from_texts(
        currency,
        in_store=settings.barcodes.rules,
        receipt_series=(*identity.every_series(), bindings.next_series()),
    )

    def local(at: datetime) -> datetime:
        return at.astimezone(settings.zone)

    drafts, sealer = Drafts(database), Sealer(computer.keyring.data_key)
    selling = Selling(catalogue, drafts, journal, rules, currency, now, _new_id, local)
    printing = Printing(
        PrintJobs(database),
        lambda: Database.open(database.path, now=now),
        devices.printer,
        devices.drawer,
        Paper(_header(settings), currency, local).compose,
        now,
        on_change=on_change,
        keep=(lambda: True) if keeping is None else partial(keeping.wait, settings.second.wait_seconds),
    )
    staff, facts, outbox = Staff(database), ShopFacts(database), Outbox(database, journal)
    signing_in = SigningIn(staff, journal, now, computer.keyring.pepper)
    approving = Approving(staff, journal, signing_in, now)
    timekeeping = _timekeeping(computer, database, journal)
    timekeeping.watch()
    step, oversold = settings.money.rounding_step_minor, OversoldUnits(database, sealer)
    recognising = Recognising(catalogue, rules, now, local)
    tendering = Tendering(selling, journal, printing, currency, step, now, approving)
    bookings = Bookings(database, journal)
    return Counter(
        shop_name=settings.receipt.name,
        till_name=settings.till.name,
        currency=currency,
        selling=selling,
        finding=Finding(catalogue),
        tendering=tendering,
        printing=printing,
        waiting=Waiting(
            PuttingRight(
                Outboxes(outbox, RefundOutbox(database, journal), StockMoveOutbox(database, journal)),
                Mending(database, journal),
                SetBacks(database, journal),
                facts,
                journal,
                approving,
                currency,
                now,
            ),
            oversold,
            facts,
            journal,
            printing,
            currency,
            now,
            local,
            stick=None if keeping is None else keeping.view,
        ),
        signing_in=signing_in,
        approving=approving,
        reporting=Reporting(journal, printing, now, local),
        cashing_up=CashingUp(selling, CashRecords(database, journal), approving, printing, now),
        holding=Holding(selling, HeldSales(database, journal, sealer), drafts, approving, now),
        refunding=Refunding(
            selling,
            catalogue,
            Refunds(database, journal),
            printing,
            approving,
            step,
            now,
            _new_id,
            journal=journal,
            every_series=identity.every_series,
        ),
        recognising=recognising,
        settling=Settling(oversold, journal, OrderNotes(database), now, local),
        reprinting=Reprinting(selling, journal, printing, now),
        pricing=Pricing(selling, journal, approving, settings.approval.discount_percent, now),
        now=now,
        local=local,
        refusals=(DomainError, TillError, StorageError),
        open_drawer=tendering.no_sale,
        identifying=Identifying(
            identity, bindings, facts, journal, outbox, computer.hardware_id, now, _new_id
        ),
        timekeeping=timekeeping,
        counting=Counting(
            catalogue,
            Counts(database, journal, StockMoves(database, journal), _new_id),
            recognising,
            selling,
            approving,
            now,
        ),
        booking=Booking(
            bookings,
            Unbooking(bookings, approving, step, now, _new_id, local),
            ListReading(catalogue, currency),
            recognising,
            step,
            now,
            _new_id,
            local,
        ),
        price_listing=PriceListing(catalogue, printing, now),
        running_out=RunningOut(StockList(database)),
        products_at_first=lambda: None if journal.last(1) else catalogue.count(),
        facing=_facing(settings, devices),
        helping=build_helping(os.environ, journal, now),
    )


def _facing(settings: Settings, devices: Devices) -> Facing | None:
    greeting = settings.display.greeting, settings.receipt.name
    if devices.display is None:
        return None
    return Facing(devices.display, settings.money.of, greeting, time.monotonic)


def _new_id() -> str:
    return uuid.uuid4().hex


def _timekeeping(computer: Computer, database: Database, journal: Journal) -> Timekeeping:
    clock = computer.clock
    corrections = Corrections(database, journal, clock.now, clock.witness)
    return Timekeeping(corrections, ShopFacts(database), clock.now, clock.witness, clock.hear)


def _header(settings: Settings) -> ReceiptHeader:
    words = settings.receipt
    return ReceiptHeader(
        words.name,
        words.strapline,
        contact_rows(words.address, words.phone, words.tax_number, words.web),
        tuple(words.promise),
        words.thanks,
    )

"""What a cashier can do at this till: every activity with its parts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from appliance.domain.barcodes import BarcodeRules
from appliance.domain.errors import DomainError
from appliance.kiosk.devices import Devices
from appliance.machine.computer import Computer
from appliance.receipts.wording import ReceiptHeader, contact_rows
from appliance.settings import Settings
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.staff import Staff
from appliance.till.errors import TillError
from appliance.till.finding import Finding
from appliance.till.paper import Paper
from appliance.till.printing import Printing
from appliance.till.reporting import Reporting
from appliance.till.selling import Selling
from appliance.till.signing_in import SigningIn
from appliance.till.tendering import Tendering
from appliance.till.waiting import Waiting
from appliance.ui.counter import Counter


def build_counter(
    settings: Settings,
    computer: Computer,
    database: Database,
    devices: Devices,
    on_change: Callable[[], None],
) -> Counter:
    """All activities of one till, on the screen's connection."""
    identity = Identity(database).get()
    now = computer.clock.now
    journal = Journal(database, identity, settings.till.name, computer.seal)
    journal.introduce_key(now())
    catalogue, currency = Catalogue(database, now), settings.money.of
    rules = BarcodeRules.from_texts(
        currency, in_store=settings.barcodes.rules, receipt_series=(identity.series,)
    )

    def local(at: datetime) -> datetime:
        return at.astimezone(settings.zone)

    selling = Selling(
        catalogue, Drafts(database), journal, rules, currency, now, lambda: uuid.uuid4().hex, local
    )
    printing = Printing(
        PrintJobs(database),
        lambda: Database.open(settings.database, now=now),
        devices.printer,
        devices.drawer,
        Paper(_header(settings), currency, local).compose,
        now,
        on_change=on_change,
    )
    tendering = Tendering(selling, journal, printing, currency, settings.money.rounding_step_minor, now)
    return Counter(
        shop_name=settings.receipt.name,
        till_name=settings.till.name,
        currency=currency,
        selling=selling,
        finding=Finding(catalogue),
        tendering=tendering,
        printing=printing,
        waiting=Waiting(
            Outbox(database),
            OversoldUnits(database),
            ShopFacts(database),
            journal,
            printing,
            currency,
            now,
            local,
        ),
        signing_in=SigningIn(Staff(database), journal, now),
        reporting=Reporting(journal, printing, now, local),
        now=now,
        local=local,
        refusals=(DomainError, TillError, StorageError),
        open_drawer=tendering.no_sale,
        products_at_first=lambda: None if journal.last(1) else catalogue.count(),
    )


def _header(settings: Settings) -> ReceiptHeader:
    words = settings.receipt
    return ReceiptHeader(
        words.name,
        words.strapline,
        contact_rows(words.address, words.phone, words.tax_number, words.web),
        tuple(words.promise),
        words.thanks,
    )

"""What waits for the network, for paper or for a person, in words that a cashier knows."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.staff import Person
from appliance.storage.facts import Contact, ShopFacts
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox, OutboxEntry, WaitingSale
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJob
from appliance.till import waiting_words as words
from appliance.till.clock import Local, Now
from appliance.till.print_worker import FRESH
from appliance.till.printing import Printing
from appliance.till.safety import Safety
from appliance.till.sold_twice import SoldTwice, describe
from appliance.till.stick_state import StickView

SILENT_AFTER: Final = timedelta(minutes=30)
"""The sync service notes at least every ten minutes that it reached the shop."""


class HeaderKind(enum.Enum):
    """What the header's chip is about; the worst comes first."""

    NEEDS_YOU = "needs_you"
    PRINTER = "printer"
    SCANNER = "scanner"
    STICK = "stick"
    CLOCK = "clock"
    OFFLINE = "offline"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class HeaderState:
    """The header's chip."""

    kind: HeaderKind
    text: str


@dataclass(frozen=True, slots=True)
class ParkedSale:
    """A sale that the shop refused, or (``in_shop``) has otherwise than it was sold, with the reason."""

    sale_id: str
    receipt_number: str
    title: str
    reason: str
    total_minor: int
    total_text: str
    in_shop: bool = False


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A sale that goes by itself."""

    sale_id: str
    receipt_number: str
    note: str
    total_minor: int
    total_text: str


@dataclass(frozen=True, slots=True)
class UnprintedReceipt:
    """Paper that did not come out; ``copy`` says that it may have, so that it comes again as a copy."""

    job: PrintJob
    title: str
    reason: str
    copy: bool


@dataclass(frozen=True, slots=True)
class WaitingView:
    """All that waits."""

    count: int
    reachable: bool
    headline: str
    explanation: str
    in_step_until: str
    next_try: str
    parked: tuple[ParkedSale, ...]
    waiting: tuple[WaitingRow, ...]
    unprinted: tuple[UnprintedReceipt, ...]
    oversold: tuple[SoldTwice, ...]


class Waiting:
    """Reads what waits, and passes on what a person decides."""

    def __init__(  # noqa: PLR0913 - its parts
        self,
        outbox: Outbox,
        oversold: OversoldUnits,
        facts: ShopFacts,
        journal: Journal,
        printing: Printing,
        currency: Currency,
        now: Now,
        local: Local,
        *,
        stick: Callable[[], StickView] | None = None,
    ) -> None:
        """Build it; ``stick`` says how the second medium is, None where there is none (see ``safety``)."""
        self._outbox = outbox
        self._oversold = oversold
        self._facts = facts
        self._journal = journal
        self._printing = printing
        self._currency = currency
        self._now = now
        self._local = local
        self.safety = Safety(facts, stick)

    def header(self, *, scanner_present: bool = True) -> HeaderState:
        """The one thing that the header says. Cheap enough for once a second."""
        counts = self._outbox.counts()
        refused = counts.parked + len(self._outbox.problems())
        sold_twice = len(self._oversold.open())
        if refused or sold_twice:
            return HeaderState(HeaderKind.NEEDS_YOU, words.needs_you(refused, sold_twice))
        unprinted = len(self._printing.unprinted())
        if unprinted:
            return HeaderState(HeaderKind.PRINTER, self._printing.problem() or words.not_printed(unprinted))
        if not scanner_present:
            return HeaderState(HeaderKind.SCANNER, words.NO_SCANNER)
        if chip := self.safety.chip():
            return HeaderState(HeaderKind.STICK, chip)
        if not self._is_reachable(self._facts.contact()):
            return HeaderState(HeaderKind.OFFLINE, words.offline(counts.due))
        return HeaderState(HeaderKind.ONLINE, words.ONLINE)

    def view(self) -> WaitingView:
        """Everything for the page of waiting sales, oldest first."""
        contact, now = self._facts.contact(), self._now()
        waiting = self._outbox.waiting()
        parked = [sale for sale in waiting if sale.entry.state == "parked"]
        due = [sale for sale in waiting if sale.entry.state != "parked"]
        reachable = self._is_reachable(contact)
        last_at = now if reachable and not due else contact.last_at
        return WaitingView(
            count=len(due),
            reachable=reachable,
            headline=words.headline(len(due), reachable),
            explanation=self.safety.sentence() or words.explanation(len(due), reachable, len(parked)),
            in_step_until="never" if last_at is None else words.moment(last_at, now, self._local),
            next_try=words.next_try(self._next_try_at(due), now),
            parked=(*(self._parked(sale) for sale in parked), *map(self._wrong, self._outbox.problems())),
            waiting=tuple(self._row(sale, now) for sale in due),
            unprinted=tuple(self._unprinted(job) for job in self._printing.unprinted()),
            oversold=tuple(
                describe(unit, self._journal.sale(unit.sale_id), self._currency, now, self._local)
                for unit in self._oversold.open()
            ),
        )

    def more_text(self, view: WaitingView, shown: int) -> str:
        """The last row when only so many are shown: "and 8 more, 355.25"; "" when all are."""
        rest = view.waiting[shown:]
        amount = self._currency.amount(sum(row.total_minor for row in rest))
        return words.more(len(rest), amount) if rest else ""

    def send_again(self, sale_id: str) -> None:
        """Let a parked sale go once more, or have a wrong one looked at again: a person has seen to its reason."""
        self._outbox.unpark(sale_id)
        self._outbox.look_again(sale_id)
        self.try_now()

    def settle(self, oversold_id: int, person: Person) -> None:
        """Note that a person has seen to a unit that was sold twice."""
        self._oversold.settle(oversold_id, person.person_id, self._now())

    def try_now(self) -> None:
        """Ask the sync service not to wait for its next try."""
        self._facts.ask_to_try_now(self._now())

    def print_again(self, receipt: UnprintedReceipt) -> None:
        """Print what did not come out; nothing if it came by itself since the list was read."""
        open_jobs = {job.job_id: job for job in self._printing.unprinted()}
        if receipt.job.job_id in open_jobs:
            self._printing.print_again(open_jobs[receipt.job.job_id])

    def dismiss(self, receipt: UnprintedReceipt) -> None:
        """Take it off the list: it did come out, or nobody wants it."""
        self._printing.dismiss(receipt.job.job_id)

    def _parked(self, sale: WaitingSale) -> ParkedSale:
        total = self._currency.amount(sale.total_minor)
        title = f"{sale.receipt_number} needs you"
        reason = sale.entry.reason
        return ParkedSale(sale.entry.sale_id, sale.receipt_number, title, reason, sale.total_minor, total)

    def _row(self, sale: WaitingSale, now: datetime) -> WaitingRow:
        note = words.row_note(sale.completed_at, sale.lines, now, self._local)
        total = self._currency.amount(sale.total_minor)
        return WaitingRow(sale.entry.sale_id, sale.receipt_number, note, sale.total_minor, total)

    def _unprinted(self, job: PrintJob) -> UnprintedReceipt:
        receipt = None if job.sale_id is None else self._journal.sale(job.sale_id).receipt_number
        title = f"Receipt {receipt}" if receipt else words.report_title(job.body)
        maybe = job.state == "unknown"
        fresh = job.wanted_at >= self._now() - FRESH
        reason = words.unprinted(job.reason, self._printing.problem(), maybe=maybe, by_itself=fresh)
        return UnprintedReceipt(job, title, reason, maybe)

    def _wrong(self, entry: OutboxEntry) -> ParkedSale:
        """A sale that the shop has, but not as it was sold."""
        total = self._journal.sale(entry.sale_id).sale.total_minor
        title = f"{entry.receipt_number} needs you"
        amount = self._currency.amount(total)
        return ParkedSale(
            entry.sale_id, entry.receipt_number, title, entry.reason, total, amount, in_shop=True
        )

    def _is_reachable(self, contact: Contact) -> bool:
        """A sync service that has said nothing for so long is no contact, whatever it said last."""
        if not contact.reachable or contact.last_at is None:
            return False
        return abs(self._now() - contact.last_at) < SILENT_AFTER

    def _next_try_at(self, due: list[WaitingSale]) -> datetime | None:
        at = self._facts.next_try_at()
        if at is not None:
            return at
        tries = [sale.entry.next_try_at for sale in due if sale.entry.next_try_at is not None]
        return min(tries, default=None)

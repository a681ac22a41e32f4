"""What waits for the network, for paper or for a person, in words that a cashier knows."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.domain.money import Currency
from appliance.storage.facts import Contact, ShopFacts
from appliance.storage.journal import Journal
from appliance.storage.outbox import WaitingSale
from appliance.storage.oversold import OversoldUnits
from appliance.storage.print_jobs import PrintJob
from appliance.till import waiting_words as words
from appliance.till.clock import Local, Now
from appliance.till.print_worker import FRESH
from appliance.till.printing import Printing
from appliance.till.putting_right import Kind, PuttingRight, Question, Stuck
from appliance.till.safety import Safety
from appliance.till.sold_twice import SoldTwice, describe
from appliance.till.stick_state import StickView

SILENT_AFTER: Final = timedelta(minutes=30)
"""The sync service notes at least every ten minutes that it reached the shop."""
LONG_QUEUE: Final = 1_000
COUNT_EVERY: Final = timedelta(seconds=30)
MOST_ROWS: Final = 500
"""So many rows of the queue can be turned to; the last says what the rest comes to."""


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
    """All that waits; of what goes by itself only the first rows, with how many there are and what they come to."""

    count: int
    total_minor: int
    reachable: bool
    headline: str
    explanation: str
    in_step_until: str
    next_try: str
    parked: tuple[Stuck, ...]
    questions: tuple[Question, ...]
    waiting: tuple[WaitingRow, ...]
    unprinted: tuple[UnprintedReceipt, ...]
    oversold: tuple[SoldTwice, ...]


class Waiting:
    """Reads what waits, and passes on what a person decides."""

    def __init__(  # noqa: PLR0913 - its parts
        self,
        putting_right: PuttingRight,
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
        self.putting_right = putting_right
        self._outbox = putting_right.outboxes.sales
        self._oversold = oversold
        self._facts = facts
        self._journal = journal
        self._printing = printing
        self._currency = currency
        self._now = now
        self._counted = now(), 0
        self._local = local
        self.safety = Safety(facts, stick)

    def header(self, *, scanner_present: bool = True) -> HeaderState:
        """The one thing that the header says. Cheap enough for once a second."""
        sales, others = self.putting_right.count()
        sold_twice = sum(unit.units for unit in self._oversold.open())
        if sales or others or sold_twice:
            return HeaderState(HeaderKind.NEEDS_YOU, words.needs_you(sales, sold_twice, others))
        unprinted = len(self._printing.unprinted())
        if unprinted:
            return HeaderState(HeaderKind.PRINTER, self._printing.problem() or words.not_printed(unprinted))
        if not scanner_present:
            return HeaderState(HeaderKind.SCANNER, words.NO_SCANNER)
        if chip := self.safety.chip():
            return HeaderState(HeaderKind.STICK, chip)
        if not self._is_reachable(self._facts.contact()):
            return HeaderState(HeaderKind.OFFLINE, words.offline(self._count_due()))
        load = self._facts.first_load()
        return HeaderState(HeaderKind.ONLINE, words.ONLINE if load is None else words.loading(load))

    def _count_due(self) -> int:
        """How many go by themselves; a long queue, which takes 10 ms to count, only each half minute."""
        now, (at, count) = self._now(), self._counted
        if count < LONG_QUEUE or not timedelta(0) <= now - at < COUNT_EVERY:
            self._counted = now, self._outbox.counts().due
        return self._counted[1]

    def view(self) -> WaitingView:
        """Everything for the page of waiting sales, oldest first."""
        contact, now = self._facts.contact(), self._now()
        due, (count, minor) = self._outbox.on_their_way(MOST_ROWS), self._outbox.on_their_way_minor()
        stuck = self.putting_right.stuck()
        parked = sum(each.kind is Kind.SALE and not each.in_shop for each in stuck)
        reachable = self._is_reachable(contact)
        last_at = now if reachable and not due else contact.last_at
        return WaitingView(
            count=count,
            total_minor=minor,
            reachable=reachable,
            headline=words.headline(count, reachable),
            explanation=self.safety.sentence() or words.explanation(count, reachable, parked),
            in_step_until="never" if last_at is None else words.moment(last_at, now, self._local),
            next_try=words.next_try(self._next_try_at(due), now),
            parked=stuck,
            questions=self.putting_right.questions(),
            waiting=tuple(self._row(sale, now) for sale in due),
            unprinted=tuple(self._unprinted(job) for job in self._printing.unprinted()),
            oversold=self.oversold(),
        )

    def more_text(self, view: WaitingView, shown: int) -> str:
        """The last row when only so many are shown: "and 8 more, 355.25"; "" when all are."""
        rest = view.count - min(shown, len(view.waiting))
        amount = self._currency.amount(
            view.total_minor - sum(row.total_minor for row in view.waiting[:shown])
        )
        return words.more(rest, amount) if rest else ""

    def oversold(self) -> tuple[SoldTwice, ...]:
        """What was sold twice and nobody has seen to, oldest first."""
        now, currency, local = self._now(), self._currency, self._local
        return tuple(
            describe(unit, self._journal.sale(unit.sale_id), currency, now, local)
            for unit in self._oversold.open()
        )

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

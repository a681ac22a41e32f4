"""Putting right what the online shop did not take, or lost: a person decides, a manager approves, the journal keeps it.

What only waits goes by itself and is not here (``waiting``). What is here never goes by itself: a sale, a refund or a
stock move that the shop refused, a sale that it has otherwise than it was sold, half of its catalogue gone at once,
and a shop that was set back to an old copy.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from appliance.domain.approval import Approval, Guarded
from appliance.domain.catalogue import Product
from appliance.domain.money import Currency
from appliance.domain.sale import SaleLine
from appliance.domain.staff import Person
from appliance.storage.facts import ShopFacts
from appliance.storage.journal import Journal
from appliance.storage.mending import Mend, Mending
from appliance.storage.outbox import Outbox, OutboxEntry
from appliance.storage.outbox_rows import PROBLEM_SETTLED
from appliance.storage.refund_outbox import RefundEntry, RefundOutbox
from appliance.storage.set_back import SetBacks
from appliance.storage.stock_moves import StockMoveOutbox
from appliance.till import waiting_words as words
from appliance.till.approving import Approving
from appliance.till.clock import Now

VANISHED_ACCEPTED: Final = "vanished-accepted"


class Kind(enum.StrEnum):
    """What the shop did not take."""

    SALE = "sale"
    REFUND = "refund"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Stuck:
    """One thing that the shop refused, or (``in_shop``) has otherwise than it was sold.

    Attributes:
        kind: what it is. told_id: its id.
        number: what people call it. title, reason: for its card.
        total_minor, total_text: of a sale or a refund; 0 and "" for a stock move.
        can_mend: its lines can still be told as other products: the shop has no order for it.
    """

    kind: Kind
    told_id: str
    number: str
    title: str
    reason: str
    total_minor: int
    total_text: str
    in_shop: bool = False
    can_mend: bool = False


class Asked(enum.StrEnum):
    """What the till asks a person about the shop as a whole."""

    VANISHED = "vanished"
    SET_BACK = "set-back"


@dataclass(frozen=True, slots=True)
class Question:
    """Asked once, answered by a manager; until then the till does nothing about it."""

    asked: Asked
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Outboxes:
    """What the shop has yet to hear, by kind."""

    sales: Outbox
    refunds: RefundOutbox
    moves: StockMoveOutbox


class PuttingRight:
    """Reads what is stuck, and passes on what is decided."""

    def __init__(
        self,
        outboxes: Outboxes,
        mending: Mending,
        set_backs: SetBacks,
        facts: ShopFacts,
        journal: Journal,
        approving: Approving,
        currency: Currency,
        now: Now,
    ) -> None:
        self.outboxes = outboxes
        self._mending = mending
        self._set_backs = set_backs
        self._facts = facts
        self._journal = journal
        self._approving = approving
        self._currency = currency
        self._now = now

    # what there is

    def count(self) -> tuple[int, int]:
        """How many sales need a person, and how many other things do. Cheap enough for once a second."""
        boxes = self.outboxes
        sales = boxes.sales.count_parked() + len(boxes.sales.problems())
        parked = sum(each.state == "parked" for each in boxes.refunds.waiting())
        parked += sum(each.state == "parked" for each in boxes.moves.waiting())
        wrong = len(boxes.refunds.problems()) + len(boxes.moves.problems())
        return sales, parked + wrong + len(self.questions())

    def stuck(self) -> tuple[Stuck, ...]:
        """Sales first, then refunds and stock moves, each oldest first."""
        boxes = self.outboxes
        return (
            *(self._sale(each.entry, each.total_minor) for each in boxes.sales.parked()),
            *(self._sale(each, None) for each in boxes.sales.problems()),
            *(
                self._refund(each)
                for each in (*boxes.refunds.waiting(), *boxes.refunds.problems())
                if each.reason
            ),
            *(self._move(each) for each in (*boxes.moves.waiting(), *boxes.moves.problems()) if each.reason),
        )

    def questions(self) -> tuple[Question, ...]:
        """What is asked about the shop as a whole."""
        vanished, lost = self._facts.vanished(), self._set_backs.found()
        asked = []
        if vanished is not None:
            note = words.vanished(vanished.count, vanished.of, is_other_shop=vanished.is_other_shop)
            asked.append(Question(Asked.VANISHED, words.VANISHED, note))
        if lost is not None:
            asked.append(Question(Asked.SET_BACK, words.SET_BACK, words.lost(lost.count)))
        return tuple(asked)

    def lines(self, stuck: Stuck) -> tuple[SaleLine, ...]:
        """The lines of a sale as they are told; none of what is no sale."""
        return self._mending.told(stuck.told_id).sale.lines if stuck.kind is Kind.SALE else ()

    # what is decided

    def send_again(self, stuck: Stuck) -> None:
        """Let it go once more, or have it looked at again: a person has seen to its reason."""
        box = self._box(stuck)
        if stuck.in_shop:
            box.look_again(stuck.told_id)
        else:
            box.unpark(stuck.told_id)
        self._facts.ask_to_try_now(self._now())

    def settle(self, stuck: Stuck, person: Person, approval: Approval | None = None) -> None:
        """Say that it is settled: the shop is told nothing more of it. The manager's word says why.

        Raises:
            ApprovalNeededError, ApprovalError: as guarded acts do.
            StorageError: the shop has it meanwhile, or it could not be written.
        """
        with self._allowing(f"settle/{stuck.told_id}", person, approval) as why:
            if stuck.in_shop:
                body = {"of": stuck.kind.value, "id": stuck.told_id, "reason": why, "problem": stuck.reason}
                self._journal.note(PROBLEM_SETTLED, person.person_id, self._now(), body)
                self._box(stuck).mark_checked(stuck.told_id, self._now())
            else:
                self._box(stuck).settle(stuck.told_id, person, why, self._now())

    def mend(
        self,
        stuck: Stuck,
        position: int,
        product: Product | None,
        person: Person,
        approval: Approval | None = None,
    ) -> None:
        """Tell a line of a sale as another product, or as none, and send the sale again. Raises as `settle`."""
        told_as = product.product_id if product is not None else 0
        mend = Mend(position)
        if product is not None:
            stock_id = product.stock_id if product.on_hand is not None else None
            mend = Mend(position, product.product_id, product.parent_id, stock_id)
        with self._allowing(f"mend/{stuck.told_id}/{position}/{told_as}", person, approval) as why:
            self._mending.mend(stuck.told_id, mend, person, self._now(), why)
        self._facts.ask_to_try_now(self._now())

    def answer(
        self, question: Question, person: Person, *, yes: bool, approval: Approval | None = None
    ) -> None:
        """Answer what is asked about the shop. Raises as `settle`."""
        with self._allowing(f"{question.asked.value}/{int(yes)}", person, approval) as why:
            if question.asked is Asked.SET_BACK:
                (self._set_backs.tell_again if yes else self._set_backs.leave)(person, self._now(), why)
            elif yes and self._facts.vanished() is not None:
                # Written first: without power in between it is asked again, and never believed unsaid.
                body = {"what": question.note, "reason": why}
                self._journal.note(VANISHED_ACCEPTED, person.person_id, self._now(), body)
                self._facts.accept_vanished()
        self._facts.ask_to_try_now(self._now())

    @contextmanager
    def _allowing(self, about: str, person: Person, approval: Approval | None) -> Iterator[str]:
        with self._approving.allowing(Guarded.PUT_RIGHT, person, approval, about) as said:
            approved = said["approved"]
            yield f"{approved['why']} ({approved['name']})"

    def _box(self, stuck: Stuck) -> Outbox | RefundOutbox | StockMoveOutbox:
        boxes = self.outboxes
        if stuck.kind is Kind.SALE:
            return boxes.sales
        return boxes.refunds if stuck.kind is Kind.REFUND else boxes.moves

    def _sale(self, entry: OutboxEntry, total_minor: int | None) -> Stuck:
        in_shop = entry.state == "sent"
        total = self._journal.sale(entry.sale_id).sale.total_minor if total_minor is None else total_minor
        number, text = entry.receipt_number, self._currency.amount(total)
        title, can_mend = f"{number} needs you", not in_shop and entry.order_id is None
        return Stuck(Kind.SALE, entry.sale_id, number, title, entry.reason, total, text, in_shop, can_mend)

    def _refund(self, entry: RefundEntry) -> Stuck:
        number, total = entry.receipt_number, entry.total_minor
        title, text = f"Refund {number} needs you", self._currency.amount(total)
        in_shop = entry.state == "sent"
        return Stuck(Kind.REFUND, entry.refund_id, number, title, entry.reason, total, text, in_shop)

    def _move(self, entry: OutboxEntry) -> Stuck:
        title, in_shop = f"Stock {entry.receipt_number} needs you", entry.state == "sent"
        return Stuck(Kind.MOVE, entry.sale_id, entry.receipt_number, title, entry.reason, 0, "", in_shop)

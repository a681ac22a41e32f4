"""What a stretch of selling amounts to: the X report as often as one likes, the Z report once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from appliance.domain.cash import CashMoves
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """What was paid in one way.

    Attributes:
        count: tenders.
        amount_minor: what they paid of the sales, change taken off.
    """

    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ClerkTotals:
    """What one person did: what an owner looks at when money is missing.

    Attributes:
        name: as on the receipts.
        sales: completed; total_minor: what they amount to.
        voided_lines: lines taken off or made fewer before payment; voided_sales: sales given up as a whole.
        no_sales: drawer openings without a sale.
        refunds: how often money was given back; refunded_minor: how much.
        reprints: receipts printed once more.
        cash_moves: money put in or taken out without a sale; each opens the drawer.
        price_changes: prices changed by hand; payments_back: how often what was paid was handed back unsold.
    """

    name: str
    sales: int = 0
    total_minor: int = 0
    voided_lines: int = 0
    voided_sales: int = 0
    no_sales: int = 0
    refunds: int = 0
    refunded_minor: int = 0
    reprints: int = 0
    cash_moves: int = 0
    price_changes: int = 0
    payments_back: int = 0


@dataclass(frozen=True, slots=True)
class DayTotals:
    """All that happened in a stretch of the journal. It is a stretch of entries: no clock can move a sale out of it.

    Attributes:
        since: when the stretch began, by the clock of that moment (UTC); until: when the report was made.
        sales: completed sales.
        items: pieces.
        total_minor: what the sales amount to, tax included, before cash rounding.
        tax: per rate, highest rate first.
        tenders: by kind; a kind that was not used is absent.
        change_minor: given back in cash.
        rounding_minor: what cash rounding added or took off.
        voided_lines: lines taken off or made fewer before payment, those of sales voided as a whole included.
        voided_minor: what they amounted to.
        voided_sales: sales voided as a whole.
        first_receipt: receipt number, "" without a sale; last_receipt: likewise.
        unsent: sales of this till, of any day, that the online shop does not have yet.
        refunds: how often money was given back; refunded_minor: how much, tax included.
        refund_tax: the same per rate, as positive amounts.
        refund_tenders: what left the till, by kind; refund_rounding_minor: what cash rounding added to that.
        moves: money moved without a sale.
        clerks: one for each person who did anything that counts, in the order of their numbers.
        held: sales that are set aside and were not taken up yet, of any day.
        unclocked: entries that were written while the clock was not set.
        after_z: the number of the Z report before, 0 if there was none.
    """

    since: datetime
    until: datetime
    sales: int
    items: int
    total_minor: int
    tax: tuple[TaxTotal, ...]
    tenders: Mapping[TenderKind, TenderTotal]
    change_minor: int
    rounding_minor: int
    voided_lines: int
    voided_minor: int
    voided_sales: int
    first_receipt: str
    last_receipt: str
    unsent: int
    refunds: int = 0
    refunded_minor: int = 0
    refund_rounding_minor: int = 0
    refund_tax: tuple[TaxTotal, ...] = ()
    refund_tenders: Mapping[TenderKind, TenderTotal] = field(default_factory=dict)
    moves: CashMoves = CashMoves()
    clerks: tuple[ClerkTotals, ...] = ()
    held: int = 0
    unclocked: int = 0
    after_z: int = 0

    @property
    def cash_minor(self) -> int:
        """What the sales put into the drawer."""
        cash = self.tenders.get(TenderKind.CASH)
        return cash.amount_minor if cash else 0

    @property
    def cash_expected_minor(self) -> int:
        """What the drawer ought to hold, if it was empty before: change is taken off already."""
        back = self.refund_tenders.get(TenderKind.CASH)
        moves = self.moves
        into = moves.float_minor + self.cash_minor + moves.paid_in_minor
        return into - moves.paid_out_minor - (back.amount_minor if back else 0)


@dataclass(frozen=True, slots=True)
class ZReport:
    """The closing of a day. It covers the journal's entries ``first_seq`` to ``last_seq``, and is the next one itself.

    Attributes:
        number: 1, 2, 3 ... without gaps.
        seq: the number of its own journal entry; hash: of that entry (32 bytes).
        head_hash: of entry ``last_seq``, 32 zeros where there is none.
        totals: all figures.
        grand_total_minor: all sales less all refunds since the till was set up; never set back.
        till_name, person_name: as on the paper.
        public_key: with which the entry is signed (32 bytes), to be compared.
        clock_is_set: False if the time on it cannot be right.
    """

    number: int
    seq: int
    first_seq: int
    last_seq: int
    totals: DayTotals
    grand_total_minor: int
    head_hash: bytes
    hash: bytes
    till_name: str
    person_name: str
    public_key: bytes
    clock_is_set: bool

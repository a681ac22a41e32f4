"""Cashing up: money into and out of the drawer without a sale, and the end of the day.

Each is journalled before the drawer opens. The Z report is made, and its paper queued, in one transaction: the paper
comes also if the till is switched off before it does.
"""

from __future__ import annotations

from appliance.domain.approval import Approval, Guarded
from appliance.domain.cash import CashMoveKind, check_move
from appliance.domain.report import DayTotals, ZReport
from appliance.storage import cashing_up as storage
from appliance.storage.report_codec import Z_REPORT, z_job
from appliance.till.approving import Approving
from appliance.till.clock import Now
from appliance.till.printing import Printing, ReceiptFate
from appliance.till.selling import Selling


class CashingUp:
    """What whoever is signed in does with the drawer's money."""

    def __init__(
        self,
        selling: Selling,
        records: storage.CashingUp,
        approving: Approving,
        printing: Printing,
        now: Now,
    ) -> None:
        self._selling = selling
        self._records = records
        self._approving = approving
        self._printing = printing
        self._now = now

    def put_float(self, amount_minor: int, reason: str = "") -> None:
        """Put change into the drawer before selling.

        Raises:
            CashMoveError: no amount.
            NotSignedInError: nobody is signed in.
        """
        self._records.float(amount_minor, reason, self._selling.signed_in(), self._now())
        self._printing.open_drawer()

    def pay_in(self, amount_minor: int, reason: str = "") -> None:
        """Put money into the drawer for any other reason. Raises as ``put_float``."""
        self._records.paid_in(amount_minor, reason, self._selling.signed_in(), self._now())
        self._printing.open_drawer()

    def pay_out(self, amount_minor: int, reason: str, approval: Approval | None = None) -> None:
        """Take money out of the drawer.

        Raises:
            CashMoveError: no amount, or no reason.
            ApprovalNeededError, ApprovalError: a manager must say yes to just this amount and reason.
            NotSignedInError: nobody is signed in.
        """
        person = self._selling.signed_in()
        about = f"{amount_minor} {check_move(CashMoveKind.PAID_OUT, amount_minor, reason)}"
        with self._approving.allowing(Guarded.PAID_OUT, person, approval, about) as said:
            self._records.paid_out(amount_minor, reason, person, self._now(), said["approved"])
        self._printing.open_drawer()

    def so_far(self) -> DayTotals:
        """The figures that a Z report would have now."""
        return self._records.so_far()

    def next_number(self) -> int:
        """The number that the next Z report gets."""
        return self._records.last_number() + 1

    def close_day(self) -> ZReport:
        """Make the Z report; it is on the disk, and on its way to the printer.

        A sale from which all lines were taken off is given up first: nobody could see what there is to finish.

        Raises:
            DayOpenError: a sale is in progress.
            NotSignedInError: nobody is signed in.
        """
        person = self._selling.signed_in()
        sale = self._selling.sale
        if sale is not None and sale.is_empty and self._selling.voidable:
            self._selling.void_sale()
        report = self._records.close_day(person, self._now())
        self._printing.look_for_paper()
        return report

    def last(self) -> ZReport | None:
        """The newest Z report, None before the first."""
        return self._records.z_report(self._records.last_number())

    def paper(self, number: int) -> ReceiptFate:
        """What became of the paper of a Z report."""
        return self._printing.report_fate(Z_REPORT, number)

    def print_again(self, number: int) -> bool:
        """Print a Z report once more, marked as a copy if it may be out. False if there is none of that number."""
        report = self._records.z_report(number)
        if report is not None and not self._printing.hurry(Z_REPORT, number):
            self._printing.report(z_job(report), copy=True)
        return report is not None

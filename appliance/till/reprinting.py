"""Printing a receipt once more: counted per person. A copy carries no code, so that no money goes back on one alone."""

from __future__ import annotations

from typing import Final

from appliance.storage.journal import Journal
from appliance.till.clock import Now
from appliance.till.printing import Printing
from appliance.till.selling import Selling

REPRINT: Final = "reprint"


class Reprinting:
    """What whoever is signed in has printed again."""

    def __init__(self, selling: Selling, journal: Journal, printing: Printing, now: Now) -> None:
        self._selling = selling
        self._journal = journal
        self._printing = printing
        self._now = now

    def receipt(self, sale_id: str) -> bool:
        """Print a sale's receipt because somebody asks for it.

        A copy is journalled before it is printed. A receipt that certainly did not come out yet is none: it is
        printed as it should have been.

        Returns:
            True if it says that it is a copy.

        Raises:
            NotSignedInError: nobody is signed in.
            NoSuchSaleError: there is no such sale.
        """
        person = self._selling.signed_in()
        if self._printing.may_be_out(sale_id):
            number = self._journal.sale(sale_id).receipt_number
            body = {"receipt": number, "sale_id": sale_id}
            self._journal.note(REPRINT, person.person_id, self._now(), body)
        return self._printing.reprint(sale_id)

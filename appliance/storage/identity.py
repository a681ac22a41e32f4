"""Which till this is: its id, its receipt series and its currency. Set once, when the till is set up."""

from __future__ import annotations

from typing import NamedTuple

from appliance.storage.database import Database
from appliance.storage.errors import IdentityError
from appliance.storage.instants import to_text
from appliance.storage.tables import IdentityRow


class TillIdentity(NamedTuple):
    """Who the till is.

    Attributes:
        till_id: 32 hexadecimal digits, made when the till was set up.
        series: what its receipt numbers begin with, such as "T1".
        currency: ISO 4217 code.
    """

    till_id: str
    series: str
    currency: str


class Identity:
    """The one row that says which till this is."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def create(self, till_id: str, series: str, currency: str) -> TillIdentity:
        """Give the till its identity.

        Raises:
            IdentityError: it has one already.
        """
        with self._db.transaction():
            if self.exists():
                raise IdentityError("This till has been set up already.")
            row = {"only_row": 1, "till_id": till_id, "series": series, "currency": currency}
            self._db.write(IdentityRow.insert({**row, "made_at": to_text(self._db.now())}))
        return TillIdentity(till_id, series, currency)

    def exists(self) -> bool:
        """True once the till has been set up."""
        return bool(self._db.ask(IdentityRow.select(IdentityRow.only_row)))

    def get(self) -> TillIdentity:
        """Who the till is.

        Raises:
            IdentityError: it has not been set up yet.
        """
        rows = self._db.ask(IdentityRow.select(IdentityRow.till_id, IdentityRow.series, IdentityRow.currency))
        if not rows:
            raise IdentityError("This till has not been set up yet. Call the technician.")
        return TillIdentity(*rows[0])

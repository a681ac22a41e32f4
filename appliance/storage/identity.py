"""Which till this is: its id, its receipt series and its currency."""

from __future__ import annotations

from typing import Final, NamedTuple

from appliance.storage.database import Database
from appliance.storage.errors import IdentityError
from appliance.storage.instants import to_text
from appliance.storage.tables import IdentityRow

_NOW: Final = """
SELECT coalesce(b.till_id, i.till_id), coalesce(b.series, i.series), i.currency
FROM identity AS i LEFT JOIN (SELECT till_id, series FROM binding ORDER BY seq DESC LIMIT 1) AS b"""

_EVERY_SERIES: Final = """
WITH RECURSIVE sold (name) AS (
    SELECT min(series) FROM sale
    UNION ALL
    SELECT (SELECT min(series) FROM sale WHERE series > name) FROM sold WHERE name IS NOT NULL)
SELECT series FROM identity UNION SELECT series FROM binding UNION SELECT name FROM sold WHERE name IS NOT NULL
ORDER BY 1"""


class TillIdentity(NamedTuple):
    """Who the till is.

    Attributes:
        till_id: 32 hexadecimal digits, new for each hardware that the till was bound to.
        series: what its receipt numbers begin with, such as "T1".
        currency: ISO 4217 code.
    """

    till_id: str
    series: str
    currency: str


class Identity:
    """Which till this was when it was set up; a binding to other hardware renames it (``binding``)."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def create(self, till_id: str, series: str, currency: str) -> TillIdentity:
        """Give the till its identity; ``binding.found`` does so for a whole new till.

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
        """Who the till is now.

        Raises:
            IdentityError: it has not been set up yet.
        """
        row = self._db.one(_NOW)
        if row is None:
            raise IdentityError("This till has not been set up yet. Call the technician.")
        return TillIdentity(*row)

    def every_series(self) -> tuple[str, ...]:
        """All series that receipts of this journal ever had: each of them may come back over the counter."""
        return tuple(row[0] for row in self._db.rows(_EVERY_SERIES))

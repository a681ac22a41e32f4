"""The sale in progress, on the disk after each touch, so that it survives a power cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from appliance.domain.sale import Sale
from appliance.domain.tender import Payment
from appliance.storage.codec import draft_from_text, draft_to_text
from appliance.storage.database import Database
from appliance.storage.errors import DraftUnreadableError
from appliance.storage.sale_rows import parts_of

_GAVE_BACK: Final = """
SELECT 1 FROM journal WHERE kind <> 'sale' AND kind = 'tenders-given-back' AND body ->> '$.sale_id' = ? LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sale in progress, and its payment once paying has begun."""

    sale: Sale
    payment: Payment | None


class Drafts:
    """The one draft of this till."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def keep(self, sale: Sale, payment: Payment | None, also: Callable[[], object] = lambda: None) -> None:
        """Put the sale in progress on the disk; it replaces the one before.

        ``also`` writes what belongs to it, such as why, in the same transaction.
        """
        body = draft_to_text(sale, payment)
        parts_of(sale)  # remembered until it is paid: the finger on "take" waits for less
        with self._db.transaction() as connection:
            also()
            connection.execute(
                "INSERT INTO draft (only_row, sale_id, body) VALUES (1, ?, ?) "
                "ON CONFLICT DO UPDATE SET sale_id = excluded.sale_id, body = excluded.body",
                (sale.sale_id, body),
            )

    def load(self) -> Draft | None:
        """The sale that was in progress, None if none was.

        Raises:
            DraftUnreadableError: this version cannot read it.
        """
        row = self._db.one("SELECT body FROM draft")
        if row is None:
            return None
        try:
            return Draft(*draft_from_text(row[0]))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            sentence = "The sale that was in progress cannot be read. Scan it again."
            raise DraftUnreadableError(sentence, row[0]) from error

    def gave_back(self, sale_id: str) -> bool:
        """Whether tenders were taken for a sale and given back: then it is not given up without a manager."""
        return self._db.one(_GAVE_BACK, (sale_id,)) is not None

    def drop(self) -> None:
        """Forget the sale in progress."""
        with self._db.transaction() as connection:
            connection.execute("DELETE FROM draft")

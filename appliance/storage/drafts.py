"""The sale in progress, on the disk after each touch, so that it survives a power cut."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.sale import Sale
from appliance.domain.tender import Payment
from appliance.storage.codec import draft_from_text, draft_to_text
from appliance.storage.database import Database
from appliance.storage.errors import DraftUnreadableError


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

    def keep(self, sale: Sale, payment: Payment | None) -> None:
        """Put the sale in progress on the disk; it replaces the one before."""
        body = draft_to_text(sale, payment)
        with self._db.transaction() as connection:
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

    def drop(self) -> None:
        """Forget the sale in progress."""
        with self._db.transaction() as connection:
            connection.execute("DELETE FROM draft")

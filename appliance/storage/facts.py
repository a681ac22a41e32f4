"""What is known of the shop and of the conversation with it: few texts, each under a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.storage.database import Database
from appliance.storage.instants import to_instant, to_instant_or_none, to_text, to_text_or_none

CONTACT_KEPT_FOR: Final = timedelta(minutes=10)
"""While nothing changes, the last contact is written this often: each write is a sync of the card."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How the last tries to talk to the shop went.

    Attributes:
        reachable: True if the last one got an answer.
        since: when that began to be so, None if it was never tried.
        last_at: the last time that the shop answered, up to ten minutes old.
        problem: why it is not reachable, in a person's words.
    """

    reachable: bool
    since: datetime | None
    last_at: datetime | None
    problem: str


class ShopFacts:
    """The facts by name. The names in use are those of the methods here, and what the sync service adds."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def get(self, name: str) -> str | None:
        """The text under a name."""
        row = self._db.one("SELECT value FROM shop_fact WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def set(self, name: str, value: str | None) -> None:
        """Keep a text under a name, None to forget it. Writes nothing if it is there already."""
        if self.get(name) == value:
            return
        with self._db.transaction() as connection:
            if value is None:
                connection.execute("DELETE FROM shop_fact WHERE name = ?", (name,))
            else:
                connection.execute(
                    "INSERT INTO shop_fact (name, value) VALUES (?, ?) "
                    "ON CONFLICT DO UPDATE SET value = excluded.value",
                    (name, value),
                )

    def cursor(self) -> str | None:
        """How far the catalogue has been read, in the shop's own words."""
        return self.get("cursor")

    def set_cursor(self, cursor: str | None) -> None:
        """Note how far the catalogue has been read; after the rows, so that a crash reads them again."""
        self.set("cursor", cursor)

    def contact(self) -> Contact:
        """How the last tries to talk to the shop went."""
        names = ("contact_reachable", "contact_since", "contact_at", "contact_problem")
        rows: dict[str, str] = dict(
            self._db.rows("SELECT name, value FROM shop_fact WHERE name IN (?, ?, ?, ?)", names)
        )
        return Contact(
            reachable=rows.get("contact_reachable") == "1",
            since=to_instant_or_none(rows.get("contact_since")),
            last_at=to_instant_or_none(rows.get("contact_at")),
            problem=rows.get("contact_problem", ""),
        )

    def note_contact(self, reachable: bool, at: datetime, problem: str = "") -> bool:
        """Note how a try went; writes only when something changed, or every ten minutes while it works.

        Returns:
            True if the shop became reachable or stopped being so: say it in the log once.
        """
        was = self.contact()
        turned = was.since is None or was.reachable != reachable
        stale = reachable and (was.last_at is None or abs(at - was.last_at) >= CONTACT_KEPT_FOR)
        if not turned and not stale and was.problem == problem:
            return False
        with self._db.transaction():
            self.set("contact_reachable", "1" if reachable else "0")
            self.set("contact_problem", problem)
            if turned:
                self.set("contact_since", to_text(at))
            if reachable:
                self.set("contact_at", to_text(at))
        return turned

    def next_try_at(self) -> datetime | None:
        """When the sync service tries the shop again, None while it is reachable."""
        return to_instant_or_none(self.get("next_try_at"))

    def set_next_try_at(self, at: datetime | None) -> None:
        """Note when the shop is tried again, None when it answers."""
        self.set("next_try_at", to_text_or_none(at))

    def try_now_at(self) -> datetime | None:
        """When somebody last asked to try at once, None if nobody did."""
        text = self.get("try_now_at")
        return None if text is None else to_instant(text)

    def ask_to_try_now(self, at: datetime) -> None:
        """Ask the sync service to try at once; it sees the commit."""
        self.set("try_now_at", to_text(at))

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


@dataclass(frozen=True, slots=True)
class FirstLoad:
    """How far the whole catalogue has come: products, and how many there are."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """So much of the catalogue is gone at once that a person must say whether that is so.

    Attributes:
        count: products that the shop does not have any more; of: how many the till had.
        at: when that was found.
        is_other_shop: what is there now looks like another shop, or like one that was set up anew.
    """

    count: int
    of: int
    at: datetime
    is_other_shop: bool = False


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

    def note_page(self, cursor: str, progress: FirstLoad | None) -> None:
        """Note how far the catalogue has been read; progress while it is read for the first time, else None."""
        with self._db.transaction():
            self.set("cursor", cursor)
            self.set("first_load", f"{progress.done}/{progress.total}" if progress else None)

    def first_load(self) -> FirstLoad | None:
        """How far the first load is, None when it is done."""
        text = self.get("first_load")
        return FirstLoad(*map(int, text.split("/"))) if text else None

    def vanished(self) -> Vanished | None:
        """What a person has to say yes or no to; None if there is nothing, or when they have said yes."""
        return None if self.get("vanished_accepted") else self._vanished()

    def note_vanished(self, found: Vanished) -> None:
        """Ask a person. The first instant is kept while it is the same that is gone."""
        was = self._vanished()
        same = was is not None and (was.count, was.of, was.is_other_shop) == (
            found.count,
            found.of,
            found.is_other_shop,
        )
        if not same:
            with self._db.transaction():
                words = f"{found.count}/{found.of}/{to_text(found.at)}/{int(found.is_other_shop)}"
                self.set("vanished", words)
                self.set("vanished_accepted", None)

    def accept_vanished(self) -> bool:
        """A person says that it is so: the sync service then does as the shop says. False if nobody asked."""
        found = self.vanished()
        if found is not None:
            self.set("vanished_accepted", str(found.count))
        return found is not None

    def accepted_vanished(self) -> Vanished | None:
        """What a person said yes to and was not done yet."""
        return self._vanished() if self.get("vanished_accepted") else None

    def forget_vanished(self) -> None:
        """It was done, or it is not so any more."""
        with self._db.transaction():
            self.set("vanished", None)
            self.set("vanished_accepted", None)

    def _vanished(self) -> Vanished | None:
        text = self.get("vanished")
        if text is None:
            return None
        count, of, at, other = text.split("/")
        return Vanished(int(count), int(of), to_instant(at), other == "1")

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

"""Sees that the write-ahead log does not grow without end: then somebody holds a read of the till's file open."""

from __future__ import annotations

import logging
from typing import Final

from appliance.storage.database import Database

TOO_LARGE_BYTES: Final = 16 * 1024 * 1024
"""Twice what is kept of it; at 2 MB it is folded in again and again unless somebody reads all the while."""

log = logging.getLogger(__name__)


def is_too_large(database: Database) -> bool:
    """Whether the write-ahead log is larger than any work of ours makes it."""
    return database.wal_bytes() > TOO_LARGE_BYTES


class WalWatch:
    """Says so once, and once when it is over."""

    def __init__(self, database: Database) -> None:
        self._database, self._was = database, False

    def look(self) -> None:
        """Costs one question to the file system."""
        is_ = is_too_large(self._database)
        if is_ and not self._was:
            size = self._database.wal_bytes() // (1024 * 1024)
            log.warning("The write-ahead log has %s MB: a program holds a read of the journal open.", size)
        if self._was and not is_:
            log.info("The write-ahead log is small again.")
        self._was = is_

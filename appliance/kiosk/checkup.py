"""The file's own check at each start, for which nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from appliance.storage.database import Database
from appliance.storage.errors import DatabaseCorruptError, StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal


class Checkup:
    """Reads the whole file once, on a thread of its own, while the till already sells.

    A year's file takes seconds on a Pi, and nobody waits for them; a damage that is found stops the till then.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now
        self._thread = threading.Thread(target=self._look, name="checkup", daemon=True)
        self.failure: StorageError | None = None
        """What was found, None if nothing was."""

    def __enter__(self) -> Checkup:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for it: it holds a connection."""
        self._thread.join(timeout=30)

    def _look(self) -> None:
        try:
            with Database.open(self._path, now=self._now) as database:
                database.check()
                broken = Journal(database, Identity(database).get()).verify()
            if broken is not None:
                self.failure = DatabaseCorruptError(f"Entry {broken} of the journal is damaged.")
        except StorageError as error:
            self.failure = error

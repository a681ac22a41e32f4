"""A new till's file, made by the till's own code once in a process, and copied: the schema takes ten times as long.

For tests that are about something else than how a file comes to be.
"""

from __future__ import annotations

import functools
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from appliance.storage.database import Database


def begun(path: Path) -> Path:
    """Put a new till's file here, unless there is one; its path."""
    if not path.exists():
        path.write_bytes(_blank())
    return path


@functools.cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory(prefix="gapless-blank-") as folder:
        path = Path(folder) / "till.db"
        Database.open(path, now=lambda: datetime.now(UTC)).close()
        return path.read_bytes()

"""The card's own small records, in JSON: after a power cut there is the old one or the new one, whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from appliance.card.disk import Disk, keep, make_folders, read


def read_record(path: Path) -> dict[str, Any]:
    """What was kept, {} where nothing was, or where it cannot be read (then it was not written by us)."""
    try:
        found = json.loads(read(path) or b"{}")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep_record(disk: Disk, path: Path, record: dict[str, Any], mode: int = 0o600) -> None:
    """Put a record in the place of the one before; it is on the disk when this returns.

    Raises:
        OSError: it was not; the one before is still there, whole.
    """
    if not path.parent.exists():
        make_folders(disk, path.parent, 0o755 if mode & 0o004 else 0o700)
    text = json.dumps(record, indent=1, sort_keys=True) + "\n"
    keep(disk, path, text.encode("utf-8"), mode)

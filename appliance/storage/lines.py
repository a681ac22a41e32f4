"""A journal entry as one line of text: the same on the second medium, in an export, and for whoever checks it.

``{"entry":<the JSON that was hashed>,"hash":"<64 hex>","previous":"<64 hex>","signature":"<128 hex>"}`` and a newline.
A line is read only if it is byte for byte what the till would write: a line that was touched is no line.
"""

from __future__ import annotations

import json

from appliance.storage.chain import Entry
from appliance.storage.codec import canonical
from appliance.storage.errors import StorageError


class LineError(StorageError):
    """A line is not as the till writes it."""


def to_line(entry: Entry) -> str:
    """The line of an entry, its newline included."""
    signature = "" if entry.signature is None else entry.signature.hex()
    return (
        f'{{"entry":{entry.text},"hash":"{entry.hash.hex()}","previous":"{entry.previous.hex()}",'
        f'"signature":"{signature}"}}\n'
    )


def from_line(line: str) -> Entry:
    """Read a line, newline included.

    Raises:
        LineError: it is cut off, or is not as the till writes it. Whether the hash is right is not asked.
    """
    if not line.endswith("\n"):
        raise LineError("The line is cut off.")
    try:
        outer = json.loads(line)
        inner = outer["entry"]
        entry = Entry(
            seq=inner["seq"],
            kind=inner["kind"],
            at=inner["at"],
            person_id=inner["person"],
            body=canonical(inner["body"]),
            boot_id=inner.get("boot", ""),
            uptime_ms=inner.get("uptime_ms", 0),
            clock=inner.get("clock", ""),
            previous=bytes.fromhex(outer["previous"]),
            hash=bytes.fromhex(outer["hash"]),
            signature=bytes.fromhex(outer["signature"]) or None,
        )
        written = to_line(entry)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LineError("The line is not one of a till's journal.") from error
    if written != line:
        raise LineError("The line was changed.")
    return entry

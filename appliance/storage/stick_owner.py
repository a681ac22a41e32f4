"""Whose folder on the stick it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

OWNER_FILE: Final = "till.json"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose journal it is: what ``till.json`` holds.

    Attributes:
        till_id, series, currency: the till's identity.
        public_key: what it signs with now, in hexadecimal digits.
        name: as on the screen.
    """

    till_id: str
    series: str
    currency: str
    public_key: str
    name: str

    @property
    def folder_name(self) -> str:
        """The folder of this till."""
        return f"gapless-{self.till_id[:8]}"

    def to_json(self) -> bytes:
        """The file's bytes."""
        return (json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> Owner | None:
        """Read the file; None if it is damaged."""
        try:
            body = json.loads(data)
            owner = cls(**{name: body[name] for name in cls.__dataclass_fields__})
        except (ValueError, TypeError, KeyError):
            return None
        return owner if all(isinstance(each, str) for each in asdict(owner).values()) else None

"""Who works at the till."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """What a person may do. A manager may do all that a cashier may."""

    CASHIER = "cashier"
    MANAGER = "manager"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Person:
    """A person who can sign in."""

    person_id: int
    name: str
    role: Role

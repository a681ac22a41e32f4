"""Customers of the online shop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the shop describes them; on the till's disk it is sealed.

    Attributes:
        customer_id: the shop's number.
        body: name, address and so on in the shop's words, as JSON with sorted keys: equal if nothing changed.
    """

    customer_id: int
    body: str

"""Coupons of the online shop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon as the shop describes it.

    Attributes:
        coupon_id: the shop's number.
        code: what a customer says, as the owner typed it.
        body: its rules in the shop's words, as JSON with sorted keys: equal if nothing changed.
    """

    coupon_id: int
    code: str
    body: str

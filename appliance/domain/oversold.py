"""What a person can decide about a unit that two people bought."""

from __future__ import annotations

import enum


class Way(enum.StrEnum):
    """The ways out of having sold a unit twice."""

    BACK_ORDER = "back-order"
    """They get it later."""
    SWAP = "swap"
    """They get another product."""
    REFUND = "refund"
    """They get their money back."""
    OTHER_BRANCH = "other-branch"
    """They get it from another branch."""
    FOUND = "found"
    """It is there after all, and both sales stand."""


class Buyer(enum.StrEnum):
    """Who of the two."""

    ONLINE = "online"
    HERE = "here"

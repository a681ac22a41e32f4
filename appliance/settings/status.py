"""The section of ``till.toml`` about the status page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusSettings:
    """How the till is, for a browser in the shop's own network.

    Attributes:
        page: whether it is shown at all.
    """

    page: bool

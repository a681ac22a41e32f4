"""Words from outside, for a terminal."""

from __future__ import annotations


def plain(text: str) -> str:
    """Without what a terminal would obey or turn around: anybody can order in the online shop, under any name."""
    return "".join(each for each in text if each.isprintable())

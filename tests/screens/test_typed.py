"""A key of the on-screen keyboard on a text."""

from __future__ import annotations

import pytest

from appliance.ui.typed import typed
from appliance.ui.widgets.pad import BACKSPACE


@pytest.mark.parametrize(
    ("text", "key", "then"),
    [
        ("", "m", "m"),
        ("mu", "g", "mug"),
        ("mug", " ", "mug "),
        ("", " ", ""),
        ("mug", BACKSPACE, "mu"),
        ("", BACKSPACE, ""),
        ("mugs", "!", "mugs"),
        ("mugs", BACKSPACE, "mug"),
    ],
)
def test_a_key_adds_a_letter_or_takes_the_last_one_away(text: str, key: str, then: str) -> None:
    assert typed(text, key, longest=4) == then

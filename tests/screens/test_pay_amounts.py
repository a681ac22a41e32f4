"""Amounts of every length and currency on the pay screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import UI
from tests.screens.looks import untidy
from tests.screens.test_pay import lit, show, till, type_in
from tests.screens.till import Till, open_till

__all__ = ["till"]


def test_long_amounts_step_down_and_stay_on_their_keys(ui: UI, till: Till, panel: str) -> None:
    show(ui, till, (707, 999))
    assert lit(ui)[-1] == "€45,954.00"
    assert not untidy(ui, panel)
    type_in(ui, *"99999999")
    assert not untidy(ui, panel)


@pytest.mark.parametrize("code", ["JPY", "KWD", "SEK", "AED"])
def test_other_currencies_have_their_own_notes(ui: UI, tmp_path: Path, panel: str, code: str) -> None:
    with open_till(tmp_path, code=code) as till:
        show(ui, till)
        assert not untidy(ui, panel)
        expected = {"JPY": "+ 1,000", "KWD": "+ .250", "SEK": "+ 20", "AED": "+ 5"}[code]
        assert (expected in ui.texts()) == (panel == "10")

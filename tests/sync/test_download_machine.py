"""A small share of ``tests/sync/download_machine.py`` in each run of the tests; many more by its command."""

from __future__ import annotations

from tests.sync.download_machine import run


def test_after_quiet_the_till_is_as_the_shop_whatever_was_edited_cut_or_started_again() -> None:
    played = run(examples=5, steps=12)
    assert played.compared >= 5
    assert played.edits > 10

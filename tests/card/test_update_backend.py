"""RAUC's questions, as its manual says them, answered by the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.card.backend import answer
from appliance.card.slots import Choice, Slot, SlotError
from tests.card.updates import Toy, next_migrations


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "card", next_migrations(tmp_path / "next"))


def ask(toy: Toy, *words: str) -> str | bytes:
    return answer(list(words), toy.slots(), toy.command_line)


def test_an_update_as_rauc_does_it(toy: Toy) -> None:
    assert ask(toy, "get-primary") == "A"
    assert ask(toy, "get-current") == "A"
    assert ask(toy, "get-state", "B") == "good"
    assert ask(toy, "set-state", "B", "bad") == ""
    assert ask(toy, "get-state", "B") == "bad"
    with pytest.raises(SlotError, match="not whole"):
        ask(toy, "set-primary", "B")
    ask(toy, "set-state", "B", "good")
    ask(toy, "set-primary", "B")
    assert toy.slots().read() == Choice(Slot.B, is_trial=True)
    assert ask(toy, "get-primary") == "B"
    toy.power_on()
    assert ask(toy, "get-current") == "B"
    assert ask(toy, "get-primary") == "A", "until it is confirmed"
    with pytest.raises(SlotError, match="goes back to"):
        ask(toy, "set-state", "A", "bad")


@pytest.mark.parametrize(
    "words", [[], ["get-state", "C"], ["set-state", "B", "middling"], ["make-coffee"], ["get-primary", "A"]]
)
def test_anything_else_is_refused(toy: Toy, words: list[str]) -> None:
    with pytest.raises((SlotError, ValueError)):
        ask(toy, *words)

"""Not a scene: the way to where things are sold, from wherever the screen is."""

from __future__ import annotations

from image.machine.counter import STEP_SECONDS, Counter


def sign_in_anew(counter: Counter, seconds: float = STEP_SECONDS) -> None:
    """End where things are sold, with nothing in the sale that a scene did not put there."""
    where = counter.sees("sign-in", "pin", "selling", "change", seconds=seconds)
    if where == "change":
        counter.tap("change", "Next sale")
        counter.sees("selling")
    elif where != "selling":
        counter.sign_in()

"""The power button of the board is pressed in a sale: the till goes off in order, and goes on with it later."""

from __future__ import annotations

import time
from typing import Final

from image.machine.counter import Counter, good
from image.machine.errors import MachineError, SceneError
from image.scenes.power_cut import goes_on

OFF_SECONDS: Final = 300.0
BUTTON: Final = "systemctl list-units --no-legend --plain 'till-power@*'"


def play(counter: Counter) -> None:
    """Begin a sale, press, see it go off by itself, switch it on, end the sale."""
    if "running" not in counter.machine.shell.run(BUTTON):
        raise SceneError("Nobody waits for the power button.")
    counter.add(good("1044"))
    before = counter.inside.till_books()
    pressed = time.monotonic()
    counter.machine.qmp.ask("system_powerdown")
    try:
        counter.machine.wait_off(OFF_SECONDS)
    except MachineError as error:
        raise SceneError(f"The power button does nothing: {error}") from None
    counter.album.figure("From pressed to off", f"{time.monotonic() - pressed:.0f} s, emulated")
    counter.cut_power()
    goes_on(counter, before)

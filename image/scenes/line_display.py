"""The customer reads on the display what is scanned, the total and the change; it is pulled and comes back."""

from __future__ import annotations

from typing import Final

from image.machine.counter import KIOSK, STEP_SECONDS, Counter, cents, good
from image.machine.errors import SceneError
from image.machine.line_display import LineDisplay
from image.machine.settled import change_settings
from image.machine.twin import FIRST_SKU
from image.scenes.at_the_till import sign_in_anew

SETTINGS: Final = """
[display]
kind = "escpos"
code_page = "858"
"""


def play(counter: Counter) -> None:
    """Set the display up as the technician does, and sell one thing before the customer's eyes."""
    display = LineDisplay(lambda: counter.machine.qmp, counter.machine.folder / "display.sock")
    change_settings(counter, "", SETTINGS)
    counter.machine.shell.run(f"systemctl restart {KIOSK}", STEP_SECONDS)
    display.plug()
    try:
        sell_before_the_customer(counter, display)
    finally:
        display.unplug()
    if display.core.unknown:
        raise SceneError(f"The display was sent what no display knows: {display.core.unknown[:3]}.")


def sell_before_the_customer(counter: Counter, display: LineDisplay) -> None:
    """A mug, paid with a twenty; the cable is out while the cashier goes on to paying."""
    mug, before = good(FIRST_SKU), len(counter.inside.till_books().sales)
    seconds = display.wait_for("Welcome", "Holm & Ash", STEP_SECONDS)
    counter.album.figure("The greeting stood on the display after", f"{seconds:.1f} s")
    sign_in_anew(counter)
    counter.scan(mug)
    seconds = display.wait_for("Enamel mug, fo 12.90", "Total         €12.90", STEP_SECONDS)
    counter.album.figure("The scan stood on it after", f"{seconds:.1f} s")
    counter.keep("Scanned; the customer reads " + " / ".join(display.core.lines))
    display.unplug()
    counter.tap("sell-one", "Pay")
    counter.sees("pay")
    display.plug()
    seconds = display.wait_for("1 item", "Total         €12.90", STEP_SECONDS)
    counter.album.figure("Plugged in again it showed the total after", f"{seconds:.1f} s")
    counter.tap("pay", "20.00")
    counter.wait_for_sales(before + 1)
    display.wait_for("Given         €20.00", "Change         €7.10", STEP_SECONDS)
    counter.taken.append(cents(mug))
    counter.keep("Paid; the customer reads " + " / ".join(display.core.lines))
    counter.album.figure("All that stood on it", "; ".join(" / ".join(each) for each in display.core.history))

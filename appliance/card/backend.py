"""RAUC's bootloader backend: which system is started, and which are whole. ``sector A`` is for the build.

RAUC 1.13 (its manual: "Custom bootloader backend interface") calls get-primary, set-primary NAME, get-state NAME,
set-state NAME good|bad and get-current, reads one word, and takes any exit code but 0 for a refusal.
"""

from __future__ import annotations

import sys
from pathlib import Path

from appliance.card.places import Places
from appliance.card.slots import COMMAND_LINE, Choice, Slot, SlotError, Slots, booted


def main(arguments: list[str]) -> int:
    """Answer one question, or do one thing; 1 for a refusal."""
    try:
        said = answer(arguments, Slots(Places()))
    except (SlotError, OSError, ValueError) as error:
        sys.stderr.write(f"slots: {error}\n")
        return 1
    if isinstance(said, bytes):
        sys.stdout.buffer.write(said)
    else:
        sys.stdout.write(f"{said}\n" if said else "")
    return 0


def answer(arguments: list[str], slots: Slots, command_line: Path = COMMAND_LINE) -> str | bytes:
    """The answer to a question; "" to what is done.

    Raises:
        SlotError, ValueError: refused, or no question of RAUC's.
        OSError: the data partition cannot be written.
    """
    match arguments:
        case ["get-primary"]:
            return slots.read().starts.value
        case ["get-current"]:
            return booted(command_line.read_text("ascii", "replace")).value
        case ["get-state", name]:
            return "good" if slots.is_good(Slot(name)) else "bad"
        case ["set-state", name, "good" | "bad" as state]:
            slots.mark(Slot(name), good=state == "good")
        case ["set-primary", name]:
            slots.settle(Slot(name)) if slots.read().stays is Slot(name) else slots.try_once(Slot(name))
        case ["sector", name]:
            return Choice(Slot(name)).to_sector()
        case _:
            raise SlotError(f"{' '.join(arguments) or 'nothing'} is not a question that RAUC asks.")
    return ""

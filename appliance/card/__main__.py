"""``python -m appliance.card COMMAND``: what the card's services start."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

COMMANDS: Final = {
    "open": "appliance.card.opening",
    "boot": "appliance.card.boot",
    "setup": "appliance.card.setup",
    "begin": "appliance.card.begin",
    "stick": "appliance.card.stick",
    "console": "appliance.card.console",
    "health": "appliance.card.health",
    "radio": "appliance.card.radio",
    "update": "appliance.card.under_way",
    "slots": "appliance.card.backend",
    "status": "appliance.card.status_page",
}
"""Where the ``main(arguments: list[str]) -> int`` of each command is; only that one is loaded, for a quick boot."""


def main(arguments: list[str]) -> int:
    """Run one command; 2 if there is none of that name."""
    if not arguments or arguments[0] not in COMMANDS:
        sys.stderr.write(f"usage: python -m appliance.card {'|'.join(COMMANDS)} ...\n")
        return 2
    return int(import_module(COMMANDS[arguments[0]]).main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

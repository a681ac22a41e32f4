"""``boot``: what comes before the kiosk at each start, in one process, as Python and its modules take long to load."""

from __future__ import annotations

import logging

from appliance.card import setup, under_way

log = logging.getLogger("appliance.card")


def main(arguments: list[str]) -> int:
    """Set the card up, then see what this boot means for an update; the first decides the exit code."""
    code = setup.main(arguments)
    try:
        under_way.main(["boot"])
    except Exception:  # the till that is set up must sell
        log.exception("What this boot means for an update cannot be said")
    return code

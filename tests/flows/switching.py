"""Switching the till off and on, and waiting while it begins anew by itself."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from appliance.demo.hand import HandError
from appliance.demo.stage import Stage, wait_until


def switch_off(stage: Stage) -> None:
    """Pull the till's plug."""
    stage.kiosk.kill()
    stage.syncd.kill()
    stage.hand.close()


def switch_on(stage: Stage) -> None:
    """Start both programs, in what counts as a new start of the machine: all tests run in one."""
    with sqlite3.connect(stage.database_path) as connection:
        connection.execute("UPDATE shop_fact SET value = ? WHERE name = 'told_in_boot'", ("0" * 32,))
    connection.close()
    stage.syncd.start()
    stage.start_kiosk()


def tap_to_begin_anew(stage: Stage, key: str) -> None:
    """Tap a key after which the program begins anew, in the same process, and wait for its first screen."""
    hand = stage.hand
    with suppress(HandError):  # it may be gone before it answers
        hand.tap(key)

    def is_back() -> bool:
        hand.close()
        with suppress(HandError):
            hand.connect(5, lambda: None)
            return hand.screen() == "sign-in"
        return False

    wait_until("the program has begun anew", is_back, 30)

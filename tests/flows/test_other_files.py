"""Files that are not this till's to write: of a newer till, and none at all. The page says so, and nothing is lost."""

from __future__ import annotations

import sqlite3

from appliance.demo.stage import Stage, wait_until
from tests.flows.careful import CarefulCashier
from tests.flows.switching import switch_off, tap_to_begin_anew


def test_a_file_of_a_newer_till_is_not_touched(stage: Stage) -> None:
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    cashier.sell(["331"])
    switch_off(stage)
    with sqlite3.connect(stage.database_path) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = stage.database_path.read_bytes()
    stage.start_kiosk()
    stage.syncd.start()
    hand = stage.hand
    wait_until("the till says what is wrong", lambda: hand.screen() == "trouble", 20)
    assert hand.sees("The file is newer than the till")
    assert hand.sees("Every finished sale is on the card.")
    assert not hand.sees("Sell from the stick")
    hand.tap("Try again")
    wait_until("it is still so", lambda: hand.sees("It is still so."), 10)
    assert stage.syncd.process is not None
    assert stage.syncd.process.wait(20) == 1
    assert stage.database_path.read_bytes() == before

    with sqlite3.connect(stage.database_path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    tap_to_begin_anew(stage, "Try again")
    stage.syncd.start()
    cashier.sign_in()
    cashier.sell(["1209"])


def test_a_card_without_books_is_said_and_not_started_again_for_ever(stage: Stage) -> None:
    switch_off(stage)
    for file in stage.card.glob("till.db*"):
        file.unlink()
    stage.start_kiosk()
    hand = stage.hand
    wait_until("the till says what is wrong", lambda: hand.screen() == "trouble", 20)
    assert hand.sees("This till has not been set up")

"""The card fails, and the counter goes on from the stick: real programs, a file that was really damaged."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from appliance import verify
from appliance.demo.books import read_books
from appliance.demo.hand import HandError
from appliance.demo.stage import Stage, wait_until
from tests.flows.careful import CarefulCashier

HAMMER, MUG = "331", "1209"


def damage(path: Path) -> None:
    """Overwrite the journal's pages, as a dying card does."""
    with path.open("r+b") as file:
        for page in range(3, 60, 2):
            file.seek(page * 2048)
            file.write(os.urandom(2048))


def sold_on(path: Path) -> list[str]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT series || '-' || number FROM sale ORDER BY seq").fetchall()
    return [row[0] for row in rows]


def emergency(stage: Stage) -> Path:
    (file,) = stage.stick.glob("gapless-*/emergency.db")
    return file


def on_stick(stage: Stage) -> int:
    """Sales in the stick's lines, of all the till's folders."""
    lines = [
        line for file in stage.stick.glob("gapless-*/journal.jsonl") for line in file.read_text().splitlines()
    ]
    return sum(json.loads(line)["entry"]["kind"] == "sale" for line in lines)


def break_the_card(stage: Stage) -> None:
    """Pull the plug, and let the card come back damaged."""
    stage.kiosk.kill()
    stage.syncd.kill()
    damage(stage.database_path)
    stage.hand.close()
    stage.start_kiosk()


def go_to_the_stick(stage: Stage) -> None:
    """What the screen says to do."""
    hand = stage.hand
    wait_until("the till says what is wrong", lambda: hand.screen() == "trouble", 20)
    assert hand.sees("The till's file is damaged")
    assert hand.sees("Every sale up to receipt T1-000002 is on the stick.")
    with suppress(HandError):  # the program begins anew, and may not have answered before
        hand.tap("Sell from the stick")
    hand.close()
    wait_until("the books are on the stick", lambda: bool(list(stage.stick.glob("*/emergency.db"))), 30)
    time.sleep(0.5)  # the window of before is gone, and its socket with it
    hand.connect(30, lambda: None)


@pytest.mark.timeout(180)
def test_a_damaged_card_gives_way_to_the_stick_and_no_sale_is_lost_or_told_twice(stage: Stage) -> None:
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    cashier.sell([HAMMER])
    wait_until("the first sale is in the shop", lambda: len(read_books(stage.shop_file).till_orders) == 1, 30)
    stage.network.mode = "refuse"
    cashier.sell([MUG])
    wait_until("both sales are on the stick", lambda: on_stick(stage) == 2, 10)
    break_the_card(stage)
    go_to_the_stick(stage)
    stage.syncd.start()
    cashier.sign_in()
    cashier.sell([HAMMER])
    assert sold_on(emergency(stage)) == ["T1-1", "T1-2", "T1B-1"]

    stage.network.mode = "up"
    wait_until("the shop has all three", lambda: len(read_books(stage.shop_file).till_orders) == 3, 60)
    books = read_books(stage.shop_file)
    assert books.doubled == books.unfinished == 0
    assert books.taken_minor == 2 * 2490 + 1290
    checked = [sys.executable, verify.__file__, *map(str, stage.stick.glob("gapless-*"))]
    said = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout

"""The till's card as a file system of its own, so that it can really be full, and really be locked.

Only root mounts. So each story is a program that runs in a mount namespace of its own, where it is root and where all
that it mounts is gone with it: ``python -m tests.flows.own_card full``.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from appliance.demo.books import read_books
from appliance.demo.cashier import good
from appliance.demo.stage import SCANNER, Stage, staged, wait_until
from tests.flows.agreement import till_file, verified
from tests.flows.careful import GUARD_SECONDS, CarefulCashier
from tests.flows.switching import switch_off, switch_on, tap_to_begin_anew

ALONE: Final = (("unshare", "--mount"), ("unshare", "--mount", "--map-root-user"))
"""How root gets a namespace, and how everybody does, where the kernel allows it."""
CARD_SIZE: Final = "8m"
PAGE_SECONDS: Final = 2.0
HAMMER, MUG, TAPE = "331", "1209", "347"


def full(stage: Stage) -> None:
    """In the middle of taking money, and again in the middle of a basket."""
    cashier, hand = CarefulCashier(stage), stage.hand
    cashier.sign_in()
    cashier.sell([HAMMER])
    scan(stage, MUG, "€12.90")
    hand.tap("Pay")
    wait_until("the pay screen is shown", lambda: hand.screen() == "pay", 10)
    time.sleep(GUARD_SECONDS)
    fill(stage)
    said = refused(stage, lambda: hand.tap("Exact cash"), "The memory card is full")
    assert "Every sale up to receipt T1-000001 is on the stick." in said, said
    hand.tap("Try again")
    wait_until("it is still so", lambda: hand.sees("It is still so."), 10)
    assert sales(stage) == ["T1-000001"]
    (stage.card / "filler").unlink()
    hand.tap("Try again")
    wait_until("the same sale is there", lambda: shows(stage, "€12.90"), 10)
    scan(stage, TAPE, "€16.85")
    take_cash(stage)
    assert sales(stage) == ["T1-000001", "T1-000002"]

    scan(stage, HAMMER, "€24.90")
    fill(stage)
    refused(stage, lambda: stage.bench.scan(good(MUG).gtin, SCANNER), "The memory card is full")
    go_on_from_stick(stage, cashier)
    check(stage, 2 * 2490 + 1290 + 395)


def locked(stage: Stage) -> None:
    """Found at the start, as after a card that gave up: the system mounts it for reading alone."""
    cashier, hand = CarefulCashier(stage), stage.hand
    cashier.sign_in()
    cashier.sell([HAMMER])
    cashier.sell([MUG, TAPE])
    scan(stage, HAMMER, "€24.90")
    switch_off(stage)
    mount("remount,ro", stage)
    stage.start_kiosk()
    wait_until("the till says what is wrong", lambda: hand.screen() == "trouble", 20)
    assert hand.sees("The memory card is locked")
    assert hand.sees("Every sale up to receipt T1-000002 is on the stick.")
    hand.tap("Try again")
    wait_until("it is still so", lambda: hand.sees("It is still so."), 10)
    mount("remount,rw", stage)
    tap_to_begin_anew(stage, "Try again")
    cashier.sign_in()
    wait_until("the same sale is there", lambda: shows(stage, "€24.90"), 10)
    switch_off(stage)
    mount("remount,ro", stage)
    stage.start_kiosk()
    wait_until("the till says what is wrong", lambda: hand.screen() == "trouble", 20)
    go_on_from_stick(stage, cashier)
    check(stage, 2 * 2490 + 1290 + 395)


def scan(stage: Stage, sku: str, total: str) -> None:
    """One thing into the sale."""
    stage.bench.scan(good(sku).gtin, SCANNER)
    wait_until(f"the sale comes to {total}", lambda: shows(stage, total), 10)


def shows(stage: Stage, total: str) -> bool:
    """Whether the sale in progress comes to so much; the change screen would show the one before."""
    return stage.hand.screen() == "sell" and stage.hand.sees(total)


def take_cash(stage: Stage) -> None:
    """The rest of a sale."""
    hand = stage.hand
    hand.tap("Pay")
    wait_until("the pay screen is shown", lambda: hand.screen() == "pay", 10)
    time.sleep(GUARD_SECONDS)
    hand.tap("Exact cash")
    wait_until("the sale is done", lambda: hand.screen() == "change", 10)


def refused(stage: Stage, act: Callable[[], None], title: str) -> set[str]:
    """Do what the card refuses; the page comes by itself. Returns all that the screen said meanwhile."""
    hand, said = stage.hand, set[str]()
    began = time.monotonic()
    act()

    def is_there() -> bool:
        said.update(hand.texts())
        return hand.screen() == "trouble"

    wait_until("the page comes by itself", is_there, 10, every=0.02)
    seconds = time.monotonic() - began
    sentences = [text for text in said if "Nothing was lost" in text or "did not" in text]
    print(f"The page came {seconds:.2f} s after the finger; before, the screen said {sentences}.")
    assert hand.sees(title), hand.texts()
    assert seconds < PAGE_SECONDS, f"the page came after {seconds:.1f} s"
    return {*said, *hand.texts()}


def go_on_from_stick(stage: Stage, cashier: CarefulCashier) -> None:
    """What the page says to do; the sale that was in progress is there, and its money can be taken."""
    tap_to_begin_anew(stage, "Sell from the stick")
    cashier.sign_in()
    wait_until("the same sale is there", lambda: shows(stage, "€24.90"), 10)
    take_cash(stage)
    (file,) = stage.stick.glob("gapless-*/emergency.db")
    with till_file(stage, file) as till:
        assert [each.receipt_number for each in reversed(till.journal.last(9))] == [
            "T1-000001",
            "T1-000002",
            "T1B-000001",
        ]
    process = stage.syncd.process
    if process is None or process.poll() is not None:
        print("The sync service had ended; it is started as systemd does.")
        stage.syncd.start()


def check(stage: Stage, taken_minor: int) -> None:
    """The shop has the three sales, each once, and the stick is whole."""
    wait_until("the shop has all three", lambda: len(read_books(stage.shop_file).till_orders) == 3, 60)
    books = read_books(stage.shop_file)
    assert books.doubled == books.unfinished == 0
    assert books.taken_minor == taken_minor
    print(verified(stage))


def sales(stage: Stage) -> list[str]:
    with till_file(stage) as till:
        return [each.receipt_number for each in reversed(till.journal.last(9))]


def fill(stage: Stage) -> None:
    """Write until nothing more goes on the card, with no room left in the file's log either."""
    filler, log = stage.card / "filler", stage.database_path.with_name("till.db-wal")

    def is_full() -> bool:
        filler.unlink(missing_ok=True)
        with till_file(stage) as till:
            till.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        write_all(filler)
        return log.stat().st_size == 0  # the sync service may have written in between

    wait_until("the card is full and the log is empty", is_full, 20, every=0.2)


def write_all(path: Path) -> None:
    """Write to a file until the card takes no more."""
    with path.open("ab", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC, error


def put_on_own_card(stage: Stage) -> None:
    """Move what the till keeps to a file system of its own, while it is off."""
    switch_off(stage)
    kept = stage.card.rename(stage.folder / "kept")
    stage.card.mkdir()
    mount(f"size={CARD_SIZE}", stage)
    shutil.copytree(kept, stage.card, dirs_exist_ok=True)
    switch_on(stage)


def mount(options: str, stage: Stage) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "card", str(stage.card)], check=True, timeout=10)


def way_to_mount() -> tuple[str, ...] | None:
    """How this machine lets us mount something that nobody else sees; None if it does not."""
    probe = ("mount", "-t", "tmpfs", "probe", "/mnt")
    for way in ALONE:
        if subprocess.run([*way, *probe], capture_output=True, check=False, timeout=10).returncode == 0:
            return way
    return None


def play(story: str) -> tuple[int, str]:
    """Run one story in a namespace of its own; its exit code and its words."""
    way = way_to_mount()
    assert way is not None
    command = [*way, sys.executable, "-m", "tests.flows.own_card", story]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=110, check=False)
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    with staged((800, 480), "dark", headless=True, late_minutes=0.1) as running:
        put_on_own_card(running)
        try:
            {"full": full, "locked": locked}[sys.argv[1]](running)
        finally:
            print(running.kiosk.words(), running.syncd.words(), sep="\n")
            switch_off(running)
            subprocess.run(["umount", str(running.card)], check=True, timeout=10)

"""The power is cut at any write: of 300 disk states that may remain, every one starts and has every sale.

Every write to the card is logged while the till sells. Then states are built as a cut at any of these writes could
leave them (lost, reordered and torn writes after the last flush), and each is judged as the next start would find it.
"""

from __future__ import annotations

import random
from pathlib import Path

from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.machine.power import build_state, count_entries, read_log, surviving
from image.machine.states import judge

STATES = 300
SALES = ("340", "347", "810", "1044", "331", "402", "415", "921", "518", "1101", "1188", "33")
DATA_PARTITION = 4
SEED = 5
PRINTED_SECONDS = 90.0


def play(counter: Counter) -> None:
    """Start on a logged card, sell, cut, and judge."""
    counter.cut_power()
    log, before = counter.folder / "writes.log", counter.folder / "before.ext4"
    counter.machine.card.copy_out(DATA_PARTITION, before)
    counter.machine.log_writes = log
    try:
        told = sell_and_note(counter, log)
        counter.cut_power()
    finally:
        counter.machine.log_writes = None
    counter.album.figure("Sales during which the power was cut", str(len(SALES)))
    judge_states(counter, log, before, told)


def sell_and_note(counter: Counter, log: Path) -> list[tuple[int, str]]:
    """Sell; returns how many writes were in the log when each receipt was out, with its number."""
    counter.switch_on()
    counter.sign_in()
    told = [(0, number) for _, number, _ in counter.inside.till_books().sales]
    for sku in SALES:
        papers = len(counter.printer.papers)
        counter.sell(good(sku))
        counter.printer.wait_for_paper(papers + 1, PRINTED_SECONDS)
        told.append((count_entries(log), counter.inside.till_books().sales[-1][1]))
    return told


def judge_states(counter: Counter, log: Path, before: Path, told: list[tuple[int, str]]) -> None:
    """Build the states one after the other, and judge them."""
    writes, part = read_log(log), counter.machine.card.partition(DATA_PARTITION)
    chance = random.Random(SEED)
    wrong: list[str] = []
    for _ in range(STATES):
        cut = chance.randrange(1, len(writes) + 1)
        state = counter.folder / "state.ext4"
        build_state(log, surviving(writes, cut, chance), before, part, state)
        found = judge(state, counter.folder / "state")
        lost = [number for at, number in told if at <= cut and number not in found.receipts]
        if found.wrong or lost:
            wrong.append(f"after write {cut}: {found.wrong or f'lost {lost}'}")
    counter.album.figure("Disk states", f"{STATES}, of {len(writes)} writes; {len(wrong)} wrong")
    if wrong:
        raise SceneError(f"{len(wrong)} of {STATES} states do not sell on: {'; '.join(wrong[:3])}")

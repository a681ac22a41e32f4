"""The power is cut at any write: of 300 disk states that may remain, every one starts and has every sale.

Every write to the card is logged while it starts and while the till sells. Then states are built as a cut at any of
these writes could leave them (lost, reordered and torn writes after the last flush), and each is judged as the next
start would find it. That the judge can say no is seen on a bad card's states: one that says of flushes that they are
done when they are not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from image.machine.counter import Counter, good
from image.machine.disk import Partition
from image.machine.errors import SceneError
from image.machine.flash import Flash
from image.machine.power import Write, build_state, count_entries, read_log, surviving
from image.machine.states import judge

STATES = 300
BAD_CARD_STATES = 40
IGNORED_FLUSHES = 20
"""By the bad card, at each cut."""
SALES = ("340", "347", "810", "1044", "331", "402", "415", "921", "518", "1101", "1188", "33")
DATA_PARTITION = 4
SEED = 5
PRINTED_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Recording:
    """What was written to the card, and what was promised meanwhile.

    Attributes:
        log, writes: of the card. before: the data partition when the log began. part: where that is.
        told: how many writes were in the log when each receipt was out, and its number.
        started: how many were in it when the till was ready.
    """

    log: Path
    writes: list[Write]
    before: Path
    part: Partition
    told: list[tuple[int, str]]
    started: int


def play(counter: Counter) -> None:
    """Start on a logged card, sell, cut, and judge."""
    if counter.machine.is_on:
        counter.cut_power()
    before = counter.machine.card.copy_out(DATA_PARTITION, counter.folder / "before.ext4")
    flash = Flash(counter.machine.card, counter.folder / "flash", random.Random(SEED))
    counter.machine.put_in(flash)
    started, told = sell_and_note(counter, flash.log)
    counter.cut_power()
    part = counter.machine.card.partition(DATA_PARTITION)
    recording = Recording(flash.log, read_log(flash.log), before, part, told, started)
    counter.album.figure(
        "Writes that were logged", f"{len(recording.writes)}, of them {started} by the start"
    )
    judge_all(counter, recording)
    judge_bad_card(counter, recording)


def sell_and_note(counter: Counter, log: Path) -> tuple[int, list[tuple[int, str]]]:
    """Sell; returns how many writes were in the log when the till was ready and when each receipt was out."""
    counter.switch_on()
    started = count_entries(log)
    counter.sign_in()
    told = [(0, number) for _, number, _ in counter.inside.till_books().sales]
    for sku in SALES:
        papers = len(counter.printer.papers)
        counter.sell(good(sku))
        counter.printer.wait_for_paper(papers + 1, PRINTED_SECONDS)
        told.append((count_entries(log), counter.inside.till_books().sales[-1][1]))
    counter.keep("All sold; the power is cut")
    return started, told


def judge_all(counter: Counter, recording: Recording) -> None:
    """Build the states of a card that does what it says, a third of them of cuts during the start."""
    chance = random.Random(SEED)
    started, end = recording.started, len(recording.writes)
    cuts = [
        chance.randrange(1, started + 1) if number % 3 == 0 else chance.randrange(started, end + 1)
        for number in range(STATES)
    ]
    wrong = [words for cut in cuts if (words := find_wrong(counter, recording, cut, chance))]
    during_start = sum(cut <= started for cut in cuts)
    words = f"{STATES} of {len(set(cuts))} moments, {during_start} during the start; {len(wrong)} wrong"
    counter.album.figure("Disk states", words)
    counter.album.figure(
        "Receipts that each must have", f"{len(told_by(recording, 1))} to {len(recording.told)}"
    )
    if wrong:
        raise SceneError(f"{len(wrong)} of {STATES} states do not sell on: {'; '.join(wrong[:3])}")


def judge_bad_card(counter: Counter, recording: Recording) -> None:
    """A card that lies about its last flushes loses sales: who does not see that, sees nothing."""
    chance = random.Random(SEED + 1)
    cuts = [
        chance.randrange(recording.told[-1][0], len(recording.writes) + 1) for _ in range(BAD_CARD_STATES)
    ]
    seen = [find_wrong(counter, recording, cut, chance, IGNORED_FLUSHES) for cut in cuts]
    found = sum(bool(each) for each in seen)
    counter.album.figure(
        "Of a card that lies about its flushes", f"{BAD_CARD_STATES} states, {found} found wrong"
    )
    if not found:
        raise SceneError(
            "The states of a card that ignores flushes are all judged right: the judge sees nothing."
        )


def told_by(recording: Recording, cut: int) -> list[str]:
    """The receipts that were out when so many writes were done."""
    return [number for at, number in recording.told if at <= cut]


def find_wrong(
    counter: Counter, recording: Recording, cut: int, chance: random.Random, ignored_flushes: int = 0
) -> str:
    """Build one state and judge it; "" if a till sells on with every sale that was told."""
    state = counter.folder / "state.ext4"
    kept = surviving(recording.writes, cut, chance, ignored_flushes)
    build_state(recording.log, kept, recording.before, recording.part, state)
    found = judge(state, counter.folder / "state")
    lost = [number for number in told_by(recording, cut) if number not in found.receipts]
    return f"after write {cut}: {found.wrong or f'lost {lost}'}" if found.wrong or lost else ""

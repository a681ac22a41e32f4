"""The power is cut at every stage of an update: whatever remains on the card starts a till that has every sale.

One update from the network is recorded, write by write: the download, the writing of the new system, the switch, its
trial, and the moment at which it is kept; the new version brings the till's file up to date. States that a cut could
leave are built for each stage and judged; some of them are started, and sell.
"""

from __future__ import annotations

import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from appliance.storage.migrating import MIGRATIONS, migrations
from image.machine.bundles import MIGRATION, STARTS_FROM, Bundles, Version
from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.machine.fat import Fat
from image.machine.flash import Flash
from image.machine.power import count_entries
from image.machine.update_server import UpdateServer
from image.machine.update_states import BOOT, ROOTS, Judge, Recording, System, card_of, line_for
from image.machine.updates import (
    OFF_SECONDS,
    ask,
    bundles_for,
    settle_hours,
    trust,
    version_of,
    wait_for_end,
)

NEW = "0.4.0"
SEED = 11
STATES_EACH = 4
"""Of each moment: chance decides what of the writes after the last flush is lost."""
STARTED = ("half written", "switched", "kept, almost")
"""These moments are started too, each with its first state."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the update: after how many writes of a recording."""

    name: str
    recording: Recording
    cut: int


def play(counter: Counter) -> None:
    """Record, judge, start."""
    bundles = bundles_for(counter)
    bundle = bundles.make("migrates", Version(NEW, migrates=True))
    if counter.machine.is_on:
        counter.cut_power()
    flash = Flash(counter.machine.card, counter.folder / "flash", random.Random(SEED))
    counter.machine.put_in(flash)
    old = counter.machine.boot.prefix
    new = next(each for each in ROOTS if each != old)
    writing, before, told = record_writing(counter, flash, bundle, ROOTS[new])
    trial = record_trial(counter, flash, ROOTS[new])
    systems = {
        old: System(files_of(writing, old), None, MIGRATIONS),
        new: System(
            new_files(bundles, new),
            bundles.root(Version(NEW, migrates=True)),
            newer_migrations(counter.folder),
        ),
    }
    moments = [*moments_of_writing(writing, before, ROOTS[new]), *moments_of_trial(trial)]
    judge_all(counter, Judge(systems, counter.folder / "judged"), moments, told)
    counter.machine.flash = None
    for name in STARTED:
        start_from(counter, next(each for each in moments if each.name == name), flash.card.base, told)


def record_writing(
    counter: Counter, flash: Flash, bundle: Path, target: int
) -> tuple[Recording, int, list[str]]:
    """From the start to the restart that the update asks for.

    Returns:
        What was written, how much of it before the update, and the receipts that were out by then.
    """
    recording = Recording(counter.machine.card, counter.folder / "writing", target)
    server = UpdateServer(bundle, counter.folder / "server")
    try:
        counter.switch_on()
        counter.sign_in()
        counter.sell(good("518"))
        settle_hours(counter, closed=True, url=server.url_inside)
        trust(counter, server)
        told, before = counter.inside.till_books().receipts, count_entries(flash.log)
        start = time.monotonic()
        words = ask(counter)
        if "is started on trial" not in words[-1]:
            raise SceneError(f"The new version was not put in: {words}")
        counter.machine.qmp.wait_for("SHUTDOWN", OFF_SECONDS)
        counter.machine.wait_off(OFF_SECONDS)
        counter.album.figure("Fetched, written, switched", f"{time.monotonic() - start:.0f} s, emulated")
    finally:
        server.stop()
    counter.pull_devices()
    recording.end(flash.log)
    return recording, before, told


def record_trial(counter: Counter, flash: Flash, target: int) -> Recording:
    """From power on to the moment at which the new version is kept, and a little more."""
    recording = Recording(counter.machine.card, counter.folder / "trial", target)
    counter.switch_on()
    if version_of(counter) != NEW:
        raise SceneError(f"Version {version_of(counter)} was started.")
    wait_for_end(counter, "confirmed")
    counter.cut_power()
    recording.end(flash.log)
    return recording


def moments_of_writing(recording: Recording, before: int, target: int) -> list[Moment]:
    """Download, writing, switch."""
    begins, ends = recording.first_in(target), recording.last_in(target)
    switch = writes_of(recording, b"# trial")[0]
    cuts = {
        "the download begins": between(before, begins, 0.1),
        "half downloaded": between(before, begins, 0.5),
        "downloaded": between(before, begins, 0.98),
        "the writing begins": begins + 1,
        "a quarter written": between(begins, ends, 0.25),
        "half written": between(begins, ends, 0.5),
        "almost written": between(begins, ends, 0.9),
        "written": ends,
        "not yet switched": switch,
        "switched": switch + 1,
        "going down": len(recording.writes),
    }
    return [Moment(name, recording, cut) for name, cut in cuts.items()]


def moments_of_trial(recording: Recording) -> list[Moment]:
    """The new system's first start, until it is kept."""
    back = writes_of(recording, b"# tried")[0]
    kept = next(at for at, text in recording.sectors() if at > back and b"# tr" not in text)
    cuts = {
        "its initrd has not written yet": back,
        "its initrd has written": back + 1,
        "it starts": between(back, kept, 0.3),
        "it has started": between(back, kept, 0.7),
        "kept, almost": kept,
        "kept": kept + 1,
        "and noted": len(recording.writes),
    }
    return [Moment(name, recording, cut) for name, cut in cuts.items()]


def writes_of(recording: Recording, words: bytes) -> list[int]:
    """How many writes there were before each write of slot.txt that says this.

    Raises:
        SceneError: none says so; names those that there were.
    """
    sectors = recording.sectors()
    if not (found := [at for at, text in sectors if words in text]):
        raise SceneError(
            f"No write of slot.txt says {words!r}: {sectors}, of {len(recording.writes)} writes."
        )
    return found


def judge_all(counter: Counter, judge: Judge, moments: list[Moment], told: list[str]) -> None:
    """Build and judge the states of each moment."""
    chance, wrong = random.Random(SEED), list[str]()
    for moment in moments:
        seen = set[str]()
        for _ in range(STATES_EACH):
            found = judge.judge(moment.recording.build(moment.cut, chance, counter.folder / "state"))
            lost = sorted(set(told) - set(found.receipts))
            seen.add(", then ".join(found.boots))
            if found.wrong or lost:
                wrong.append(f"{moment.name}: {found.wrong or f'lost {lost}'} ({found.boots})")
        counter.album.figure(f"Cut: {moment.name}", " | ".join(sorted(seen)))
    counter.album.figure(
        "States", f"{len(moments)} moments, {len(moments) * STATES_EACH} states, {len(wrong)} wrong"
    )
    if wrong:
        raise SceneError(f"{len(wrong)} states do not sell on: {'; '.join(wrong[:3])}")


def start_from(counter: Counter, moment: Moment, base: Path, told: list[str]) -> None:
    """Start a card that was cut at this moment; where that is a trial, cut it again. Then sell."""
    state = moment.recording.build(moment.cut, random.Random(SEED), counter.folder / "state")
    counter.machine.card = card_of(state, base, counter.folder / "started.qcow2")
    seconds = counter.switch_on()
    version = version_of(counter)
    said = f"version {version}, READY after {seconds:.0f} s"
    if version == NEW:
        counter.cut_power()
        seconds = counter.switch_on()
        said += f"; cut off on trial, then version {version_of(counter)} after {seconds:.0f} s"
    receipts = counter.inside.till_books().receipts
    if version_of(counter) == NEW or set(told) - set(receipts):
        raise SceneError(f"{moment.name}: {said}; of {told} there are {receipts}")
    counter.cut_network()  # a sale that the shop has would make an older copy of the next state's card
    counter.sees_who_is_there()
    counter.sign_in()
    counter.sell(good("921"))
    counter.album.figure(f"Started: {moment.name}", f"{said}; sold")
    counter.keep(f"Cut: {moment.name}; sold again")
    if failed := counter.inside.failed_units():
        raise SceneError(f"{moment.name}: units failed: {', '.join(failed)}.")
    counter.cut_power()


def between(first: int, last: int, share: float) -> int:
    """A number of writes on the way."""
    return first + int((last - first) * share)


def files_of(recording: Recording, prefix: str) -> dict[str, bytes]:
    """What a system starts from, as it was before."""
    fat = Fat(recording.before[BOOT])
    return {name: fat.read(prefix + name) for name in STARTS_FROM}


def new_files(bundles: Bundles, prefix: str) -> dict[str, bytes]:
    """What the new one must start from: the bundle's, with the kernel's line of its slot."""
    files = bundles.boot_files()
    return files | {"cmdline.txt": line_for(files["cmdline.txt"], prefix)}


def newer_migrations(folder: Path) -> Path:
    """The migrations of the new version."""
    newer = folder / "migrations"
    shutil.copytree(MIGRATIONS, newer, dirs_exist_ok=True)
    (newer / f"{max(migrations(MIGRATIONS)) + 1:04d}_rehearsed.sql").write_text(MIGRATION, encoding="utf-8")
    return newer

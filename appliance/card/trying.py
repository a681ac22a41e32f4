"""A system on trial, on the card: what each boot does about it, and the minutes in which it is watched.

``update boot`` comes before kiosk and sync service, in every boot. In the system on trial it only notes that it runs:
the initrd has already named the old one for the next start. In the old one, back again, it puts the till's file back
to what this version reads (``storage.going_back``), or, where sales were completed on trial that it cannot take back
as a matter of course, goes forward for good to the system that made them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from appliance.card.devices import missing
from appliance.card.disk import Disk
from appliance.card.health import Health
from appliance.card.places import Places
from appliance.card.records import keep_record, read_record
from appliance.card.slots import COMMAND_LINE, Choice, Slot, SlotError, Slots, booted
from appliance.card.trial import (
    CONFIRMED,
    FAILED,
    GIVE_UP_SECONDS,
    INTERRUPTED,
    AtBoot,
    Record,
    Stage,
    Trial,
    Verdict,
    at_boot,
    judge,
)
from appliance.storage.condition import look
from appliance.storage.errors import StorageError
from appliance.storage.going_back import go_back, newer
from appliance.storage.migrating import MIGRATIONS

LOOK_SECONDS: Final = 5.0
_NEEDED: Final = ("kiosk", "journal")
"""What must be well at the end of a trial, whatever was before it."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Card:
    """What the updates work on. A test gives its own parts.

    Attributes:
        reboot: starts the machine anew; may return before it happens.
        folder: the migrations that this version knows.
    """

    places: Places
    disk: Disk
    slots: Slots
    reboot: Callable[[], object]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    command_line: Path = COMMAND_LINE
    folder: Path = MIGRATIONS

    @property
    def running(self) -> Slot:
        """The system that runs.

        Raises:
            SlotError: it was not started by the card's firmware.
        """
        return booted(self.command_line.read_text("ascii", "replace"))

    @property
    def record(self) -> Record:
        """What is kept of updates."""
        return Record.from_dict(read_record(self.places.trial))

    def keep(self, record: Record) -> None:
        """Put it in the place of what was kept."""
        keep_record(self.disk, self.places.trial, record.to_dict())

    def end(self, outcome: str, why: str) -> None:
        """The update under way is over."""
        log.warning("An update ended: %s. %s", outcome, why)
        self.keep(self.record.ended(outcome, why, self.now().isoformat(timespec="seconds")))

    def choice(self) -> Choice:
        """What the firmware will start; a sector that cannot be read is made anew for the system that runs.

        Raises:
            SlotError: it could not be written either.
        """
        try:
            return self.slots.read()
        except SlotError:
            log.exception("slot.txt is made anew")
            self.slots.repair(self.running)
            return self.slots.read()

    @property
    def journal(self) -> Path:
        """The till's file."""
        return self.places.till_data / "till.db"


def at_each_boot(card: Card) -> AtBoot:
    """Find out what this boot means, and do it. Nobody has the till's file open yet.

    Raises:
        SlotError: the boot partition cannot be read or written.
        StorageError, OSError: the data partition cannot.
    """
    trial, running, choice = card.record.trial, card.running, card.choice()
    meaning = at_boot(trial, running, choice)
    if trial is None:
        return meaning
    if meaning is AtBoot.TRYING:
        if choice.is_trial:  # its initrd could not
            card.slots.put_back(running)
        if trial.stage is Stage.WRITTEN:
            _begin(card, trial)
    elif meaning is AtBoot.CONFIRMED:
        card.end(CONFIRMED, "It starts from now on.")
    elif meaning is AtBoot.INTERRUPTED:
        card.end(INTERRUPTED, "The update was cut off before its trial.")
    elif meaning is AtBoot.FAILED:
        _come_back(card, trial, running)
    return meaning


def _begin(card: Card, trial: Trial) -> None:
    """From now on a sale is one that the system on trial completed; one more may have been made before the restart."""
    sales = trial.sales
    try:
        sales = look(card.journal, card.folder).sales
    except StorageError as error:
        log.warning("The till's file cannot be looked at: %s", error)
    card.keep(card.record.begun(replace(trial, stage=Stage.TRYING, sales=sales)))


def _come_back(card: Card, trial: Trial, running: Slot) -> None:
    """This is the old system, and the one on trial came to nothing."""
    found = newer(card.journal, card.folder)
    has_sold = found is not None and found.sales > 0
    # Given up, it is known to be bad: its sales come along. Otherwise it was cut off, and had proved that it sells.
    if has_sold and trial.stage is not Stage.GIVEN_UP and _go_forward(card, trial):
        return
    try:
        if found is not None:
            go_back(card.journal, card.now, card.folder)
    except StorageError as error:
        log.warning("The till's file stays as the new version left it: %s", error)
        if _go_forward(card, trial):
            return
    card.end(FAILED, trial.why or "It did not come up, or was cut off before it was well.")
    card.slots.settle(running)


def _go_forward(card: Card, trial: Trial) -> bool:
    """Only the system on trial can read the till's file now, and it is whole: it is the till from now on."""
    if not card.slots.is_good(trial.slot):
        return False
    card.slots.settle(trial.slot)
    card.end(
        CONFIRMED, "The till's file is in its form and holds what was done with it, so it starts from now on."
    )
    card.reboot()
    return True


def watch(
    card: Card,
    ask: Callable[[], Health],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    limit_seconds: float = GIVE_UP_SECONDS,
) -> Verdict:
    """Watch the system on trial until it is confirmed or given up.

    Args:
        card: the card; it runs the system on trial.
        ask: how the card is, now.
        clock, sleep: the time that runs.
        limit_seconds: it is given up after so many.
    """
    began = clock()
    steady_since, restarts = began, 0
    while True:
        trial = card.record.trial
        if trial is None or card.running is not trial.slot:
            return Verdict.CONFIRM  # nothing is on trial here
        health = ask()
        problems = problems_of(trial, health)
        if problems or health.restarts != restarts:
            steady_since, restarts = clock(), health.restarts
        verdict = judge(
            has_sold=health.sales > trial.sales,
            problems=problems,
            restarts=health.restarts,
            seconds=clock() - began,
            steady_seconds=clock() - steady_since,
            limit_seconds=limit_seconds,
        )
        if verdict is Verdict.CONFIRM:
            card.slots.settle(trial.slot)
            card.end(CONFIRMED, "It sells." if health.sales > trial.sales else "All is well.")
            return verdict
        if verdict is Verdict.GIVE_UP:
            why = "; ".join(problems) or "it did not stay well for long enough"
            log.error("The system on trial is given up: %s", why)
            card.keep(card.record.at_stage(Stage.GIVEN_UP, why))
            card.reboot()
            return verdict
        sleep(LOOK_SECONDS)


def problems_of(trial: Trial, health: Health) -> list[str]:
    """What is not as it was before the update: only that speaks against it."""
    problems = health.problems_of({*_NEEDED, *trial.well})
    gone = missing(trial.devices, health.devices)
    return problems + ([f"devices: {', '.join(gone)} did not come back"] if gone else [])

"""A new system on trial: what is known of it, and what follows, at each boot and while it is watched. No IO.

The record lies on the data partition, the choice of the system in the boot partition's one sector (``slots``). They
are written one after the other, so each order of the two that a power cut can leave has its meaning here:

==========  ===========================  =======================  ==================================================
record      sector                       what runs                so
==========  ===========================  =======================  ==================================================
writing     old                          old                      the update was cut off: it may be done again
written     old                          old                      it was cut off just before its trial: the same
written     old, new was tried           old                      the new one never came up: it failed
written     old, new was tried           new                      the trial begins
trying      old, new was tried           new                      it goes on, after a reset that nobody asked for
trying      old, new was tried           old                      the power went, or it crashed: it failed
given up    old, new was tried           old                      it failed, and why is known
any         new                          new                      it was confirmed: the sector is what counts
==========  ===========================  =======================  ==================================================

A bundle that failed silently may only have met a power cut: it is tried once more. One that was given up is not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import Enum, StrEnum
from typing import Any, Final

from appliance.card.slots import Choice, Slot

GIVE_UP_SECONDS: Final = 300
STEADY_SECONDS: Final = 60
"""So long everything must be well without a break: a kiosk that draws and then crashes is not."""
MOST_RESTARTS: Final = 5
"""A kiosk that ended so often by itself does not get well: the rest of the time is not waited for."""
TRIES: Final = 2
ENDINGS_KEPT: Final = 20


class Stage(StrEnum):
    """How far an update has come."""

    WRITING = "writing"
    WRITTEN = "written"
    TRYING = "trying"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Trial:
    """An update that is under way.

    Attributes:
        bundle: the hash of its manifest, which names it.
        version, build: what it says of itself.
        slot: where it is written to.
        sales: how many the till had when it was written.
        devices: what was plugged in then.
        well: what had no problem then, as :mod:`health` names it.
        why: why it was given up.
    """

    bundle: str
    version: str
    build: int
    slot: Slot
    stage: Stage = Stage.WRITING
    sales: int = 0
    devices: tuple[str, ...] = ()
    well: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a trial ended; ``times`` the same bundle failed so far."""

    bundle: str
    version: str
    outcome: str
    why: str
    at: str
    times: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """All that is kept: the update under way, and how those before it ended, newest first."""

    trial: Trial | None = None
    endings: tuple[Ending, ...] = field(default=())

    def begun(self, trial: Trial) -> Record:
        """With an update under way."""
        return replace(self, trial=trial)

    def at_stage(self, stage: Stage, why: str = "") -> Record:
        """The update under way has come so far."""
        return self if self.trial is None else replace(self, trial=replace(self.trial, stage=stage, why=why))

    def ended(self, outcome: str, why: str, at: str) -> Record:
        """The update under way is over: "confirmed", "failed" or "interrupted"."""
        trial = self.trial
        if trial is None:
            return self
        times = self.failures(trial.bundle)
        if outcome == FAILED:
            times = TRIES if trial.stage is Stage.GIVEN_UP else times + 1
        ending = Ending(trial.bundle, trial.version, outcome, why, at, times)
        return Record(None, (ending, *self.endings)[:ENDINGS_KEPT])

    def failures(self, bundle: str) -> int:
        """How often a bundle has failed; :data:`TRIES` where it was given up."""
        return next((each.times for each in self.endings if each.bundle == bundle), 0)

    def is_refused(self, bundle: str) -> bool:
        """Whether it is not tried again."""
        return self.failures(bundle) >= TRIES

    def to_dict(self) -> dict[str, Any]:
        """For the file."""
        trial = None if self.trial is None else asdict(self.trial) | {"slot": self.trial.slot.value}
        return {"trial": trial, "endings": [asdict(each) for each in self.endings]}

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Record:
        """From the file; what cannot be read there counts as nothing, which only means that it is tried again."""
        try:
            trial = found.get("trial")
            if trial is not None:
                trial = Trial(
                    **trial
                    | {"slot": Slot(trial["slot"]), "stage": Stage(trial["stage"])}
                    | {name: tuple(trial[name]) for name in ("devices", "well")}
                )
            return cls(trial, tuple(Ending(**each) for each in found.get("endings", ())))
        except (TypeError, KeyError, ValueError, AttributeError):
            return cls()


CONFIRMED: Final = "confirmed"
FAILED: Final = "failed"
INTERRUPTED: Final = "interrupted"


class AtBoot(Enum):
    """What a boot means."""

    NOTHING = "nothing is on trial"
    TRYING = "this is the system on trial"
    CONFIRMED = "it was confirmed"
    INTERRUPTED = "the update was cut off before its trial"
    FAILED = "the system on trial came to nothing"


def at_boot(trial: Trial | None, running: Slot, choice: Choice) -> AtBoot:
    """What this boot means; see the table above."""
    if trial is None:
        return AtBoot.NOTHING
    if running is trial.slot:
        is_settled = choice.starts is running and not choice.is_trial
        return AtBoot.CONFIRMED if is_settled else AtBoot.TRYING
    if choice.is_trial and choice.starts is trial.slot:
        return AtBoot.NOTHING  # it is about to be started
    if trial.stage in (Stage.TRYING, Stage.GIVEN_UP) or choice.tried is trial.slot:
        return AtBoot.FAILED
    return AtBoot.INTERRUPTED


class Verdict(Enum):
    """What is to be done about the system on trial."""

    WAIT = "wait"
    CONFIRM = "confirm"
    GIVE_UP = "give up"


def judge(
    *,
    has_sold: bool,
    problems: list[str],
    restarts: int,
    seconds: float,
    steady_seconds: float,
    limit_seconds: float = GIVE_UP_SECONDS,
) -> Verdict:
    """Decide about the system on trial.

    Args:
        has_sold: a sale was completed since it runs: it can sell, and there is no way back any more.
        problems: what is not well, in words.
        restarts: of the kiosk.
        seconds: since it began to be watched.
        steady_seconds: for so long everything has been well.
        limit_seconds: it is given up after so many.
    """
    if has_sold:
        return Verdict.CONFIRM
    if not problems and steady_seconds >= STEADY_SECONDS:
        return Verdict.CONFIRM
    return Verdict.GIVE_UP if seconds >= limit_seconds or restarts >= MOST_RESTARTS else Verdict.WAIT

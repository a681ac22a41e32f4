"""When a start counts as a trial, read off the boot partition by the unit itself."""

import shlex
import subprocess
from pathlib import Path

import pytest

from appliance.card.slots import Choice, Slot
from appliance.card.trial import GIVE_UP_SECONDS

UNIT = Path(__file__).parents[2] / "systemd/till-trial.service"


def setting(name: str) -> str:
    (found,) = [line for line in UNIT.read_text().splitlines() if line.startswith(name)]
    return found.removeprefix(name)


@pytest.mark.parametrize(
    ("runs", "choice", "is_trial"),
    [
        ("B", Choice(Slot.A, tried=Slot.B), True),
        ("A", Choice(Slot.B, tried=Slot.A), True),
        ("A", Choice(Slot.A, tried=Slot.B), False),
        ("B", Choice(Slot.B), False),
        ("A", Choice(Slot.A), False),
        ("A", Choice(Slot.B, is_trial=True), False),
    ],
)
def test_only_a_system_that_is_tried_is_watched(
    tmp_path: Path, runs: str, choice: Choice, is_trial: bool
) -> None:
    """A settled system must never be: where watching fails, the machine starts again."""
    line, sector = tmp_path / "cmdline", tmp_path / "slot.txt"
    line.write_text(f"root=PARTUUID=6a1e55ed-02 rauc.slot={runs} quiet\n")
    sector.write_bytes(choice.to_sector())
    condition = setting("ExecCondition=").replace("/proc/cmdline", str(line))
    condition = condition.replace("/boot/firmware/slot.txt", str(sector))
    assert (subprocess.run(shlex.split(condition), check=False).returncode == 0) is is_trial


def test_a_boot_partition_that_cannot_be_read_means_no_trial(tmp_path: Path) -> None:
    condition = setting("ExecCondition=").replace("/boot/firmware/slot.txt", str(tmp_path / "missing"))
    done = subprocess.run(shlex.split(condition), check=False, capture_output=True)
    assert 0 < done.returncode < 255, "255 would be a failure, and start the machine again"


def test_the_unit_lasts_longer_than_the_trial() -> None:
    assert float(setting("Environment=TRIAL_SECONDS=")) == GIVE_UP_SECONDS
    assert float(setting("RuntimeMaxSec=")) > GIVE_UP_SECONDS


def test_the_watch_does_not_wait_for_the_screen() -> None:
    """Restarted directly, a screen that never gets ready would keep all that comes after it from ever beginning."""
    assert setting("After=").split() == ["till-setup.service"]

"""What systemd itself says of the units, where it is at hand: they can be read, and how far each is locked."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.systemd.units import SYSTEMD

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
MOST = {
    "till-kiosk.service": 1.0,
    "till-sync.service": 1.2,
    "till-backup.service": 1.0,
    "till-status.service": 0.5,
}
OTHERS_FAULTS = re.compile(
    r"^/(usr/)?lib/systemd/|/etc/systemd/|is not executable|Failed to (open|create) manager"
)
"""What this machine lacks of the card (python3 elsewhere, our scripts), and what its own units have wrong."""


def test_every_unit_can_be_read_without_a_word_against_it(tmp_path: Path) -> None:
    """A key that this machine's older systemd does not know is said by its name, and is the only thing forgiven."""
    units = sorted(
        path for ending in ("service", "timer", "path", "socket") for path in SYSTEMD.glob(f"*.{ending}")
    )
    for path in units:
        shutil.copy(path, tmp_path)
    done = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            "--recursive-errors=no",
            *(tmp_path / p.name for p in units),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    newer = re.compile(r"Unknown key (name )?'(RestartMode|RestartSteps|RestartMaxDelaySec)'")
    said = [
        line
        for line in done.stderr.splitlines()
        if str(tmp_path) in line and not newer.search(line) and not OTHERS_FAULTS.search(line)
    ]
    assert said == []


@pytest.mark.parametrize(("name", "most"), MOST.items())
def test_what_works_with_the_till_is_exposed_no_further_than_this(name: str, most: float) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(SYSTEMD / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= most

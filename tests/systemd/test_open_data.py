"""What comes before the data partition: on a board without a key it starts nothing more, and with one tells the key."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.systemd.units import SYSTEMD

KEY = "00112233445566778899aabbccddeeff000000010000000200000003fffffffe"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Programs that note what they are told, in place of modprobe and python3."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, more in {"modprobe": "", "python3": 'cat >>"$NOTES"\n'}.items():
        script = folder / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >>"$NOTES"\n{more}')
        script.chmod(0o755)
    return folder


def notes(programs: Path, key: str | None) -> list[str]:
    told, noted = programs.parent / "key", programs.parent / "notes"
    if key is not None:
        told.write_text(key)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "NOTES": str(noted), "BOARD_KEY": str(told)}
    subprocess.run([SYSTEMD / "open-data"], env=environment, check=True, capture_output=True)
    return noted.read_text().splitlines()


@pytest.mark.parametrize("key", [None, "", "0" * 64 + "\n"])
def test_without_a_key_a_plain_card_starts_nothing_more(programs: Path, key: str | None) -> None:
    assert notes(programs, key) == ["modprobe --quiet gapless_key", "modprobe --quiet --remove gapless_key"]


def test_a_key_is_told_and_the_module_is_gone_before(programs: Path) -> None:
    assert notes(programs, KEY + "\n")[1:] == [
        "modprobe --quiet --remove gapless_key",
        "python3 -P -m appliance.card open",
        KEY,
    ]

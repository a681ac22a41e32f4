"""A started till is kept for one image only, and the kernel line says only what the harness adds."""

import base64
import json
import os
from pathlib import Path

import pytest

from image.machine.errors import MachineError
from image.machine.keeping import Kept, mark_of
from image.machine.kernel_line import kernel_line
from image.machine.shell import unit_text

_PATIENT = ("TimeoutStartSec=", "WatchdogSec=", "Environment=TRIAL_SECONDS=", "RuntimeMaxSec=")


def kept_for(image: Path, folder: Path) -> Kept:
    folder.mkdir(exist_ok=True)
    (folder / "kept.json").write_text(json.dumps({"image": mark_of(image)}))
    return Kept(folder, image)


def test_what_was_kept_fits_its_image_until_that_is_built_anew(tmp_path: Path) -> None:
    image = tmp_path / "card.img"
    image.write_bytes(b"one")
    kept = kept_for(image, tmp_path / "kept")
    assert kept.fits
    os.utime(image, ns=(1, 1))
    assert not kept.fits
    other = tmp_path / "other.img"
    other.write_bytes(b"one")
    assert not Kept(tmp_path / "kept", other).fits


def test_nothing_is_kept_at_first(tmp_path: Path) -> None:
    image = tmp_path / "card.img"
    image.touch()
    assert not Kept(tmp_path / "kept", image).fits


def test_the_cards_own_kernel_line_comes_first_and_whole() -> None:
    line = kernel_line("root=PARTUUID=6a1e55ed-02 rauc.slot=A ro", "ttyS0,115200")
    assert line.startswith("root=PARTUUID=6a1e55ed-02 rauc.slot=A ro console=ttyS0,115200 ")
    assert line.endswith(" systemd.wants=t.service")


def test_only_the_patience_of_units_is_changed() -> None:
    words = kernel_line("ro", "ttyS0").split()
    packed = [word.rpartition(":")[2] for word in words if word.startswith("systemd.set_credential_binary=")]
    settings = [base64.b64decode(each).decode().splitlines() for each in packed]
    assert len(settings) == 4
    for lines in settings:
        assert lines[0] == "[Service]"
        assert all(line.startswith(_PATIENT) for line in lines[1:])


def test_a_line_that_a_kernel_would_cut_off_is_refused() -> None:
    with pytest.raises(MachineError, match="characters"):
        kernel_line("x" * 1500, "ttyS0")


def test_the_shell_comes_by_the_line_where_nothing_else_can_hand_it_over() -> None:
    words = kernel_line("ro", "tty0", unit=unit_text("/dev/ttyS1")).split()
    (packed,) = (word.rpartition(":")[2] for word in words if "systemd.extra-unit.t.service" in word)
    assert "TTYPath=/dev/ttyS1\n" in base64.b64decode(packed).decode()
    assert not any("extra-unit" in word for word in kernel_line("ro", "tty0").split())

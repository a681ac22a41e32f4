"""What would end a verification hours later is said before it starts: too little room, a key that is not there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from image.machine.errors import MachineError
from image.machine.host import see_keys, see_room
from image.scenes import FULL, NEEDED_KEYS, QUICK

ROOT = Path(__file__).parents[2]
SIGNS = re.compile(r"\b(bundles_for|token)\(")


def test_a_folder_with_too_little_room_is_named_before_the_start(tmp_path: Path) -> None:
    see_room(tmp_path, least_bytes=1)
    with pytest.raises(MachineError, match=rf"{tmp_path} has [\d.]+ GB free, and 1000000000 GB are needed"):
        see_room(tmp_path, least_bytes=10**18)


def test_a_key_that_a_scene_signs_with_is_missed_before_the_start(tmp_path: Path) -> None:
    (tmp_path / "sign.key").touch()
    (tmp_path / "sign.pem").touch()
    see_keys(QUICK, None)
    see_keys(["first_start", "update_kept"], tmp_path)
    with pytest.raises(MachineError, match=r"The scene 'help' needs token.key: .* --keys"):
        see_keys(FULL, tmp_path)
    with pytest.raises(MachineError, match="The scene 'update_kept' needs sign.key"):
        see_keys(["update_kept"], None)


def test_every_scene_that_signs_says_which_keys_it_needs() -> None:
    signing = {name for name in FULL if SIGNS.search((ROOT / f"image/scenes/{name}.py").read_text("utf-8"))}
    assert signing == set(NEEDED_KEYS)


def test_a_verification_without_its_keys_ends_at_once_with_one_sentence(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "image.machine",
        "card.img",
        "--only",
        "help",
        "--out",
        str(tmp_path / "report"),
    ]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert re.fullmatch(r"\S+ image/verify: The scene 'help' needs token\.key: .*\n", done.stdout)
    assert not (tmp_path / "report").exists()

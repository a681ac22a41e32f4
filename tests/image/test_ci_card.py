"""Whether continuous integration verifies the card: decided from git's history, and said openly where it cannot be."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_CHECKED, NOT_TOUCHED = 3, 4


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, timeout=30)


def write(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose branch "main" has landed, on a branch of its own."""
    landed = tmp_path / "landed"
    landed.mkdir()
    git(landed, "init", "-q", "-b", "main")
    for name in ("image/packages.txt", "systemd/till.service", "appliance/settings.py", "pyproject.toml"):
        write(landed, name, "as it landed\n")
    (landed / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "card", landed / ".ci" / "card")
    git(landed, "add", ".")
    git(landed, "commit", "-q", "-m", "Landed")
    git(tmp_path, "clone", "-q", str(landed), "clone")
    git(tmp_path / "clone", "checkout", "-q", "-b", "change")
    return tmp_path / "clone"


def ask(folder: Path, *options: str) -> tuple[int, str]:
    """Run it as somebody who may not build a card, so that it ends once it has decided."""
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "id").write_text("#!/bin/sh\necho 1000\n")
    (tools / "id").chmod(0o755)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(
        [".ci/card", *options], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "name", ["image/packages.txt", "systemd/till.service", "pyproject.toml", "image/new"]
)
def test_a_change_of_what_the_card_is_made_of_is_verified(clone: Path, name: str) -> None:
    write(clone, name, "changed\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "Change")
    git(clone, "commit", "-q", "--allow-empty", "-m", "One more on top")
    code, said = ask(clone)
    assert code == NOT_CHECKED, "as whoever may not build it"
    assert "1 files" in said
    assert "NOT CHECKED: building a card needs root" in said.splitlines()[-1]
    assert "verified (" not in said


def test_another_change_is_not(clone: Path) -> None:
    write(clone, "appliance/settings.py", "changed\n")
    git(clone, "commit", "-q", "-a", "-m", "Change")
    assert ask(clone) == (NOT_TOUCHED, "card: not touched by this change\n")


def test_what_is_not_committed_yet_counts_too(clone: Path) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "Change")
    assert ask(clone)[0] == NOT_TOUCHED
    write(clone, "image/scenes/new.py", "new\n")
    assert ask(clone)[0] == NOT_CHECKED


def test_a_change_on_the_landed_branch_itself_tells_nothing_so_it_is_verified(clone: Path) -> None:
    landed = clone.parent / "landed"
    write(landed, "appliance/settings.py", "changed\n")
    git(landed, "commit", "-q", "-a", "-m", "Change")
    assert ask(landed)[0] == NOT_CHECKED


def test_it_can_be_asked_for(clone: Path) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "Change")
    assert ask(clone, "--force")[0] == NOT_CHECKED

"""What the README and the changelog name is there: files, commands, settings and the words on the screen."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORDS = json.loads((ROOT / "appliance/ui/strings/en.json").read_text(encoding="utf-8"))


def test_every_path_that_is_named_exists() -> None:
    named = set(re.findall(r"\]\(([a-z][\w./-]+)\)", README))
    named |= {
        path.rstrip("/") for path in re.findall(r"`((?:appliance|drivers|tests|\.ci)/[\w./]*)`", README)
    }
    named |= set(re.findall(r"(?:\./|python )((?:appliance|tests)/[\w./]+)", README))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_map_names_every_package_and_nothing_else() -> None:
    block = README.split("```\nappliance/\n")[1].split("```")[0]
    named = set(
        re.findall(r"\b([a-z]+)(?:/|\.py)", "".join(line[:29] for line in block.splitlines(keepends=True)))
    )
    here = {
        path.name.removesuffix(".py") for path in (ROOT / "appliance").iterdir() if path.name[0] not in "_."
    }
    here -= {"requirements.lock", "requirements-build.lock"}
    assert here <= named
    assert named - here <= {"drivers", "image", "systemd", "tests"}


@pytest.mark.parametrize("command", ["setup", "staff", "status"])
def test_the_commands_are_there(command: str) -> None:
    assert command in README
    asked = [sys.executable, "-m", "appliance.cli", command, "--help"]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("program", ["appliance.kiosk", "appliance.syncd"])
def test_the_programs_take_the_settings_that_the_readme_gives_them(program: str) -> None:
    assert f"-m {program} --settings till.toml" in README
    asked = [sys.executable, "-m", program, "--settings", "nowhere/till.toml"]
    run = subprocess.run(asked, capture_output=True, check=False, text=True)
    assert run.returncode == 78
    assert "nowhere/till.toml" in run.stderr


def test_the_secrets_file_that_the_readme_shows_is_one() -> None:
    shown = re.search(r'(    key = "ck_[^"]*"\n    secret = "cs_[^"]*")', README)
    assert shown is not None
    assert set(tomllib.loads(shown[1])) == {"key", "secret"}


def test_the_words_of_the_screens_are_the_screens_words() -> None:
    assert f"*{WORDS['pay']['exact']}*" in README


def test_the_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

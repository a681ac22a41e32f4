"""The wheel: what is not Python travels with it, and its commands lead somewhere."""

import importlib.metadata
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
UNSHIPPED = {".lock", ".pyc", ".png", ""}  # for readers of the tree: locks, pictures, scripts


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    place = tmp_path_factory.mktemp("wheel")
    for name in ("appliance", "drivers"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", place / "made", place], check=True)
    (made,) = (place / "made").glob("*.whl")
    return zipfile.ZipFile(made)


def test_the_wheel_holds_every_file_that_the_programs_read(wheel: zipfile.ZipFile) -> None:
    needed = {
        path.relative_to(ROOT).as_posix()
        for folder in ("appliance", "drivers")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in UNSHIPPED
    }
    assert needed - set(wheel.namelist()) == set()


def test_the_wheel_holds_the_licence(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if name.endswith("/LICENSE")]


@pytest.mark.parametrize("command", PROJECT["scripts"])
def test_a_command_leads_to_a_function(command: str) -> None:
    entry = importlib.metadata.EntryPoint(command, PROJECT["scripts"][command], "console_scripts")
    assert callable(entry.load())

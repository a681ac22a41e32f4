"""The locks: what a till installs is decided here, byte for byte, on every machine alike."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "appliance/requirements.lock"
TOOLS = ROOT / "tests/requirements.lock"
BUILD = ROOT / "appliance/requirements-build.lock"
ENTRY = re.compile(r"^([a-z0-9-]+)==(\S+)(.*(?:\n    .*)*)", re.MULTILINE)


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {_name(line) for line in project["project"]["dependencies"]}
    tools = {_name(line) for group in project["dependency-groups"].values() for line in group}
    assert wanted - _locked(RUNTIME).keys() == set()
    assert (wanted | tools) - _locked(TOOLS).keys() == set()


def test_what_is_checked_is_what_is_shipped() -> None:
    shipped, checked = _locked(RUNTIME), _locked(TOOLS)
    assert {name: checked.get(name) for name in shipped} == shipped


@pytest.mark.parametrize("lock", [RUNTIME, TOOLS, BUILD], ids=lambda lock: lock.name)
def test_every_locked_package_has_its_hash_and_nothing_else_stands_in_the_lock(lock: Path) -> None:
    text = lock.read_text()
    unhashed = [match[1] for match in ENTRY.finditer(text) if "--hash=sha256:" not in match[3]]
    assert unhashed == []
    assert ENTRY.sub("", text).strip() == ""


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9-]+", requirement)
    assert found
    return found[0].lower()


def _locked(lock: Path) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for match in ENTRY.finditer(lock.read_text()):
        versions.setdefault(match[1], []).append(match[2])
    return versions

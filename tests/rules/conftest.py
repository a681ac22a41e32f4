"""The house rules read the tree as it stands: what is committed, and what is about to be."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def ours() -> list[Path]:
    """Every file of the project, relative to its root; nothing that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(path for path in map(Path, listed.split("\0")) if path.name and (ROOT / path).is_file())


@pytest.fixture(scope="session")
def texts(ours: list[Path]) -> dict[Path, str]:
    """The files that are text, with their text."""
    found = {}
    for path in ours:
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            found[path] = content.decode()
    return found

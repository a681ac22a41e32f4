"""What is built: the version, and the commit whose time every file of the card bears."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from image.steps.errors import BuildError


@dataclass(frozen=True, slots=True)
class Version:
    """A state of the repository."""

    number: str
    commit: str
    epoch: int
    """Seconds of the commit."""
    changed: bool
    """Whether files differ from the commit: such a card cannot be built again."""

    @property
    def text(self) -> str:
        """In one word: 0.1.0+c0e3f2e, and `.changed` where it is not the commit alone."""
        return f"{self.number}+{self.commit[:7]}{'.changed' if self.changed else ''}"


def read_version(repository: Path) -> Version:
    """The version of a repository.

    Raises:
        BuildError: it is no clone of a git repository.
    """
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    commit, epoch = _git(repository, "log", "-1", "--format=%H %ct").split()
    changed = bool(_git(repository, "status", "--porcelain", "--", *SHIPPED).strip())
    return Version(str(project["version"]), commit, int(epoch), changed)


SHIPPED = ("appliance", "drivers", "systemd", "image", "pyproject.toml")
"""What a card is made of."""


def shipped_files(repository: Path, *folders: str) -> list[Path]:
    """The repository's files below some folders, in order, without what git ignores."""
    listed = _git(repository, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders)
    paths = {repository / name for name in listed.split("\0") if name}
    return sorted(path for path in paths if path.is_symlink() or path.is_file())


def _git(repository: Path, *words: str) -> str:
    command = ["git", "-c", "safe.directory=*", "-C", str(repository), *words]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError as error:
        raise BuildError("needs git: what is built is a commit") from error
    except subprocess.CalledProcessError as error:
        raise BuildError(f"{repository} is no clone of the repository: {error.stderr.strip()}") from error

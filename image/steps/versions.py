"""Which version of each Debian package a card is made of: pinned in a list, so that a card can be made again.

Debian's mirrors hold only the newest version of a package, so a list cannot bring an older one back. It says when a
build would be another card, and of what; who wants the newer packages says so, and the list is written anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from image.steps.errors import BuildError
from image.steps.licences import paragraphs

MOST_NAMED = 12
HEAD = (
    "# Made by image/build --new-versions: which version of each package of Debian's the card is made of.\n"
)

Versions = Mapping[str, str]


def versions_of(tree: Path, prefix: str = "") -> dict[str, str]:
    """The packages of a tree whose names begin like that, with the version of each."""
    status = (tree / "var/lib/dpkg/status").read_text(encoding="utf-8")
    return {
        package["Package"]: package["Version"]
        for package in paragraphs(status)
        if package.get("Status", "").endswith(" installed") and package["Package"].startswith(prefix)
    }


def lock_file(repository: Path, name: str) -> Path:
    """Where the list of one kind of tree lies, such as "amd64" or "backports-arm64"."""
    return repository / f"image/versions-{name}.lock"


def read_lock(path: Path) -> dict[str, str]:
    """What a list says.

    Raises:
        BuildError: it is not there, or a line is none.
    """
    if not path.exists():
        raise BuildError(f"{path.name} is not there: image/build --new-versions makes it")
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if len(words) not in (0, 2):
            raise BuildError(f"{path.name}, line {number}: not `package version`: {line!r}")
        if words:
            found[words[0]] = words[1]
    return found


def write_lock(path: Path, found: Versions) -> None:
    """Write a list anew."""
    lines = "".join(f"{name} {version}\n" for name, version in sorted(found.items()))
    path.write_text(HEAD + lines, encoding="utf-8")


def changes(before: Versions, now: Versions) -> list[str]:
    """What is another version, new or gone, by name."""
    said = []
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if old is None:
            said.append(f"{name} {new} is new")
        elif new is None:
            said.append(f"{name} {old} is gone")
        elif old != new:
            said.append(f"{name} {old} -> {new}")
    return said


def check_versions(path: Path, found: Versions) -> None:
    """See that a tree is made of what its list says.

    Raises:
        BuildError: it is not; names what differs.
    """
    said = changes(read_lock(path), found)
    if said:
        more = f"; and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
        raise BuildError(
            f"Debian is no longer what {path.name} says: {'; '.join(said[:MOST_NAMED])}{more}. "
            "image/build --new-versions takes what there is, and writes the list anew."
        )

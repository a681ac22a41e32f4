"""Tables that say where our files go on the card: `source target mode`, one a line (systemd/INSTALL)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from image.steps.errors import BuildError

MODE = re.compile(r"0?[0-7]{3}|[0-7]{4}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file's way onto the card."""

    source: Path
    target: PurePosixPath
    """Where it is on the card, from its root: absolute."""
    mode: int


def read_table(table: Path) -> list[Entry]:
    """The files of a table; a source is named from the table's own folder, a target that ends in / is a folder.

    Raises:
        BuildError: a line is none, a source is not there, or two want one place.
    """
    entries: list[Entry] = []
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        where = f"{table.parent.name}/{table.name}, line {number}"
        entry = _entry(table.parent, words, where)
        if entry.target in {other.target for other in entries}:
            raise BuildError(f"{where}: {entry.target} is installed twice")
        entries.append(entry)
    return entries


def _entry(folder: Path, words: list[str], where: str) -> Entry:
    if len(words) != 3 or not MODE.fullmatch(words[2]):
        raise BuildError(f"{where}: not `source target mode`: {' '.join(words)!r}")
    source, target, mode = folder / words[0], words[1], int(words[2], 8)
    if not source.is_file():
        raise BuildError(f"{where}: {words[0]} is not there")
    if not target.startswith("/") or ".." in PurePosixPath(target).parts:
        raise BuildError(f"{where}: {target} is no absolute path")
    place = PurePosixPath(target)
    return Entry(source, place / source.name if target.endswith("/") else place, mode)


def install(entries: Iterable[Entry], tree: Path) -> None:
    """Copy the files into a tree; folders that miss are made, root's and 0755."""
    for entry in entries:
        place = tree / entry.target.relative_to("/")
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        shutil.copyfile(entry.source, place)
        place.chmod(entry.mode)

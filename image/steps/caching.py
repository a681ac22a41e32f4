"""What was made before is taken again where all that went into it is the same."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from image.steps.progress import Progress

AS_BEFORE = "as before"
"""What a step says that took what an earlier build had made."""
KEPT = 3
"""How many makes of one thing are kept: going back to the commit before should be as fast as going on."""


def digest(*parts: str | bytes | Path | Iterable[Path]) -> str:
    """One number for texts and files: 16 hexadecimal digits. A file counts by its bytes and whether it may be run."""
    whole = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            whole.update(hashlib.sha256(piece).digest())
    return whole.hexdigest()[:16]


def _pieces(part: str | bytes | Path | Iterable[Path]) -> Iterable[bytes]:
    if isinstance(part, str):
        yield part.encode()
    elif isinstance(part, bytes):
        yield part
    elif isinstance(part, Path):
        yield f"{part.name} {os.access(part, os.X_OK)}".encode()
        yield bytes(part.readlink()) if part.is_symlink() else part.read_bytes()
    else:
        for path in part:
            yield from _pieces(path)


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of things that were made, each named by its kind and the number of what went into it."""

    folder: Path

    def place(self, kind: str, key: str) -> Path:
        """Where a thing is, or will be."""
        return self.folder / f"{kind}-{key}"

    def unfinished(self, kind: str, key: str) -> Path:
        """Where it is made, until it is whole: empty."""
        place = self.folder / f"{kind}-{key}.unfinished"
        remove(place)
        return place

    def keep(self, kind: str, key: str) -> Path:
        """It is whole: give it its name, and let old ones of its kind go."""
        place = self.place(kind, key)
        remove(place)
        (self.folder / f"{kind}-{key}.unfinished").rename(place)
        self._forget(kind)
        return place

    def use(self, kind: str, key: str) -> Path | None:
        """A thing that is there, marked as used now."""
        place = self.place(kind, key)
        if not place.exists():
            return None
        os.utime(place)
        return place

    @contextmanager
    def alone(self, kind: str, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Nobody else makes a thing of this kind meanwhile, in this process or another.

        Args:
            waiting: called once if somebody does, before we wait for its end.
        """
        with (self.folder / f"{kind}.mutex").open("w") as mutex:
            try:
                fcntl.flock(mutex, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting is not None:
                    waiting()
                fcntl.flock(mutex, fcntl.LOCK_EX)
            yield

    def _forget(self, kind: str) -> None:
        made = [path for path in self.folder.glob(f"{kind}-*") if not path.name.endswith(".unfinished")]
        for path in sorted(made, key=lambda path: path.stat().st_mtime)[:-KEPT]:
            remove(path)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def cached(
    cache: Cache, progress: Progress, step: str, kind: str, key: str, make: Callable[[Path], None]
) -> Path:
    """Make a thing in a step of a build, unless it is there."""
    with progress.step(step) as say, cache.alone(kind):
        if made := cache.use(kind, key):
            say(AS_BEFORE)
            return made
        make(cache.unfinished(kind, key))
        return cache.keep(kind, key)

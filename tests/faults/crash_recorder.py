"""Watches the disk: what the till really writes, in order, as a trace from which crash states can be made.

SQLite's own files are seen through a VFS of apsw (main file, -wal, -journal, targets of VACUUM INTO). What Python does
beside it (``os.fsync`` of a copy, its renaming, the folder's sync) is seen by :class:`Watched`, which listens to calls
and changes nothing. A plain file that is given to the code by hand can append to the :class:`Trace` itself.

A write-ahead index (-shm) is not recorded: SQLite makes it anew when the first connection opens the file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

import apsw

_CREATE: Final = 0x4  # SQLITE_OPEN_CREATE
_DELETE_ON_CLOSE: Final = 0x8  # SQLITE_OPEN_DELETEONCLOSE: SQLite's own scratch files
_OS_CALLS: Final = frozenset({"fsync", "fdatasync", "replace", "rename", "unlink", "remove"})

Op = tuple[Any, ...]
"""("create", file), ("write", file, offset, bytes), ("truncate", file, size), ("sync", file), ("delete", file),
("rename", file, new name), ("sync-folder", folder), ("promise", number)."""


def folder_of(name: str) -> str:
    """The folder of a file of the trace; "" for the outermost."""
    return name.rpartition("/")[0]


@dataclass(slots=True)
class Trace:
    """What happened to the files under one folder, named by their path below it."""

    root: Path
    ops: list[Op] = field(default_factory=list)

    def add(self, *op: Any) -> None:
        """Append an operation."""
        self.ops.append(op)

    def name(self, path: str | Path) -> str:
        """How a file is called in the trace."""
        return os.path.relpath(path, self.root)


@dataclass(slots=True)
class Fault:
    """A disk that fails: at one write, sync or truncate, or from it on.

    Attributes:
        at: number of the operation that fails, counted from when it was armed; 0 for none.
        error: what the operation raises (``apsw.FullError``, ``apsw.IOError``).
        lasting: all after it fail as well.
        count: operations so far; fired: how many were failed; fell_on: what the first one was.
    """

    at: int = 0
    error: type[apsw.Error] = apsw.FullError
    lasting: bool = False
    count: int = 0
    fired: int = 0
    fell_on: str = ""

    def arm(self, at: int, error: type[apsw.Error], *, lasting: bool = False) -> None:
        """Fail the operation with this number from now; 0 ends it."""
        self.at, self.error, self.lasting = at, error, lasting
        self.count = self.fired = 0
        self.fell_on = ""

    def step(self, what: str) -> None:
        """Count an operation, and raise if it is one that fails."""
        self.count += 1
        if self.at and (self.count == self.at or (self.lasting and self.count > self.at)):
            self.fired += 1
            self.fell_on = self.fell_on or what
            raise self.error(f"made up: {what}")


class RecordingFile(apsw.VFSFile):
    """One of SQLite's files."""

    def __init__(self, base: str, path: Any, flags: list[int], vfs: RecordingVfs) -> None:
        text = path.filename() if isinstance(path, apsw.URIFilename) else path
        self._vfs = vfs
        self._name = "" if text is None or flags[0] & _DELETE_ON_CLOSE else vfs.trace.name(text)
        is_new = bool(self._name) and bool(flags[0] & _CREATE) and not Path(text).exists()
        super().__init__(base, path, flags)
        if is_new:
            vfs.trace.add("create", self._name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if not self._name:
            super().xWrite(data, offset)
            return
        self._vfs.fault.step(f"write {self._name}")
        super().xWrite(data, offset)
        self._vfs.trace.add("write", self._name, offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        if self._name:
            self._vfs.fault.step(f"truncate {self._name}")
        super().xTruncate(size)
        if self._name:
            self._vfs.trace.add("truncate", self._name, size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._name:
            self._vfs.fault.step(f"sync {self._name}")
        super().xSync(flags)
        if self._name and self._vfs.keeps_sync(self._name):
            self._vfs.trace.add("sync", self._name)


class RecordingVfs(apsw.VFS):
    """A VFS that tells a trace what it does; its name is what ``Database.open`` takes."""

    def __init__(
        self,
        name: str,
        trace: Trace,
        fault: Fault | None = None,
        keeps_sync: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Register it.

        Args:
            name: for ``Database.open``.
            trace: where it is written down.
            fault: fails what it says.
            keeps_sync: asked for each sync of a file; False makes it as if it had not been asked for (a defect).
        """
        self.trace = trace
        self.fault = fault or Fault()
        self.keeps_sync = keeps_sync
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordingFile:  # noqa: N802
        return RecordingFile("", name, flags, self)

    def xDelete(self, path: str, sync_folder: bool) -> None:  # noqa: N802
        super().xDelete(path, sync_folder)
        self.trace.add("delete", self.trace.name(path))
        if sync_folder:
            self.trace.add("sync-folder", folder_of(self.trace.name(path)))


class Watched:
    """Within this block, what Python's own ``os`` calls do to the folder is in the trace too.

    It listens as a profiler does. Which file a sync was for is found among the process's open files: it is the one
    under the folder that SQLite has not opened. Renames are found by the files' inode numbers.
    """

    def __init__(self, trace: Trace, ignore: Callable[[str], bool] = lambda _: False) -> None:
        """Watch.

        Args:
            trace: where it is written down.
            ignore: names that SQLite holds open.
        """
        self._trace = trace
        self._ignore = ignore
        self._before: dict[str, int] = {}

    def __enter__(self) -> None:
        sys.setprofile(self._called)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, _frame: FrameType, event: str, called: Any) -> None:
        if not event.startswith("c_") or getattr(called, "__module__", "") != "posix":
            return
        name = called.__name__
        if name not in _OS_CALLS:
            return
        if event == "c_call":
            self._before = self._inodes()
        elif event == "c_return":
            (self._synced if name in ("fsync", "fdatasync") else self._moved)()

    def _inodes(self) -> dict[str, int]:
        files = (path for path in self._trace.root.rglob("*") if path.is_file())
        return {self._trace.name(path): path.stat().st_ino for path in files}

    def _synced(self) -> None:
        for number in list(Path("/proc/self/fd").iterdir()):
            try:
                path = number.readlink()
            except OSError:
                continue  # the listing's own
            if not path.is_relative_to(self._trace.root):
                continue
            name = self._trace.name(path)
            if path.is_dir():
                self._trace.add("sync-folder", "" if name == "." else name)
            elif not self._ignore(name):
                self._learn(name, name)
                self._trace.add("sync", name)

    def _learn(self, name: str, now_called: str) -> None:
        """A file that nobody has written through us: it is there since somewhere before now, and not synced."""
        if any(op[0] in ("create", "write") and op[1] == name for op in self._trace.ops[-2_000:]):
            return
        self._trace.add("create", name)
        self._trace.add("write", name, 0, (self._trace.root / now_called).read_bytes())

    def _moved(self) -> None:
        now, before = self._inodes(), self._before
        for name, inode in before.items():
            if now.get(name) == inode:
                continue
            moved = [other for other, found in now.items() if found == inode and before.get(other) != inode]
            if moved:
                if not self._ignore(name):
                    self._learn(name, moved[0])
                self._trace.add("rename", name, moved[0])
            elif name not in now:
                self._trace.add("delete", name)

"""The second medium under the power cut: its files recorded, and read back as the till reads them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_disk import Disk, DiskFile, RealDisk
from appliance.storage.stick_errors import SecondMediumError
from appliance.storage.stick_owner import Owner
from tests.faults.crash_recorder import Trace

STICK: Final = "stick"
"""The folder, beside the till's file, at which the stick would be mounted."""


class RecordingFile:
    """A file on the stick that tells the trace what it does."""

    def __init__(self, real: DiskFile, name: str, trace: Trace) -> None:
        self._real, self._name, self._trace = real, name, trace

    def size(self) -> int:
        return self._real.size()

    def read(self, offset: int, size: int) -> bytes:
        return self._real.read(offset, size)

    def append(self, data: bytes) -> None:
        offset = self._real.size()
        self._real.append(data)
        self._trace.add("write", self._name, offset, bytes(data))

    def truncate(self, size: int) -> None:
        self._real.truncate(size)
        self._trace.add("truncate", self._name, size)

    def sync(self) -> None:
        self._real.sync()
        self._trace.add("sync", self._name)

    def is_there(self) -> bool:
        return self._real.is_there()

    def close(self) -> None:
        self._real.close()


class RecordingDisk:
    """The stick's files, recorded."""

    def __init__(self, trace: Trace) -> None:
        self._real, self._trace = RealDisk(), trace

    def is_there(self, folder: Path, *, is_mount: bool) -> bool:
        return self._real.is_there(folder, is_mount=is_mount)

    def open(self, path: Path, *, read_only: bool = False) -> DiskFile:
        is_new = not path.exists()
        file = RecordingFile(self._real.open(path, read_only=read_only), self._trace.name(path), self._trace)
        if is_new:
            self._trace.add("create", self._trace.name(path))
        return file

    def read(self, path: Path) -> bytes | None:
        return self._real.read(path)

    def names(self, folder: Path) -> list[str]:
        return self._real.names(folder)

    def make_folder(self, folder: Path) -> None:
        self._real.make_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._real.rename(old, new)
        self._trace.add("rename", self._trace.name(old), self._trace.name(new))

    def sync_folder(self, folder: Path) -> None:
        self._real.sync_folder(folder)
        self._trace.add("sync-folder", self._trace.name(folder))


class StickReader:
    """Opens sticks as they are after a power cut, with the till's own code, each content once."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        """Read in this folder."""
        self._folder, self._disk = folder, disk or RealDisk()
        self._known: dict[frozenset[tuple[str, int]], tuple[bytes, ...] | str] = {}

    def hashes(self, files: Mapping[str, bytes], owner: Owner) -> tuple[bytes, ...] | str:
        """The hashes of the entries that a stick holds, from the first; a sentence if it cannot be opened."""
        ours = {name: data for name, data in files.items() if name.startswith(f"{STICK}/")}
        key = frozenset((name, hash(data)) for name, data in ours.items())
        if key not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[key] = self._read(ours, owner)
        return self._known[key]

    def _read(self, files: Mapping[str, bytes], owner: Owner) -> tuple[bytes, ...] | str:
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder / STICK).mkdir(parents=True)
        for name, data in files.items():
            (self._folder / name).parent.mkdir(exist_ok=True)
            (self._folder / name).write_bytes(data)
        medium = SecondMedium(self._folder / STICK, owner, is_mount=False, disk=self._disk)
        try:
            medium.open()
            return tuple(entry.hash for entry in medium.entries_after(0))
        except SecondMediumError as error:
            return f"the stick does not open: {error}"
        finally:
            medium.close()

"""The second medium: the journal once more, as lines of text on a USB stick, so that the card alone cannot lose a sale.

``gapless-<first 8 of the till's id>/till.json`` says whose it is; ``journal.jsonl`` holds the entries (``lines``), each
appended and synced after its transaction on the card. One folder for each till: two tills may share a stick.

What a power cut leaves: an append that was not synced may be there in part, its pieces in any order. So the tail is
read at each opening, and everything from the first line on that is not whole, rightly hashed and linked is cut off. It
promised nothing (paper waits for the sync), and the card has it; but where it may hold whole lines, it is kept in a
file of its own first, as is a journal that does not join the card's: nothing is ever thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from appliance.storage.chain import FIRST, Entry, Link
from appliance.storage.lines import to_line
from appliance.storage.stick_disk import Disk, DiskFile, RealDisk
from appliance.storage.stick_errors import NoStickError, WrongTillError, stick_error
from appliance.storage.stick_lines import JOURNAL_FILE, SPAN, read_tail
from appliance.storage.stick_owner import OWNER_FILE, Owner


class SecondMedium:
    """The till's folder on the stick. For one thread; any call may hang for as long as the stick does."""

    def __init__(
        self, folder: Path, owner: Owner, *, is_mount: bool = True, disk: Disk | None = None
    ) -> None:
        """Say where it will be; nothing is opened yet.

        Args:
            folder: where sticks are mounted.
            owner: this till.
            is_mount: whether a folder at which nothing is mounted counts as no stick.
            disk: the files; the system's unless a test watches.
        """
        self.folder = folder / owner.folder_name
        self.owner = owner
        self._place, self._is_mount = folder, is_mount
        self._disk: Disk = disk or RealDisk()
        self._file: DiskFile | None = None
        self._head = Link(0, FIRST)

    @property
    def head(self) -> Link:
        """The newest entry that is there, synced; number 0 for none."""
        return self._head

    @property
    def is_open(self) -> bool:
        """Whether the file is open."""
        return self._file is not None

    def is_present(self) -> bool:
        """Whether a stick is plugged in, and is still the one that was opened."""
        try:
            there = self._disk.is_there(self._place, is_mount=self._is_mount)
            return there and (self._file is None or self._file.is_there())
        except OSError:
            return False

    def open(self) -> Link:
        """Open the journal, made if there is none, cut off what is torn, and say where it ends.

        Raises:
            SecondMediumError: a sentence that says why it cannot be used.
        """
        self.close()
        with self._translated():
            if not self.is_present():
                raise NoStickError("The stick is not plugged in.")
            self._introduce()
            file = self._disk.open(self.folder / JOURNAL_FILE)
            self._file = file
            if file.size() == 0:
                self._disk.sync_folder(self.folder)
            entries, end = read_tail(file)
            if end < file.size():
                self._cut(file, end)
            self._head = _link_of(entries)
        return self._head

    def append(self, entries: Sequence[Entry]) -> Link:
        """Append entries that follow the head; when it returns they are on the stick. Few are one write and one sync.

        Raises:
            SecondMediumError: they may be there, or not, or in part; the file is closed: open it again.
        """
        _check_follow(self._head, entries)
        with self._translated():
            for batch, data in _batches(entries):
                self._append(data)
                self._head = _link_of(batch)
        return self._head

    def entries_after(self, seq: int) -> list[Entry]:
        """All entries with a higher number, in order. Only what is new at the end is read.

        Raises:
            SecondMediumError: it cannot be read.
        """
        with self._translated():
            if self._file is None:
                raise NoStickError("The stick is not plugged in.")
            entries, _ = read_tail(self._file, lambda found: self._head.seq <= seq or found[0].seq <= seq + 1)
        return [each for each in entries if each.seq > seq]

    def set_aside(self) -> Path:
        """Give the journal another name, and begin an empty one: for one that is not of this till's chain.

        Returns:
            Its new name.
        """
        with self._translated():
            new = self._free_name("aside")
            if self._file is not None:
                self._file.close()
                self._file = None
            self._disk.rename(self.folder / JOURNAL_FILE, new)
            self._disk.sync_folder(self.folder)
        self.open()
        return new

    def close(self) -> None:
        """Close the file; a stick that is gone may refuse even that."""
        file, self._file = self._file, None
        self._head = Link(0, FIRST)
        _close_quietly(file)

    def _append(self, data: bytes) -> None:
        file = self._file
        if file is None or not self.is_present():
            raise NoStickError("The stick was taken out.")
        size = file.size()
        try:
            file.append(data)
            file.sync()
        except OSError:
            _take_back(file, size)
            raise

    def _introduce(self) -> None:
        """Say on the stick whose it is; the file is whole or not there, whenever the power goes."""
        if not self._disk.is_there(self.folder, is_mount=False):
            self._disk.make_folder(self.folder)
            self._disk.sync_folder(self._place)
        path = self.folder / OWNER_FILE
        data = self._disk.read(path)
        known = None if data is None else Owner.from_json(data)
        if known is not None and known.till_id != self.owner.till_id:
            raise WrongTillError(
                f"This stick belongs to another till, {known.name}. Plug in this till's own."
            )
        if known != self.owner:
            new = path.with_name(f"{OWNER_FILE}.new")
            file = self._disk.open(new)
            try:
                file.truncate(0)
                file.append(self.owner.to_json())
                file.sync()
            finally:
                file.close()
            self._disk.rename(new, path)
            self._disk.sync_folder(self.folder)

    def _cut(self, file: DiskFile, end: int) -> None:
        """Cut off what is torn; where a newline says that a whole line may be in it, keep it elsewhere first."""
        torn = file.read(end, file.size() - end)
        if b"\n" in torn:
            kept = self._disk.open(self._free_name("torn"))
            try:
                kept.append(torn)
                kept.sync()
            finally:
                kept.close()
            self._disk.sync_folder(self.folder)
        file.truncate(end)
        file.sync()

    def _free_name(self, word: str) -> Path:
        taken = set(self._disk.names(self.folder))
        name = next(n for i in count(1) if (n := f"journal-{word}-{i}.jsonl") not in taken)
        return self.folder / name

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            file, self._file = self._file, None
            _close_quietly(file)
            raise stick_error(error) from error


def _link_of(entries: Sequence[Entry]) -> Link:
    return Link(entries[-1].seq, entries[-1].hash, entries[-1].at) if entries else Link(0, FIRST)


def _batches(entries: Sequence[Entry]) -> Iterator[tuple[list[Entry], bytes]]:
    """What is written at once is less than what is read of the end: no tear is ever out of its sight."""
    batch: list[Entry] = []
    data = b""
    for entry in entries:
        line = to_line(entry).encode()
        if batch and len(data) + len(line) > SPAN // 2:
            yield batch, data
            batch, data = [], b""
        batch.append(entry)
        data += line
    if batch:
        yield batch, data


def _take_back(file: DiskFile, size: int) -> None:
    """What was not synced is not there, as far as the stick still obeys; the next opening looks anyway."""
    try:
        file.truncate(size)
        file.sync()
    except OSError:
        pass


def _check_follow(head: Link, entries: Sequence[Entry]) -> None:
    seq, hash_ = head.seq, head.hash
    for entry in entries:
        if entry.seq != seq + 1 or entry.previous != hash_:
            raise ValueError(f"Entry {entry.seq} does not follow entry {seq} on the stick.")
        seq, hash_ = entry.seq, entry.hash


def _close_quietly(file: DiskFile | None) -> None:
    try:
        if file is not None:
            file.close()
    except OSError:
        pass

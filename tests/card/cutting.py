"""A disk whose power goes at a chosen step: the step is not done, or half; what was not synced may be gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nacl.secret import SecretBox

from appliance.card.credentials import Run
from appliance.card.disk import Disk


class PowerCutError(BaseException):
    """The power went. Nothing of the program may go on, so it is no Exception."""


class CuttingDisk(Disk):
    """Counts its steps and ends at one of them.

    Attributes:
        steps: how many there were.
        cut_at: the step that is not done, 0 for never.
        tears: "" leaves a step undone; "head" and "tail" do that half of what it writes.
        loses: names that were not synced are gone after the cut, as if they had never been.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.cut_at = 0
        self.tears = ""
        self.loses = False
        self.kinds: list[str] = []
        self._unsynced: list[tuple[Path, Callable[[], object]]] = []

    def plug_in(self, cut_at: int = 0, tears: str = "", *, loses: bool = False) -> None:
        """The next boot."""
        self.steps, self.cut_at, self.tears, self.loses = 0, cut_at, tears, loses
        self.kinds.clear()
        self._unsynced.clear()

    def step(self, kind: str, half: Callable[[], object] = bool) -> None:
        """One step begins, or the power goes."""
        self.steps += 1
        self.kinds.append(kind)
        if self.steps == self.cut_at:
            if self.tears:
                half()
            if self.loses:
                for _, undo in reversed(self._unsynced):
                    undo()
            raise PowerCutError

    def make_folder(self, path: Path, mode: int) -> None:
        self.step("make_folder")
        super().make_folder(path, mode)

    def write(self, path: Path, content: bytes, mode: int) -> None:
        self.step("write", lambda: path.write_bytes(self._half(content)))
        super().write(path, content, mode)
        self._note(path, lambda: path.unlink(missing_ok=True))

    def rename(self, old: Path, new: Path) -> None:
        self.step("rename")
        content = old.read_bytes() if not old.is_symlink() else None
        before = new.read_bytes() if new.exists() else None
        mode = old.stat().st_mode if content is not None else 0
        super().rename(old, new)

        def undo() -> None:
            if content is None:
                return
            new.unlink(missing_ok=True)
            if before is not None:
                new.write_bytes(before)
            old.write_bytes(content)
            old.chmod(mode & 0o7777)

        self._note(new, undo)

    def sync_folder(self, path: Path) -> None:
        self.step("sync_folder")
        super().sync_folder(path)
        self._unsynced = [each for each in self._unsynced if each[0] != path]

    def overwrite(self, path: Path, offset: int, content: bytes) -> None:
        half = len(content) // 2
        parts = {"head": (offset, content[:half]), "tail": (offset + half, content[half:])}
        start, part = parts.get(self.tears, (offset, b""))
        self.step("overwrite", lambda: Disk.overwrite(self, path, start, part))
        super().overwrite(path, offset, content)

    def link(self, path: Path, target: str) -> None:
        self.step("link")
        super().link(path, target)

    def remove(self, path: Path) -> None:
        self.step("remove")
        content = path.read_bytes() if path.exists() and not path.is_symlink() else None
        super().remove(path)
        if content is not None:
            self._note(path, lambda: path.write_bytes(content))

    def _half(self, content: bytes) -> bytes:
        half = len(content) // 2
        return content[:half] if self.tears == "head" else bytes(half) + content[half:]

    def _note(self, path: Path, undo: Callable[[], object]) -> None:
        self._unsynced.append((path.parent, undo))


class QuickSeal:
    """Seals in the place of systemd-creds, which takes 20 ms each time: a thousand boots of cuts are about files.

    What it stands for is used by every other test of the set-up, cuts included.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._box = SecretBox(bytes(32))

    def __call__(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        if command[0] != "systemd-creds":
            return self._run(command, typed, environment)
        name = next(each for each in command if each.startswith("--name=")).encode() + b"\n"
        if command[1] == "encrypt":
            return bytes(self._box.encrypt(name + typed))
        opened = self._box.decrypt(typed)
        assert opened.startswith(name)
        return opened.removeprefix(name)


class CuttingRun:
    """Runs programs; each that changes something is a step too, done or not when the power goes."""

    def __init__(self, run: Run, disk: CuttingDisk) -> None:
        self._run, self._disk = run, disk

    def __call__(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        if command[0] == "systemd-creds":
            return self._run(command, typed, environment)
        self._disk.step("before a program")
        done = self._run(command, typed, environment)
        self._disk.step("after a program")
        return done

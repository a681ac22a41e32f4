"""New versions for a card, made from its own image: good ones, and such as no card must keep.

Each is the card's own root with another version in ``image.json``, packed quickly, and signed by ``image/bundle``. One
that migrates brings the till's file up to date as a later release may; one that crashes does the same, and ends.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from image.machine.disk import SECTOR, Partition, read_table, run
from image.machine.fat import Fat

IMAGE_DIRECTORY: Final = Path(__file__).parents[1]
BOOT, ROOT_A = 1, 2
_PLACE: Final = "usr/lib/gapless"
_BOOT_FILES: Final = "a"
STARTS_FROM: Final = ("vmlinuz", "initrd.img", "cmdline.txt")
MIGRATION: Final = "ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT '';\n"
_CRASHING: Final = '''\
"""A kiosk that brings the till's file up to date, and crashes."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from appliance.storage.database import Database

with Database.open(Path("/var/lib/till/till.db"), now=lambda: datetime.now(UTC)):
    sys.exit("This kiosk crashes, as it was made to.")
'''


@dataclass(frozen=True, slots=True)
class Version:
    """What a new version says of itself and does.

    Attributes:
        number: such as "0.2.0". build: seconds since 1970; where it is 0, later than the card's own.
        migrates: it brings the till's file up to date. crashes: and then its kiosk ends.
    """

    number: str
    build: int = 0
    migrates: bool = False
    crashes: bool = False


GOOD: Final = Version("0.2.0", migrates=True)


class Bundles:
    """Makes them.

    Args:
        image: the card's raw image.
        keys: the folder of the keys that the card trusts, of ``image/rauc/make-keys``.
        folder: for what is made, some 3 GB; what is there of the same image and keys is taken as it is.
    """

    def __init__(self, image: Path, keys: Path, folder: Path) -> None:
        self._image, self._keys, self.folder = image, keys, folder
        self._begin(f"{image.resolve()} {image.stat().st_mtime_ns} {keys.resolve()}\n")
        with image.open("rb") as file:
            self._parts: dict[int, Partition] = {each.number: each for each in read_table(file.read(SECTOR))}
        self._tree = folder / "tree"

    @property
    def own(self) -> dict[str, Any]:
        """What the card's own system says of itself."""
        words = run(["unsquashfs", "-q", "-n", "-cat", *self._window, f"{_PLACE}/image.json"])
        found: dict[str, Any] = json.loads(words)
        return found

    def make(self, name: str, version: Version, keys: Path | None = None) -> Path:
        """A bundle; ``keys`` are others than the card's where it is to be refused."""
        return self.sign(name, version, self.root(version), keys)

    def root(self, version: Version) -> Path:
        """The root file system of a version."""
        out = self.folder / f"{version.number}.root"
        if out.exists():
            return out
        self._unpack()
        place = self._tree / _PLACE
        said = self.own | {"version": version.number, "build": self._build(version)}
        (place / "image.json").write_text(json.dumps(said), encoding="utf-8")
        if version.migrates or version.crashes:
            folder = place / "appliance/storage/migrations"
            newest = max(int(path.name[:4]) for path in folder.glob("*.sql"))
            (folder / f"{newest + 1:04d}_rehearsed.sql").write_text(MIGRATION, encoding="utf-8")
        if version.crashes:
            program = place / "appliance/kiosk/__main__.py"
            program.write_text(_CRASHING, encoding="utf-8")
            for compiled in (program.parent / "__pycache__").glob("__main__.*.pyc"):
                compiled.unlink()  # it is believed without a look at its source
        quick = ["-comp", "zstd", "-Xcompression-level", "1", "-quiet", "-no-progress", "-no-xattrs"]
        run(["mksquashfs", self._tree, out, *quick], seconds=600)
        return out

    def small_root(self) -> Path:
        """A root that is never started, for a bundle that is refused by what it says of itself."""
        out = self.folder / "small.root"
        if out.exists():
            return out
        run(["mksquashfs", Path(__file__).parent, out, "-quiet", "-no-progress"])
        return out

    def sign(self, name: str, version: Version, root: Path, keys: Path | None = None) -> Path:
        """A bundle of a root, with the card's own kernel and initrd; the name stands for all else."""
        boot = self.folder / "boot"
        shutil.rmtree(boot, ignore_errors=True)
        boot.mkdir()
        run(["mcopy", "-n", "-s", "-i", self.fat_window, f"::{_BOOT_FILES}", boot])
        out = self.folder / f"{name}.raucb"
        if out.exists():
            return out
        words = ["--version", version.number, "--build", str(self._build(version))]
        words += ["--compatible", str(self.own["compatible"]), "--keys", str(keys or self._keys)]
        run(
            [IMAGE_DIRECTORY / "bundle", "--root", root, "--boot", boot / _BOOT_FILES, *words, out],
            seconds=600,
        )
        return out

    def other_keys(self) -> Path:
        """Keys that no card trusts."""
        folder = self.folder / "other-keys"
        if not folder.exists():
            run([IMAGE_DIRECTORY / "rauc/make-keys", folder])
        return folder

    def boot_files(self) -> dict[str, bytes]:
        """Kernel, initrd and command line, as the card came with them in slot A."""
        fat = Fat(self._image, self._parts[BOOT].start_bytes)
        return {name: fat.read(f"{_BOOT_FILES}/{name}") for name in STARTS_FROM}

    @property
    def fat_window(self) -> str:
        """The image's boot partition, for mtools."""
        return f"{self._image}@@{self._parts[BOOT].start_bytes}"

    @property
    def _window(self) -> list[str]:
        return ["-o", str(self._parts[ROOT_A].start_bytes), str(self._image)]

    def _build(self, version: Version) -> int:
        return version.build or int(self.own["build"]) + 1

    def _begin(self, mark: str) -> None:
        file = self.folder / "made-of"
        if not file.exists() or file.read_text(encoding="utf-8") != mark:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            file.write_text(mark, encoding="utf-8")

    def _unpack(self) -> None:
        """The card's own root, in a folder; where it is there, only our programs are taken anew."""
        ours = [f"{_PLACE}/appliance"] if self._tree.exists() else []
        if ours:
            shutil.rmtree(self._tree / ours[0])
        run(["unsquashfs", "-q", "-n", "-f", "-no-xattrs", "-d", self._tree, *self._window, *ours])


def tampered(bundle: Path, out: Path) -> Path:
    """The same bundle with a few bytes changed in its middle; its signature still fits its manifest."""
    run(["cp", "--reflink=auto", bundle, out])
    with out.open("r+b") as file:
        file.seek(out.stat().st_size // 2)
        file.write(b"\x5a" * 64)
    return out

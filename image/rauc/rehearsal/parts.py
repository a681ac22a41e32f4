"""What a rehearsal needs: the card with a system of one version, and bundles of others, good and bad."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from image.machine.fat import Fat

HERE: Final = Path(__file__).parent
REPOSITORY: Final = HERE.parents[2]
ROOT_A_OFFSET: Final = (4 + 256) * 1024 * 1024
BOOT_OFFSET: Final = 4 * 1024 * 1024
BUILD: Final = 1763700000
UNWANTED: Final = (
    "usr/lib/gapless/kivy", "usr/lib/gapless/Kivy.libs", "usr/lib/gapless/PIL", "usr/lib/gapless/pillow.libs",
    "usr/lib/gapless/numpy", "usr/lib/firmware", "usr/share/fonts", "usr/share/icons", "usr/share/locale",
)  # fmt: skip
WANTED_DRIVERS: Final = ("block", "char", "md", "virtio")
UNWANTED_LIBRARIES: Final = ("libLLVM*", "dri", "libgallium*", "libz3*", "libicu*", "gstreamer-1.0")
MIGRATION: Final = "ALTER TABLE person ADD COLUMN nickname{} TEXT NOT NULL DEFAULT '';\n"


@dataclass(frozen=True, slots=True)
class System:
    """One version of the card's system.

    Attributes:
        version, build: what it says of itself.
        kiosk: "draws" or "crashes".
        migrates: how many migrations it has that the first version does not know.
    """

    version: str
    build: int
    kiosk: str = "draws"
    migrates: int = 1


FIRST: Final = System("0.1.0", BUILD, migrates=0)


def run(*command: object) -> str:
    """Run a command to its end."""
    return subprocess.run([str(each) for each in command], check=True, capture_output=True, text=True).stdout


class Parts:
    """Makes them, in a folder of its own."""

    def __init__(self, image: Path, work: Path, rauc: str) -> None:
        """Say from what: a card's image, which may change meanwhile, and which rauc makes bundles."""
        self.image, self.work, self._rauc = work / "image.img", work, rauc
        run("cp", "--sparse=always", image, self.image)
        self._tree = work / "tree"
        self._compatible = ""

    def unpack(self) -> None:
        """Take the card's root apart, leave out what only the screen needs, and put the rehearsal in."""
        shutil.rmtree(self._tree, ignore_errors=True)
        run("unsquashfs", "-q", "-n", "-no-xattrs", "-o", ROOT_A_OFFSET, "-d", self._tree, self.image)
        drivers = self._tree.glob("usr/lib/modules/*/kernel/drivers/*")
        unwanted = [self._tree / name for name in UNWANTED]
        unwanted += [path for path in drivers if path.name not in WANTED_DRIVERS]
        unwanted += [
            path
            for name in UNWANTED_LIBRARIES
            for path in self._tree.glob(f"usr/lib/x86_64-linux-gnu/{name}")
        ]
        run("rm", "-rf", *unwanted)
        place = self._tree / "usr/lib/gapless"
        (place / "rehearsal").mkdir()
        for name in ("init", "systemctl", "runuser"):
            shutil.copy(HERE / "guest" / name, place / "rehearsal" / name)
            (place / "rehearsal" / name).chmod(0o755)
        (place / "tests/storage").mkdir(parents=True)
        shutil.copy(HERE / "guest/rehearsal.py", place / "tests/rehearsal.py")
        shutil.copy(REPOSITORY / "tests/storage/samples.py", place / "tests/storage/samples.py")
        self._fresh_programs(place)
        self._compatible = json.loads((place / "image.json").read_text("utf-8"))["compatible"]
        self.keys = self._keys("keys")
        shutil.copy(self.keys / "keyring.pem", self._tree / "etc/rauc/keyring.pem")

    def _fresh_programs(self, place: Path) -> None:
        """Today's programs, hook and backend, whatever the image was built from."""
        shutil.rmtree(place / "appliance")
        shutil.copytree(
            REPOSITORY / "appliance", place / "appliance", ignore=shutil.ignore_patterns("__pycache__")
        )
        shutil.copy(HERE.parent / "backend", place / "rauc-backend")
        (self._tree / "etc/rauc").mkdir(exist_ok=True)
        said = json.loads((place / "image.json").read_text("utf-8"))
        text = (HERE.parent / "system.conf").read_text("utf-8")
        text = text.replace("@VERSION@", FIRST.version).replace("@COMPATIBLE@", said["compatible"])
        (self._tree / "etc/rauc/system.conf").write_text(text, encoding="utf-8")

    def _keys(self, name: str) -> Path:
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        run(HERE.parent / "make-keys", folder)
        return folder

    def root(self, system: System) -> Path:
        """The root file system of a version."""
        place = self._tree / "usr/lib/gapless"
        said: dict[str, Any] = json.loads((place / "image.json").read_text("utf-8"))
        said |= {"version": system.version, "build": system.build}
        (place / "image.json").write_text(json.dumps(said), encoding="utf-8")
        part = {"kiosk": system.kiosk}
        (place / "rehearsal.json").write_text(json.dumps(part), encoding="utf-8")
        migrations = place / "appliance/storage/migrations"
        newest = max(
            int(path.name[:4]) for path in (REPOSITORY / "appliance/storage/migrations").glob("*.sql")
        )
        for number in (1, 2):
            migration = migrations / f"{newest + number:04d}_rehearsal.sql"
            migration.unlink(missing_ok=True)
            if number <= system.migrates:
                migration.write_text(MIGRATION.format(number), encoding="utf-8")
        out = self.work / f"{system.version}-{system.build}-{system.kiosk}.root"
        out.unlink(missing_ok=True)
        run(
            "mksquashfs",
            self._tree,
            out,
            "-comp",
            "zstd",
            "-Xcompression-level",
            "1",
            "-quiet",
            "-no-progress",
        )
        return out

    def card(self, root: Path) -> Path:
        """A card with that system in slot A."""
        card = self.work / "card.img"
        run("cp", "--sparse=always", self.image, card)
        run(
            "dd",
            f"if={root}",
            f"of={card}",
            "bs=1M",
            f"seek={ROOT_A_OFFSET >> 20}",
            "conv=notrunc,sparse",
            "status=none",
        )
        return card

    def boot_files(self, system: System | None) -> dict[str, bytes]:
        """What is in a slot's folder: as the card came, or as a bundle of a version fills it (for slot B)."""
        fat = Fat(self.image, BOOT_OFFSET)
        files = {name: fat.read(f"a/{name}") for name in ("vmlinuz", "initrd.img", "cmdline.txt")}
        if system is not None:
            line = (
                files["cmdline.txt"]
                .decode("ascii")
                .strip()
                .replace("ed-02", "ed-03")
                .replace("slot=A", "slot=B")
            )
            files["cmdline.txt"] = f"{line} rehearsal.version={system.version}\n".encode("ascii")
        return files

    def small_root(self) -> Path:
        """A root that is never started: for bundles that are refused by what they say of themselves."""
        out = self.work / "small.root"
        out.unlink(missing_ok=True)
        run("mksquashfs", HERE, out, "-quiet", "-no-progress")
        return out

    def bundle(self, name: str, root: Path, system: System, keys: Path | None = None) -> Path:
        """A bundle of a version, with the card's own kernel and initrd."""
        boot = self.work / "bundle-boot"
        shutil.rmtree(boot, ignore_errors=True)
        boot.mkdir()
        fat = Fat(self.image, BOOT_OFFSET)
        for each in ("vmlinuz", "initrd.img", "cmdline.txt"):
            (boot / each).write_bytes(fat.read(f"a/{each}"))
        line = (boot / "cmdline.txt").read_text("ascii").strip()
        (boot / "cmdline.txt").write_text(f"{line} rehearsal.version={system.version}\n", encoding="ascii")
        out = self.work / f"{name}.raucb"
        out.unlink(missing_ok=True)
        run(
            REPOSITORY / "image/bundle", "--root", root, "--boot", boot, "--version", system.version,
            "--build", system.build, "--compatible", self._compatible, "--keys", keys or self.keys,
            "--rauc", self._rauc, out,
        )  # fmt: skip
        return out

    def other_keys(self) -> Path:
        """Keys that the card does not know."""
        return self._keys("other-keys")

    def stick(self, *bundles: Path) -> Path:
        """A stick with bundles on it."""
        folder, out = self.work / "stick", self.work / f"{bundles[0].stem}.stick"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for each in bundles:
            shutil.copy(each, folder)
        size = sum(each.stat().st_size for each in bundles) // 1_000_000 * 11 // 10 + 16
        out.unlink(missing_ok=True)
        run("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-d", folder, out, f"{size}M")
        return out


def tampered(bundle: Path, out: Path) -> Path:
    """The same bundle with a few bytes changed in its middle; its signature still fits its manifest."""
    shutil.copy(bundle, out)
    with out.open("r+b") as file:
        file.seek(out.stat().st_size // 2)
        file.write(b"\x5a" * 64)
    return out

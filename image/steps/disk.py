"""Files that are partitions, laid one after the other into a file that is a card."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from image.steps.caching import remove
from image.steps.card import DATA_HASH_SEED, DATA_UUID, SECTOR, Partition, card_bytes, layout, table
from image.steps.commands import Commands
from image.steps.errors import BuildError

CHUNK = 1024 * 1024
FOLDERS_OF_DATA = {"till": 0o2770, "system": 0o700, "system/lib": 0o755, "system/rauc": 0o700}
JOURNAL_MIB = 16
TOOLS = ("base-files", "coreutils", "dosfstools", "e2fsprogs", "findutils", "mtools", "squashfs-tools")
"""What makes the partitions: of the card's Debian, as another's packs the same files differently."""


def build_root(commands: Commands, tree: Path, level: int, place: Path) -> None:
    """Pack a tree: every file of one time, in order, so that one commit gives one root, bit for bit."""
    time = str(commands.epoch)
    squash: list[str | Path] = [
        "mksquashfs",
        tree,
        place,
        "-comp",
        "zstd",
        "-Xcompression-level",
        str(level),
        "-b",
        "256K",
    ]
    squash += ["-noappend", "-no-progress", "-quiet", "-all-time", time, "-mkfs-time", time]
    remove(place)
    # It refuses both ways of being told the time at once.
    commands.run(["env", "--unset=SOURCE_DATE_EPOCH", *squash])
    size = next(part.size_bytes for part in layout() if part.name == "root-a")
    if place.stat().st_size > size:
        raise BuildError(f"the root is {place.stat().st_size} bytes, and its partition {size}")


def build_data(commands: Commands, owner: tuple[int, int], place: Path) -> None:
    """Make the data partition: empty but for the folders that the card's mounts need.

    Args:
        owner: user and group of the till on the card.
    """
    content = place.with_suffix(".content")
    remove(content)
    content.mkdir(mode=0o755)
    for name, mode in FOLDERS_OF_DATA.items():
        (content / name).mkdir()
        (content / name).chmod(mode)
    shutil.chown(content / "till", *owner)
    (content / "till").chmod(FOLDERS_OF_DATA["till"])  # a change of owner takes the group's bit away
    data = next(part for part in layout() if part.name == "data")
    _empty_file(place, data.size_bytes)
    commands.run(
        ["find", content, "-exec", "touch", "--no-dereference", f"--date=@{commands.epoch}", "{}", "+"]
    )
    extended = f"hash_seed={DATA_HASH_SEED},lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0"
    make: list[str | Path] = [
        "mkfs.ext4",
        "-q",
        "-F",
        "-b",
        "4096",
        "-L",
        "till-data",
        "-U",
        DATA_UUID,
        "-E",
        extended,
    ]
    make += ["-J", f"size={JOURNAL_MIB}", "-m", "1", "-d", content, place]
    at_commit = {"E2FSPROGS_FAKE_TIME": str(commands.epoch)}
    commands.run(make, env=at_commit)
    # It copies when a folder was last changed here, which nothing but this can set.
    fields = (("ctime", f"@{commands.epoch}"), ("ctime_extra", "0"))
    script = [
        f"set_inode_field /{name} {field} {value}" for name in FOLDERS_OF_DATA for field, value in fields
    ]
    commands.run(["debugfs", "-w", "-f", "-", place], stdin="\n".join(script) + "\n", env=at_commit)
    remove(content)


def assemble(commands: Commands, files: Mapping[str, Path], place: Path) -> None:
    """Lay the partitions into a card's image; what is zero stays unwritten."""
    partitions = layout()
    _empty_file(place, card_bytes(partitions))
    commands.run(["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", place], stdin=table(partitions))
    for partition in partitions:
        if partition.name in files:
            _lay(files[partition.name], partition, place)


def _lay(file: Path, partition: Partition, place: Path) -> None:
    if file.stat().st_size > partition.size_bytes:
        raise BuildError(f"{file.name} does not fit into the partition {partition.name}")
    zero = bytes(CHUNK)
    with file.open("rb") as source, place.open("r+b") as card:
        at = partition.start_bytes
        while chunk := source.read(CHUNK):
            if chunk != zero[: len(chunk)]:
                card.seek(at)
                card.write(chunk)
            at += len(chunk)


def _empty_file(place: Path, size: int) -> None:
    if size % SECTOR:
        raise BuildError(f"{place.name}: {size} bytes are no whole sectors")
    remove(place)
    with place.open("wb") as file:
        file.truncate(size)


def map_blocks(commands: Commands, card: Path) -> None:
    """Write the map that saves a technician the writing of what is empty."""
    commands.run(["bmaptool", "create", "--output", card.with_suffix(".bmap"), card])


def pack(commands: Commands, card: Path, level: int) -> None:
    """Write the image as it is fetched. Most of it is packed already: a high level only takes longer."""
    commands.run(
        ["zstd", "--quiet", "--force", f"-{level}", "-T0", "-o", card.with_name(card.name + ".zst"), card]
    )

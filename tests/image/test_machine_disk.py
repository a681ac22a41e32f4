"""The card as files: partition table, FAT (by the real mtools), and the computer that its kernel is for."""

import gzip
import struct
from pathlib import Path

import pytest

from image.machine.arch import AMD64, ARM64, arch_of
from image.machine.disk import Partition, read_table, run
from image.machine.errors import MachineError
from image.machine.fat import Fat
from image.machine.firmware import read_boot

MIB = 1 << 20


def table(*entries: tuple[int, int, int]) -> bytes:
    sector = bytearray(512)
    sector[510:] = b"\x55\xaa"
    for number, (kind, start, size) in enumerate(entries):
        sector[446 + 16 * number : 462 + 16 * number] = struct.pack("<4xB3xII", kind, start, size)
    return bytes(sector)


def test_partitions_are_read_from_the_table() -> None:
    found = read_table(table((0x0C, 8192, 524288), (0x83, 532480, 2048), (0, 0, 0), (0x83, 534528, 4096)))
    assert found == (
        Partition(1, 0x0C, 4 * MIB, 256 * MIB),
        Partition(2, 0x83, 260 * MIB, MIB),
        Partition(4, 0x83, 261 * MIB, 2 * MIB),
    )


@pytest.mark.parametrize("sector", [b"", bytes(512), b"\x55\xaa"])
def test_what_is_no_table_is_refused(sector: bytes) -> None:
    with pytest.raises(MachineError, match="no partition table"):
        read_table(sector)


@pytest.fixture
def fat(tmp_path: Path) -> Fat:
    path = tmp_path / "card.img"
    with path.open("wb") as file:
        file.truncate(40 * MIB)
    run(["mkfs.vfat", "-F", "32", "--offset", str(4 * MIB // 512), path, str(36 * 1024)])
    run(["mmd", "-i", f"{path}@@{4 * MIB}", "::b"])
    return Fat(path, 4 * MIB)


def test_files_are_read_and_replaced_where_the_partition_begins(fat: Fat) -> None:
    fat.write("till.toml", b"one")
    fat.write("till.toml", "zwei £".encode())
    fat.write("b/vmlinuz", bytes(range(256)))
    assert fat.read("till.toml").decode() == "zwei £"
    assert fat.read("b/vmlinuz") == bytes(range(256))
    assert fat.has("b/vmlinuz")
    assert not fat.has("a/vmlinuz")
    assert sorted(fat.names()) == ["b", "till.toml"]


def test_a_missing_file_is_named(fat: Fat) -> None:
    with pytest.raises(MachineError, match="mcopy"):
        fat.read("nothing.txt")


def test_the_firmware_reads_a_real_boot_partition(fat: Fat) -> None:
    fat.write("config.txt", b"os_prefix=a/\ninclude slot.txt\nkernel=vmlinuz\n")
    fat.write("slot.txt", b"os_prefix=b/\n".ljust(512, b"\n"))
    fat.write("b/vmlinuz", b"")
    fat.write("b/cmdline.txt", b"quiet\n")
    boot = read_boot(fat)
    assert (boot.prefix, boot.kernel, boot.initrd, boot.line) == ("b/", "b/vmlinuz", "", "quiet")


def test_a_kernel_tells_its_computer_by_its_head() -> None:
    arm, amd = bytearray(4096), bytearray(4096)
    arm[0x38:0x3C] = b"ARM\x64"
    amd[0x202:0x206] = b"HdrS"
    assert arch_of(bytes(arm)) is ARM64
    assert arch_of(gzip.compress(bytes(arm))) is ARM64
    assert arch_of(bytes(amd)) is AMD64
    with pytest.raises(MachineError, match="neither"):
        arch_of(bytes(4096))


def test_a_program_that_fails_is_named_with_its_words() -> None:
    with pytest.raises(MachineError, match="is not installed"):
        run(["no-such-program"])
    with pytest.raises(MachineError, match=r"sh failed \(3\): why"):
        run(["sh", "-c", "echo why >&2; exit 3"])
    with pytest.raises(MachineError, match="did not end"):
        run(["sleep", "5"], seconds=0.1)

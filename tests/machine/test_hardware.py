"""The fingerprint, on made-up copies of what the kernel shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appliance.domain.hardware import UNKNOWN, Part, changed_parts, fingerprint
from appliance.machine.hardware import board_number, card_number, hardware_id

SERIAL = b"10000000a3c1d2e4\0"
CID = "035344534c3332478028e9cae800eb00"
MMC = "devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa"
USB = "devices/platform/scb/fd500000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0/usb2"
NVME = "devices/platform/axi/1000110000.pcie/pci0000:00/0000:00:00.0/0000:01:00.0/nvme/nvme0"


class Machine:
    """A made-up ``/proc`` and ``/sys``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "sys/dev/block").mkdir(parents=True)

    def write(self, path: str, content: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())

    def disk(self, number: str, path: str) -> int:
        """A block device under its number, as the kernel links it; returns its ``st_dev``."""
        target = self.root / "sys" / path
        target.mkdir(parents=True, exist_ok=True)
        link = self.root / "sys/dev/block" / number
        link.symlink_to(os.path.relpath(target, link.parent))
        return os.makedev(*map(int, number.split(":")))

    def card(self, cid: str = CID, number: str = "179:2", host: str = MMC) -> int:
        self.write(f"sys/{host}/cid", cid)
        self.write(f"sys/{host}/serial", "0x28e9cae8")
        return self.disk(number, f"{host}/block/mmcblk0/mmcblk0p2")

    def usb_disk(self, serial: str | None) -> int:
        self.write(f"sys/{USB}/idVendor", "1d6b")
        self.write(f"sys/{USB}/serial", "0000:01:00.0")
        self.write(f"sys/{USB}/2-1/idVendor", "152d")
        if serial is not None:
            self.write(f"sys/{USB}/2-1/serial", serial)
        return self.disk("8:2", f"{USB}/2-1/2-1:1.0/host0/target0:0:0/0:0:0:0/block/sda/sda2")

    def number(self, device: int) -> str:
        return card_number(device, self.root)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "root")
    made.write("sys/firmware/devicetree/base/serial-number", SERIAL)
    return made


def test_a_board_is_known_by_the_serial_number_of_its_device_tree(machine: Machine) -> None:
    assert board_number(machine.root) == "10000000a3c1d2e4"


def test_the_board_is_the_same_where_only_one_of_the_two_paths_can_be_seen(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.write("proc/device-tree/serial-number", SERIAL)
    assert board_number(tmp_path) == "10000000a3c1d2e4"


@pytest.mark.parametrize("serial", [b"", b"\0", b"0000000000000000\0"])
def test_a_board_whose_firmware_gives_no_number_is_unknown(tmp_path: Path, serial: bytes) -> None:
    Machine(tmp_path).write("sys/firmware/devicetree/base/serial-number", serial)
    assert board_number(tmp_path) == ""


def test_a_card_is_known_by_what_its_maker_burned_in(machine: Machine) -> None:
    assert machine.number(machine.card()) == f"mmc {CID[:30]}"


def test_a_driver_that_shows_the_check_sum_of_the_card_changes_nothing(
    machine: Machine, tmp_path: Path
) -> None:
    other = Machine(tmp_path / "other")
    assert machine.number(machine.card(CID)) == other.number(other.card(f"{CID[:30]}f7"))


def test_a_new_kernel_that_names_the_host_and_the_disk_anew_changes_nothing(
    machine: Machine, tmp_path: Path
) -> None:
    other = Machine(tmp_path / "other")
    elsewhere = "devices/platform/soc/3f202000.mmc/mmc_host/mmc1/mmc1:59b4"
    assert machine.number(machine.card()) == other.number(other.card(number="179:34", host=elsewhere))


def test_another_card_in_a_reader_is_not_looked_at(machine: Machine) -> None:
    device = machine.card()
    before = machine.number(device)
    machine.usb_disk("20200101")
    machine.write("sys/devices/platform/other/mmc_host/mmc1/mmc1:0001/cid", "ff" * 16)
    machine.disk("179:34", "devices/platform/other/mmc_host/mmc1/mmc1:0001/block/mmcblk1/mmcblk1p1")
    assert machine.number(device) == before


def test_a_usb_disk_is_known_by_its_own_descriptor(machine: Machine) -> None:
    assert machine.number(machine.usb_disk("DB9876543214E")) == "usb DB9876543214E"


def test_a_usb_disk_without_a_number_does_not_go_by_that_of_its_hub(machine: Machine) -> None:
    assert machine.number(machine.usb_disk(None)) == ""


def test_an_nvme_disk_is_known_by_its_controller(machine: Machine) -> None:
    machine.write(f"sys/{NVME}/serial", "S64FNE0R400000      ")
    assert machine.number(machine.disk("259:2", f"{NVME}/nvme0n1/nvme0n1p2")) == "nvme S64FNE0R400000"


def test_an_encrypted_volume_is_the_card_below_it(machine: Machine) -> None:
    machine.card()
    volume = machine.disk("254:0", "devices/virtual/block/dm-0")
    slaves = machine.root / "sys/devices/virtual/block/dm-0/slaves"
    slaves.mkdir()
    (slaves / "mmcblk0p2").symlink_to(machine.root / "sys" / MMC / "block/mmcblk0/mmcblk0p2")
    assert machine.number(volume) == f"mmc {CID[:30]}"


def test_a_virtual_disk_is_unknown_whatever_its_host_calls_it(machine: Machine) -> None:
    machine.write("sys/devices/pci0000:00/0000:00:02.0/virtio1/block/vda/serial", "overlayblk")
    assert machine.number(machine.disk("254:3", "devices/pci0000:00/0000:00:02.0/virtio1/block/vda")) == ""


def test_a_folder_that_is_on_no_disk_is_unknown(machine: Machine) -> None:
    assert machine.number(os.makedev(0, 57)) == ""


def test_the_fingerprint_is_of_the_disk_that_the_folder_is_on(machine: Machine, tmp_path: Path) -> None:
    device = tmp_path.stat().st_dev
    machine.card(number=f"{os.major(device)}:{os.minor(device)}")
    wanted = fingerprint("10000000a3c1d2e4", f"mmc {CID[:30]}")
    assert hardware_id(tmp_path, machine.root) == wanted
    assert hardware_id(tmp_path / "not" / "there yet", machine.root) == wanted


def test_the_fingerprint_tells_none_of_its_numbers(machine: Machine) -> None:
    text = fingerprint("10000000a3c1d2e4", CID)
    assert len(text) == 64
    assert "a3c1d2e4" not in text
    assert CID[:8] not in text


def test_a_computer_without_any_number_is_the_same_at_each_start(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    first = hardware_id(tmp_path, tmp_path)
    (tmp_path / "etc/machine-id").write_text("3d1219c7c4c5404aaa1f6d2a48adfda4\n")
    assert hardware_id(tmp_path, tmp_path) == first == UNKNOWN * 2


@pytest.mark.parametrize(
    ("bound", "here", "changed"),
    [
        (("A", "1"), ("A", "1"), ()),
        (("A", "1"), ("B", "1"), (Part.COMPUTER,)),
        (("A", "1"), ("A", "2"), (Part.CARD,)),
        (("A", "1"), ("B", "2"), (Part.COMPUTER, Part.CARD)),
        (("A", "1"), ("", ""), ()),
        (("", ""), ("B", "2"), ()),
        (("A", "1"), ("", "2"), (Part.CARD,)),
        (("", "1"), ("B", "1"), ()),
    ],
)
def test_only_what_is_known_both_times_can_have_changed(
    bound: tuple[str, str], here: tuple[str, str], changed: tuple[Part, ...]
) -> None:
    assert changed_parts(fingerprint(*bound), fingerprint(*here)) == changed

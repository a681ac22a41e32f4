"""The initrd's own choice of the root: the card's, also beside a stick that is a copy of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

TILL_CARD = Path(__file__).parents[2] / "image/overlay/etc/initramfs-tools/scripts/local-top/till-card"
CARD, STICK = "/dev/mmcblk0p2", "/dev/sda2"
PLACES = {
    CARD: "../../devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2",
    STICK: "../../devices/platform/scb/fd500000.pcie/0000:01:00.0/usb1/1-1/1-1.4/1-1.4:1.0/host0/block/sda/sda2",
}


def started(folder: Path, *looks: tuple[str, ...], line: str = "root=PARTUUID=6a1e55ed-02 ro") -> str:
    """Run it; each of its looks finds other disks, the last for good. Returns what it leaves for the root."""
    for name in ("proc", "sys/class/block", "run", "conf", "bin"):
        (folder / name).mkdir(parents=True)
    (folder / "proc/cmdline").write_text(f"console=tty1 {line} rauc.slot=A\n")
    for device, place in PLACES.items():
        (folder / "sys/class/block" / device.removeprefix("/dev/")).symlink_to(place)
    for number, devices in enumerate(looks):
        (folder / f"look{number}").write_text("\n".join(devices))
    found = f'''#!/bin/sh
        case "$*" in *PARTUUID=6a1e55ed-02*) ;; *) exit 1 ;; esac
        read -r number <"{folder}/looks" || number=0
        echo $((number + 1)) >"{folder}/looks"
        [ -e "{folder}/look$number" ] || number={len(looks) - 1}
        cat "{folder}/look$number"
    '''
    for name, script in {"blkid": found, "sleep": "#!/bin/sh\n"}.items():
        (folder / "bin" / name).write_text(script)
        (folder / "bin" / name).chmod(0o755)
    (folder / "looks").write_text("0\n")
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}"}
    subprocess.run(["sh", TILL_CARD, "in", folder], env=environment, check=True, timeout=60)
    left = folder / "conf/param.conf"
    return left.read_text().strip() if left.exists() else ""


def is_inside(folder: Path) -> bool:
    return (folder / "run/till-card-inside").exists()


@pytest.mark.parametrize("devices", [(CARD,), (CARD, STICK), (STICK, CARD)], ids=["alone", "first", "last"])
def test_the_card_is_started_from_whatever_is_in_the_sockets(
    tmp_path: Path, devices: tuple[str, ...]
) -> None:
    assert started(tmp_path, devices) == f"ROOT={CARD}"
    assert is_inside(tmp_path)


def test_a_card_that_comes_after_its_copy_is_waited_for(tmp_path: Path) -> None:
    assert started(tmp_path, (), (STICK,), (STICK,), (STICK, CARD)) == f"ROOT={CARD}"
    assert is_inside(tmp_path)


def test_a_till_without_a_card_starts_from_usb_and_leaves_it_its_names(tmp_path: Path) -> None:
    assert started(tmp_path, (), (), (STICK,)) == f"ROOT={STICK}"
    assert not is_inside(tmp_path)


def test_a_disk_that_nobody_finds_is_left_to_who_can_say_so(tmp_path: Path) -> None:
    assert started(tmp_path, ()) == ""
    assert not is_inside(tmp_path)


def test_another_root_is_none_of_its_business(tmp_path: Path) -> None:
    assert started(tmp_path, (CARD,), line="root=/dev/nfs") == ""

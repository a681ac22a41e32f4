"""What goes where: the lists of packages, the tables of files, the partitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.card.opening import DEVICE
from image.steps.boot import command_line, slot_text
from image.steps.card import ALIGNMENT, SECTOR, card_bytes, layout, table
from image.steps.errors import BuildError
from image.steps.installing import install, read_table
from image.steps.packages import read_packages
from image.steps.tree import owner, read_masked, same_day

ROOT = Path(__file__).parents[2]


def _list(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "packages.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_package_for_one_architecture_is_left_out_of_the_other(tmp_path: Path) -> None:
    path = _list(tmp_path, "# Starts it.\nlinux-image-arm64 [arm64]\nlinux-image-amd64 [amd64]\nudev\n")
    assert read_packages(path, "arm64") == ["linux-image-arm64", "udev"]
    assert read_packages(path, "amd64") == ["linux-image-amd64", "udev"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Why.\nudev\n\nkmod\n", "line 4: kmod stands in a group that does not say why"),
        ("# Why.\nudev\nudev\n", "line 3: udev stands there twice"),
        ("# Why.\nudev [riscv]\n", "line 2: 'udev [riscv]' is no package"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BuildError, match="line") as refused:
        read_packages(_list(tmp_path, text), "amd64")
    assert said in str(refused.value)


@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_the_cards_own_list_is_read(arch: str) -> None:
    packages = read_packages(ROOT / "image/packages.txt", arch)
    assert f"linux-image-{arch}" in packages
    assert ("raspi-firmware" in packages) == (arch == "arm64")


def test_a_file_is_installed_where_its_table_says(tmp_path: Path) -> None:
    (tmp_path / "from/udev").mkdir(parents=True)
    (tmp_path / "from/udev/60-till.rules").write_text("rule", encoding="utf-8")
    (tmp_path / "from/say").write_text("#!/bin/sh", encoding="utf-8")
    text = "udev/60-till.rules /usr/lib/udev/rules.d/ 0644  # why\n\nsay /usr/bin/till-say 0755\n"
    (tmp_path / "from/INSTALL").write_text(text, encoding="utf-8")
    install(read_table(tmp_path / "from/INSTALL"), tmp_path / "tree")
    assert (tmp_path / "tree/usr/lib/udev/rules.d/60-till.rules").read_text(encoding="utf-8") == "rule"
    assert (tmp_path / "tree/usr/bin/till-say").stat().st_mode & 0o7777 == 0o755


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("there /usr/bin/", "not `source target mode`"),
        ("there /usr/bin/ rwx", "not `source target mode`"),
        ("nowhere /usr/bin/ 0755", "nowhere is not there"),
        ("there usr/bin/ 0755", "no absolute path"),
        ("there /usr/../../etc/ 0755", "no absolute path"),
        ("there /usr/bin/ 0755\nthere /usr/bin/there 0644", "line 2: /usr/bin/there is installed twice"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "there").touch()
    (tmp_path / "INSTALL").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BuildError) as refused:
        read_table(tmp_path / "INSTALL")
    assert said in str(refused.value)


def test_partitions_lie_one_after_the_other_and_begin_where_a_card_erases() -> None:
    partitions = layout()
    assert [part.name for part in partitions] == ["boot", "root-a", "root-b", "data"]
    for one, other in zip(partitions, partitions[1:], strict=False):
        assert one.start_bytes + one.size_bytes == other.start_bytes
    assert all(part.start_bytes % ALIGNMENT == 0 for part in partitions)
    assert partitions[1].size_bytes == partitions[2].size_bytes
    assert card_bytes(partitions) == partitions[3].start_bytes + partitions[3].size_bytes


def test_the_table_of_partitions_names_the_card_and_its_sectors() -> None:
    lines = table(layout()).splitlines()
    assert lines[:2] == ["label: dos", "label-id: 0x6a1e55ed"]
    assert lines[2] == f"start={ALIGNMENT // SECTOR}, size=524288, type=c, bootable"
    assert len(lines) == 6


def test_the_mounts_of_the_card_are_its_partitions() -> None:
    fstab = (ROOT / "image/overlay/etc/fstab").read_text(encoding="utf-8")
    by_name = {part.name: part for part in layout()}
    assert f"PARTUUID={by_name['boot'].partuuid} /boot/firmware" in fstab
    # The data partition has one name, plain or encrypted, and is mounted after what opens it.
    (data,) = [line for line in fstab.splitlines() if line.split()[1:2] == ["/data"]]
    assert data.startswith("/dev/till/data ")
    assert "x-systemd.requires=till-data.service" in data
    partuuid = by_name["data"].partuuid
    named = (ROOT / "systemd/udev/73-till-data.rules").read_text(encoding="utf-8")
    assert (
        f'ENV{{ID_PART_ENTRY_UUID}}=="{partuuid}", ENV{{ID_FS_TYPE}}!="crypto_LUKS", SYMLINK+="till/data"'
        in named
    )
    assert partuuid in DEVICE
    assert DEVICE in (ROOT / "systemd/open-data").read_text(encoding="utf-8")
    unit = (ROOT / "systemd/till-data.service").read_text(encoding="utf-8")
    assert "Before=data.mount systemd-fsck@dev-till-data.service" in unit
    assert f"After=dev-disk-by\\x2dpartuuid-{partuuid.replace('-', chr(92) + 'x2d')}.device" in unit


def test_each_slot_has_the_command_line_of_its_own_root() -> None:
    template = (ROOT / "image/cmdline.txt").read_text(encoding="utf-8")
    first, second = command_line(template, "a"), command_line(template, "b")
    assert first.startswith("root=PARTUUID=6a1e55ed-02 rauc.slot=A rootfstype=squashfs ro ")
    assert second.startswith("root=PARTUUID=6a1e55ed-03 rauc.slot=B rootfstype=squashfs ro ")
    assert first.count("\n") == 1
    assert "#" not in first


def test_the_slots_file_is_one_sector() -> None:
    assert slot_text("b").startswith("os_prefix=b/\n")
    assert len(slot_text("b")) == SECTOR


def test_a_list_of_masked_units_has_no_reasons_in_it() -> None:
    assert read_masked("# Why.\n\ngetty@.service # also\nfoo.timer\n") == ["getty@.service", "foo.timer"]
    assert "getty@.service" in read_masked((ROOT / "systemd/masked.txt").read_text(encoding="utf-8"))


def test_nobody_has_a_password_and_all_were_changed_on_one_day() -> None:
    shadow = "root::20400:0:99999:7:::\ntill:!:20411::::::\n"
    assert same_day(shadow, 20_000) == "root:!*:20000:0:99999:7:::\ntill:!*:20000::::::\n"


def test_the_tills_numbers_are_read_from_the_cards_users() -> None:
    assert owner("root:x:0:0::/root:/bin/sh\ntill:x:900:901::/var/lib/till:/usr/sbin/nologin\n") == (900, 901)
    with pytest.raises(BuildError, match="no user `till`"):
        owner("root:x:0:0::/root:/bin/sh\n")

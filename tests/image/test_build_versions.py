"""Debian's part of a card: the list of its versions, and a newer kernel in the place of the suite's."""

from __future__ import annotations

from pathlib import Path

import pytest

from image.steps.boot import boards
from image.steps.errors import BuildError
from image.steps.kernel import backports, parts, swapped
from image.steps.packages import read_packages
from image.steps.versions import changes, check_versions, lock_file, read_lock, versions_of, write_lock

ROOT = Path(__file__).parents[2]
STATUS = """\
Package: udev
Status: install ok installed
Version: 257.13-1~deb13u1
Description: two
 lines

Package: linux-image-6.12.107-arm64
Status: install ok installed
Version: 6.12.107-1

Package: gone
Status: deinstall ok config-files
Version: 1
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(STATUS, encoding="utf-8")
    return tmp_path


def test_a_tree_of_the_versions_of_its_list_passes(tree: Path) -> None:
    lock = tree / "versions.lock"
    write_lock(lock, versions_of(tree))
    assert read_lock(lock) == {"udev": "257.13-1~deb13u1", "linux-image-6.12.107-arm64": "6.12.107-1"}
    check_versions(lock, versions_of(tree))


def test_what_differs_from_the_list_is_named(tree: Path) -> None:
    lock = tree / "versions.lock"
    write_lock(lock, {"udev": "257.9-1", "old": "1", "linux-image-6.12.107-arm64": "6.12.107-1"})
    with pytest.raises(BuildError) as refused:
        check_versions(lock, versions_of(tree))
    assert "old 1 is gone; udev 257.9-1 -> 257.13-1~deb13u1" in str(refused.value)
    assert "--new-versions" in str(refused.value)


def test_a_missing_list_says_how_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="--new-versions makes it"):
        check_versions(tmp_path / "versions.lock", {})


def test_a_list_that_cannot_be_meant_is_refused_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "versions.lock").write_text("# head\nudev\n")
    with pytest.raises(BuildError, match="line 2"):
        read_lock(tmp_path / "versions.lock")


@pytest.mark.parametrize("arch", ["amd64", "arm64"])
def test_every_package_of_the_card_is_in_its_list_of_versions(arch: str) -> None:
    listed = read_lock(lock_file(ROOT, arch))
    assert [name for name in read_packages(ROOT / "image/packages.txt", arch) if name not in listed] == []


def test_a_package_that_came_is_a_change_too() -> None:
    assert changes({}, {"udev": "1"}) == ["udev 1 is new"]


def test_the_backports_come_from_the_mirror_of_the_suite() -> None:
    lines = (
        "deb http://mirror/debian/ trixie main non-free-firmware\ndeb http://other/ trixie-security main\n"
    )
    assert backports(lines) == "deb http://mirror/debian/ trixie-backports main non-free-firmware\n"
    assert backports("") == "deb http://deb.debian.org/debian/ trixie-backports main non-free-firmware\n"


def test_the_packages_of_one_kernel_are_found_and_no_others() -> None:
    shown = """\
Package: linux-image-7.3.4+deb13-arm64
Pre-Depends: linux-base (>= 4.17~)
Depends: dracut | initramfs-tools, linux-base-7.3.4+deb13-arm64 (= 7.3.4-1), linux-binary-7.3.4+deb13-arm64 (= 7.3.4-1)
Recommends: apparmor, linux-image-9.9-other
"""
    assert parts(shown) == ["linux-base-7.3.4+deb13-arm64", "linux-binary-7.3.4+deb13-arm64"]


def test_dpkgs_list_names_the_kernel_that_is_there(tree: Path) -> None:
    new = "Package: linux-image-7.3.4+deb13-arm64\nVersion: 7.3.4-1~bpo13+1\nDescription: one\n"
    (tree / "var/lib/dpkg/status").write_text(swapped(STATUS, iter([new])), encoding="utf-8")
    assert versions_of(tree) == {
        "udev": "257.13-1~deb13u1",
        "linux-image-7.3.4+deb13-arm64": "7.3.4-1~bpo13+1",
    }
    assert versions_of(tree, "linux-") == {"linux-image-7.3.4+deb13-arm64": "7.3.4-1~bpo13+1"}


@pytest.mark.parametrize(
    ("module", "has_five"), [("misc/rp1/rp1_pci.ko.xz", True), ("misc/other.ko.xz", False)]
)
def test_a_raspberry_pi_5_is_started_only_where_the_kernel_knows_its_usb(
    tmp_path: Path, module: str, has_five: bool
) -> None:
    file = tmp_path / "usr/lib/modules/7.3.4/kernel/drivers" / module
    file.parent.mkdir(parents=True)
    file.touch()
    assert ("bcm2712*.dtb" in boards(tmp_path)) is has_five

"""Making a bundle, the keys it is signed with, and the hook that fills the new system's folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

IMAGE = Path(__file__).parents[2] / "image"
LINE = "root=PARTUUID=6a1e55ed-02 rauc.slot=A rootfstype=squashfs ro quiet\n"


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    """A slot's folder as the build makes it."""
    folder = tmp_path / "boot"
    folder.mkdir()
    for name in ("vmlinuz", "initrd.img", "bcm2711-rpi-4-b.dtb"):
        (folder / name).write_bytes(os.urandom(5_000))
    (folder / "cmdline.txt").write_text(LINE)
    return folder


@pytest.fixture
def rauc(tmp_path: Path) -> Path:
    """Stands for rauc: keeps what it is to sign."""
    script = tmp_path / "rauc"
    script.write_text(
        f'#!/bin/sh\necho "$@" >{tmp_path}/told\nshift 5\ncp -r "$1" {tmp_path}/content\ntouch "$2"\n'
    )
    script.chmod(0o755)
    return script


def make(tmp_path: Path, boot: Path, rauc: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    root = tmp_path / "root.squashfs"
    root.write_bytes(b"hsqs" + bytes(4_092))
    options = {
        "root": str(root),
        "boot": str(boot),
        "version": "0.2.0",
        "build": "1763700000",
        "compatible": "gapless-arm64",
        "keys": str(tmp_path / "keys"),
        "rauc": str(rauc),
    } | changes
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = [str(IMAGE / "bundle"), *words, str(tmp_path / "out.raucb")]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_bundle_holds_root_and_boot_files_and_says_which_version_it_is(
    tmp_path: Path, boot: Path, rauc: Path
) -> None:
    done = make(tmp_path, boot, rauc)
    assert done.returncode == 0, done.stderr
    content = tmp_path / "content"
    assert sorted(path.name for path in content.iterdir()) == [
        "boot.tar",
        "hook",
        "manifest.raucm",
        "root.img",
    ]
    manifest = (content / "manifest.raucm").read_text()
    for line in (
        "compatible=gapless-arm64",
        "version=0.2.0",
        "build=1763700000",
        "format=verity",
        "hooks=install",
    ):
        assert line in manifest.splitlines()
    assert os.access(content / "hook", os.X_OK)
    with tarfile.open(content / "boot.tar") as tar:
        assert {each.uid for each in tar.getmembers()} == {0}
        assert {each.mtime for each in tar.getmembers()} == {1763700000}
    assert not list(tmp_path.glob(".bundle.*"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "two"}, "not of the form"),
        ({"build": "yesterday"}, "no number"),
        ({"root": __file__}, "no squashfs"),
    ],
)
def test_what_the_card_would_refuse_is_not_made(
    tmp_path: Path, boot: Path, rauc: Path, changes: dict[str, str], words: str
) -> None:
    done = make(tmp_path, boot, rauc, **changes)
    assert done.returncode == 1
    assert words in done.stderr
    assert not (tmp_path / "out.raucb").exists()


@pytest.mark.parametrize("missing", ["vmlinuz", "initrd.img", "cmdline.txt"])
def test_without_a_kernel_there_is_no_bundle(tmp_path: Path, boot: Path, rauc: Path, missing: str) -> None:
    (boot / missing).unlink()
    done = make(tmp_path, boot, rauc)
    assert (done.returncode, f"has no {missing}" in done.stderr) == (1, True)


def test_a_command_line_that_names_no_slot_is_refused(tmp_path: Path, boot: Path, rauc: Path) -> None:
    (boot / "cmdline.txt").write_text("root=/dev/mmcblk0p2 quiet\n")
    assert "cmdline.txt names no root" in make(tmp_path, boot, rauc).stderr


def run_hook(tmp_path: Path, folder: Path, bootname: str) -> subprocess.CompletedProcess[str]:
    """As RAUC runs it; mounting is only told."""
    commands = tmp_path / "commands"
    commands.mkdir(exist_ok=True)
    (commands / "mount").write_text(f'#!/bin/sh\necho "$2" >>{tmp_path}/mounts\n')
    (commands / "mount").chmod(0o755)
    environment = {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "RAUC_SLOT_CLASS": "boot",
        "RAUC_SLOT_DEVICE": str(folder),
        "RAUC_SLOT_BOOTNAME": bootname,
        "RAUC_IMAGE_NAME": str(tmp_path / "content/boot.tar"),  # RAUC 1.13 gives the whole path
    }
    command = [str(IMAGE / "rauc/hook"), "slot-install"]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


@pytest.fixture
def fat(tmp_path: Path, boot: Path, rauc: Path) -> Path:
    """The boot partition's mount point, with something older in b/, and a bundle."""
    assert make(tmp_path, boot, rauc).returncode == 0
    folder = tmp_path / "firmware"
    (folder / "a").mkdir(parents=True)
    (folder / "b/overlays").mkdir(parents=True)
    (folder / "a/vmlinuz").write_bytes(b"the one that runs")
    (folder / "b/vmlinuz").write_bytes(b"older")
    (folder / "b/overlays/gone.dtbo").write_bytes(b"older")
    return folder


@pytest.mark.parametrize(("bootname", "part"), [("A", "02"), ("B", "03")])
def test_the_hook_fills_the_slots_folder_and_names_its_own_root(
    tmp_path: Path, boot: Path, fat: Path, bootname: str, part: str
) -> None:
    done = run_hook(tmp_path, fat / bootname.lower(), bootname)
    assert done.returncode == 0, done.stderr
    folder = fat / bootname.lower()
    assert sorted(path.name for path in folder.iterdir()) == [
        "SHA256SUMS",
        "bcm2711-rpi-4-b.dtb",
        "cmdline.txt",
        "initrd.img",
        "vmlinuz",
    ]
    assert (folder / "vmlinuz").read_bytes() == (boot / "vmlinuz").read_bytes()
    line = (folder / "cmdline.txt").read_text()
    assert line == LINE.replace("ed-02", f"ed-{part}").replace("slot=A", f"slot={bootname}")
    assert (tmp_path / "mounts").read_text().split() == ["remount,rw", "remount,ro"]


def test_the_hook_touches_no_other_folder(tmp_path: Path, fat: Path) -> None:
    assert run_hook(tmp_path, fat / "b", "B").returncode == 0
    assert (fat / "a/vmlinuz").read_bytes() == b"the one that runs"


def test_a_file_that_did_not_arrive_whole_fails_the_update(tmp_path: Path, fat: Path) -> None:
    (tmp_path / "loose").mkdir()
    subprocess.run(["tar", "-xf", tmp_path / "content/boot.tar", "-C", tmp_path / "loose"], check=True)
    (tmp_path / "loose/initrd.img").write_bytes(b"half")
    with tarfile.open(tmp_path / "content/boot.tar", "w") as tar:
        tar.add(tmp_path / "loose", ".")
    done = run_hook(tmp_path, fat / "b", "B")
    assert done.returncode != 0
    assert "initrd.img: FAILED" in done.stdout + done.stderr
    assert (tmp_path / "mounts").read_text().split()[-1] == "remount,ro"


def test_the_hook_does_nothing_for_another_slot(tmp_path: Path, fat: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "RAUC_SLOT_CLASS": "rootfs"}
    done = subprocess.run(
        [IMAGE / "rauc/hook", "slot-install"], check=False, capture_output=True, env=environment
    )
    assert done.returncode == 1
    assert (fat / "b/vmlinuz").read_bytes() == b"older"


def test_keys_are_valid_since_long_ago_and_nobody_else_may_read_them(tmp_path: Path) -> None:
    """A till without a clock refused a certificate that began later than its clock stood."""
    keys = tmp_path / "vendor"
    subprocess.run([IMAGE / "rauc/make-keys", keys], check=True, capture_output=True)
    for name in ("keyring.pem", "sign.pem"):
        dates = subprocess.run(
            ["openssl", "x509", "-in", keys / name, "-noout", "-dates"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert "notBefore=Jan  1 00:00:00 2020 GMT" in dates
        assert "notAfter=Dec 31 23:59:59 2099 GMT" in dates
    verify = ["openssl", "verify", "-CAfile", str(keys / "keyring.pem"), str(keys / "sign.pem")]
    subprocess.run(verify, check=True, capture_output=True)
    assert {(keys / name).stat().st_mode & 0o777 for name in ("ca.key", "sign.key")} == {0o600}
    again = subprocess.run([IMAGE / "rauc/make-keys", keys], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "has keys already" in again.stderr
    shutil.rmtree(keys)


def test_only_signatures_of_the_vendor_verify(tmp_path: Path) -> None:
    for name in ("vendor", "other"):
        subprocess.run([IMAGE / "rauc/make-keys", tmp_path / name], check=True, capture_output=True)
    trusted, other = tmp_path / "vendor/keyring.pem", tmp_path / "other/sign.pem"
    verify = ["openssl", "verify", "-CAfile", str(trusted), str(other)]
    assert subprocess.run(verify, check=False, capture_output=True).returncode != 0

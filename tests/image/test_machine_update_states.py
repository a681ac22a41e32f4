"""A state that a cut leaves in an update is started as a board would, and one that does not sell is seen."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from appliance.card.slots import Choice, Slot
from appliance.card.trial import Record, Stage, Trial
from appliance.storage.database import Database
from appliance.storage.migrating import MIGRATIONS
from image.machine.disk import run
from image.machine.fat import Fat
from image.machine.update_states import BOOT, DATA, Judge, System, line_for
from tests.card.updates import next_migrations
from tests.storage.samples import sold_till, ticking

CONFIG = "os_prefix=a/\ninclude slot.txt\nkernel=vmlinuz\ninitramfs initrd.img followkernel\n"
LINE = b"root=PARTUUID=6a1e55ed-02 rauc.slot=A ro\n"
OLD, NEW = b"hsqs old system", b"hsqs new system"
TRIAL = Trial("abc", "0.2.0", 2, Slot.B, Stage.WRITTEN, sales=5)


def boot_files(prefix: str) -> dict[str, bytes]:
    return {"vmlinuz": b"kernel", "initrd.img": b"initrd", "cmdline.txt": line_for(LINE, prefix)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sold_till(tmp_path / "till.db", sales=5)


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    return next_migrations(tmp_path / "next")


@pytest.fixture
def state(tmp_path: Path, path: Path) -> dict[int, Path]:
    """Slot A runs; the new system is whole in slot B, and nothing names it yet."""
    boot = tmp_path / "boot.fat"
    run(["mkfs.vfat", "-C", boot, "4096"])
    for prefix in ("a/", "b/"):
        run(["mmd", "-i", boot, f"::{prefix[0]}"])
        for name, content in boot_files(prefix).items():
            Fat(boot).write(prefix + name, content)
    Fat(boot).write("config.txt", CONFIG.encode())
    root = tmp_path / "root-b"
    root.write_bytes(NEW)
    found = {BOOT: boot, 3: root, DATA: tmp_path / "data.ext4"}
    switch(found, Choice(Slot.A))
    keep_data(found, path, Record().begun(TRIAL))
    return found


def switch(state: dict[int, Path], choice: Choice) -> None:
    Fat(state[BOOT]).write("slot.txt", choice.to_sector())


def keep_data(state: dict[int, Path], till: Path, record: Record) -> None:
    folder = till.parent / "data"
    for each in ("till", "system"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    for file in till.parent.glob(f"{till.name}*"):
        (folder / "till" / file.name).write_bytes(file.read_bytes())
    (folder / "system/trial.json").write_text(json.dumps(record.to_dict()))
    state[DATA].unlink(missing_ok=True)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", folder, state[DATA], "16M"], check=True)


@pytest.fixture
def judge(tmp_path: Path, next_version: Path) -> Judge:
    new_root = tmp_path / "new.root"
    new_root.write_bytes(NEW)
    systems = {
        "a/": System(boot_files("a/"), None, MIGRATIONS),
        "b/": System(boot_files("b/"), new_root, next_version),
    }
    return Judge(systems, tmp_path / "judged")


def test_before_the_switch_the_old_system_starts_with_every_sale(
    state: dict[int, Path], judge: Judge
) -> None:
    found = judge.judge(state)
    assert (found.wrong, found.boots) == ("", ("a/ INTERRUPTED",))
    assert len(found.receipts) == 5


def test_after_it_the_new_one_is_tried_and_cut_off_and_the_old_one_comes_back(
    state: dict[int, Path], judge: Judge
) -> None:
    switch(state, Choice(Slot.B, is_trial=True))
    found = judge.judge(state)
    assert (found.wrong, found.boots) == ("", ("b/ TRYING", "a/ FAILED"))
    assert len(found.receipts) == 5, "the till's file went back to what the old one reads"


def test_a_new_system_that_was_kept_stays(
    state: dict[int, Path], judge: Judge, path: Path, next_version: Path
) -> None:
    Database.open(path, now=ticking(), folder=next_version).close()
    keep_data(state, path, Record().begun(TRIAL).at_stage(Stage.TRYING))
    switch(state, Choice(Slot.B))
    found = judge.judge(state)
    assert (found.wrong, found.boots) == ("", ("b/ CONFIRMED",))


def test_a_root_that_is_started_and_not_whole_is_seen(state: dict[int, Path], judge: Judge) -> None:
    switch(state, Choice(Slot.B, is_trial=True))
    state[3].write_bytes(NEW[:-1] + b"?")
    assert judge.judge(state).wrong == "the root of b/ is started and not whole"


@pytest.mark.parametrize("name", ["vmlinuz", "initrd.img", "cmdline.txt"])
def test_a_kernel_that_is_not_whole_is_seen(state: dict[int, Path], judge: Judge, name: str) -> None:
    switch(state, Choice(Slot.B, is_trial=True))
    Fat(state[BOOT]).write(f"b/{name}", b"half")
    assert judge.judge(state).wrong


def test_a_trial_without_a_record_of_it_leaves_a_file_that_nobody_takes_back(
    state: dict[int, Path], judge: Judge, path: Path, next_version: Path
) -> None:
    """Were the switch written before the record, the old system would meet a file that it cannot read."""
    Database.open(path, now=ticking(), folder=next_version).close()
    keep_data(state, path, Record())
    assert "newer" in judge.judge(state).wrong


def test_a_damaged_till_is_seen(state: dict[int, Path], judge: Judge, path: Path) -> None:
    content = bytearray(path.read_bytes())
    chance = random.Random(1)
    for _ in range(200):
        content[chance.randrange(4096, len(content))] ^= 0xFF
    path.write_bytes(bytes(content))
    keep_data(state, path, Record().begun(TRIAL))
    assert judge.judge(state).wrong

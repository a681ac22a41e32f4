"""The kiosk and the sync service are two users of one group, and share one file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIOSK, SYNC, GROUP = 61_900, 61_901, 61_900
WRITE = """
import os, sys
os.umask(0o007)
from datetime import UTC, datetime
from pathlib import Path
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
with Database.open(Path(sys.argv[1]), now=lambda: datetime.now(UTC)) as database:
    seen = ShopFacts(database).get("probe") or ""
    ShopFacts(database).set("probe", seen + sys.argv[2])
    print("wrote", flush=True)
    input()  # until the other has written too: its log and its shared memory are there meanwhile
    print(ShopFacts(database).get("probe"))
"""


def start(user: int, file: Path, word: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITE, str(file), word],
        user=user,
        group=GROUP,
        extra_groups=[],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
    )


def is_open_to_others() -> bool:
    """Whether other users may read this tree; a checkout in a home of mode 700 is closed to them."""
    looked = subprocess.run(
        [sys.executable, "-c", "import appliance.storage.database"],
        user=KIOSK,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    return looked.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become two others")
@pytest.mark.parametrize("first", ["kiosk", "sync"])
def test_each_writes_what_the_other_made(tmp_path: Path, first: str) -> None:
    if not is_open_to_others():
        pytest.skip("this tree is in a folder that other users may not enter")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o001 == 0:
            folder.chmod(0o755)
    data = tmp_path / "till"
    data.mkdir()
    os.chown(data, KIOSK, GROUP)
    data.chmod(0o2770)
    order = (KIOSK, SYNC) if first == "kiosk" else (SYNC, KIOSK)
    one = start(order[0], data / "till.db", "a")
    wait_for(one)
    two = start(order[1], data / "till.db", "b")
    said_two = two.communicate("\n", timeout=60)
    said_one = one.communicate("\n", timeout=60)
    assert said_two[0] == "wrote\nab\n", said_two[1]
    assert said_one[0] == "ab\n", said_one[1]
    again = start(order[0], data / "till.db", "c").communicate("\n", timeout=60)
    assert again[0] == "wrote\nabc\n", again[1]


def wait_for(one: subprocess.Popen[str]) -> None:
    assert one.stdout is not None
    assert one.stdout.readline() == "wrote\n", one.communicate()[1]

import json
import os
import subprocess
import sys
from pathlib import Path

from drivers.virtual.client import PRELOAD

ROOT = Path(__file__).parents[2]


def test_a_till_with_the_real_driver_prints_each_receipt_once_through_paper_out_and_a_pulled_cable(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.till.real_printer", str(tmp_path / "till.db")],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": PRELOAD, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "kicks": 3,  # the three cash sales while it was plugged in; also without paper, and none for the copy
        "pieces": 4,
        "told": ["Receipt T1-000002", "Receipt T1-000003"],
        "open": 0,
    }

"""The command that pulls the plug for as long as one likes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

COMMAND = Path(__file__).with_name("explore")


@pytest.mark.timeout(300)  # it may have to wait for a processor
def test_the_command_explores_a_day_and_writes_its_figures(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    words = ["--minutes", "1", "--day", "seed 3 day 1", "--nested", "100000", "--json", str(figures)]
    said = subprocess.run([COMMAND, *words], capture_output=True, text=True, check=False, timeout=280)
    assert said.returncode == 0, said.stderr
    written = json.loads(figures.read_text())
    assert written["days"] == 1
    assert written["states"] > 100
    assert written["opened"] > 0.9 * written["states"], "only files that were met before are not opened again"
    assert written["findings"] == []
    assert f"{written['states']:,}" in said.stdout

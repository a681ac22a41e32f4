"""``till export`` and ``till verify``, from a terminal, on a till's own settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.verify.conftest import Verdict
from tests.verify.day import Bench, make_bench, rehashed

ROOT = Path(__file__).parents[2]


def till(settings: Path, *arguments: str | Path) -> Verdict:
    command = [sys.executable, "-m", "appliance.cli", "--settings", str(settings), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Verdict(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Bench]:
    folder = tmp_path_factory.mktemp("own")
    made = make_bench(folder / "till.db", days=1)
    settings = folder / "till.toml"
    settings.write_text(f'[till]\ndata = "{folder}"\n')
    return settings, made


def test_a_till_checks_its_own_journal_while_it_is_open(own: tuple[Path, Bench]) -> None:
    settings, made = own
    link = made.db.rows("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")[0]
    verdict = till(settings, "verify", "--anchor", f"{link[0]}:{link[1].hex()[:12]}")
    assert verdict.code == 0, verdict.said
    assert verdict.said.startswith("intact: ")
    assert till(settings, "verify", "--anchor", f"{link[0] + 1}:{'a' * 12}").code == 1


def test_an_export_is_made_and_checked(own: tuple[Path, Bench], tmp_path: Path) -> None:
    settings, _ = own
    folder = tmp_path / "for the accountant"
    made = till(settings, "export", folder)
    assert made.code == 0, made.said
    assert till(Path("nowhere.toml"), "verify", folder).code == 0  # needs no settings
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    lines[12] = rehashed(lines[12], person=3)
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    broken = till(settings, "verify", folder)
    assert (broken.code, broken.seq) == (1, 13), broken.said
    again = till(settings, "export", folder)
    assert (again.code, "exists already" in again.said) == (2, True)

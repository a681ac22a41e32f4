"""One export for all, and a judge that checks damaged copies of it, taking up where the damage begins."""

from __future__ import annotations

import contextlib
import copy
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance import verify
from tests.verify.day import Bench, export, make_bench

SAID = re.compile(r"BROKEN: .*: entry (\d+) is (.*)\.$")


@dataclass
class Verdict:
    """What the program ended with and said; ``seq`` of the first broken entry, 0 if there is none."""

    code: int
    said: str

    @property
    def seq(self) -> int:
        found = SAID.match(self.said.strip())
        return int(found[1]) if found else 0

    @property
    def how(self) -> str:
        found = SAID.match(self.said.strip())
        return found[2] if found else ""


class Judge:
    """Checks copies of one export.

    A copy is checked by the real ``check``, with a trail that has already taken the lines that are the same as in
    the original: they were found right once, and their signatures are most of the work.
    """

    def __init__(self, original: Path, place: Path) -> None:
        self.folder, self._place = original, place
        self.data = (original / "journal.jsonl").read_bytes()
        self.lines = self.data.splitlines(keepends=True) if b"\r" not in self.data else []
        self.about = (original / "till.json").read_text()
        trail = verify.Trail([], [])
        self._trails = [copy.deepcopy(trail)]
        for line in self.lines:
            trail.take(line)
            self._trails.append(copy.deepcopy(trail))
        self.head = (trail.seq, trail.hash)

    def __call__(self, data: bytes, anchor: str = "", *, with_head: bool = True) -> Verdict:
        self.write(data, with_head=with_head)
        same = 0
        while same < len(self.lines) and data.startswith(self.lines[same], self._trails[same].offset):
            same += 1
        trail = copy.deepcopy(self._trails[same])
        if anchor:
            name, _, code = anchor.partition(":")
            if int(name) <= same and self._trails[int(name)].hash.startswith(code):
                trail.anchors = {}  # met, and right
            else:
                trail.anchors = {name: [code]}
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code_ = verify.check(self._place / "journal.jsonl", trail)
        return Verdict(code_, said.getvalue())

    def write(self, data: bytes, *, with_head: bool = True) -> Path:
        (self._place / "journal.jsonl").write_bytes(data)
        if with_head:
            (self._place / "till.json").write_text(self.about)
        else:
            (self._place / "till.json").unlink(missing_ok=True)
        return self._place

    def really(self, *arguments: str | Path) -> Verdict:
        """The copy that was written last, by the program itself, alone."""
        return run_alone(self.folder / "verify.py", self._place, *arguments)

    def line_at(self, position: int) -> int:
        """The number of the entry to which a byte belongs."""
        return 1 + self.data.count(b"\n", 0, position)


def run_alone(program: Path, *arguments: str | Path) -> Verdict:
    """Run the program as an accountant does, seeing nothing but Python's own library."""
    command = [sys.executable, "-I", "-S", str(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return Verdict(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = make_bench(tmp_path_factory.mktemp("till") / "till.db")
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def judge(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    place = tmp_path_factory.mktemp("export")
    damaged = place / "damaged"
    damaged.mkdir()
    return Judge(export(bench, place / "export"), damaged)

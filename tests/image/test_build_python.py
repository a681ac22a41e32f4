"""Python on the card: the code of dataclasses that was compiled beforehand is the code that they would compile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).parents[2] / "image/python"
OURS = '''
from dataclasses import dataclass, field, replace
from strange.library import Thing, decorate


@dataclass(frozen=True, slots=True)
class Price:
    """What something costs."""

    cents: int
    notes: list[str] = field(default_factory=list)


@decorate("by", name=Thing.OTHER)
class Label(Thing):
    """Of another's class."""


if __name__ == "__main__":
    one = Price(3)
    print(one, replace(one, cents=4), one == Price(3), hash(Price(1, ())) == hash(Price(1, ())))
'''


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A folder as /usr/lib/gapless is, with one module of ours, and another's library on the card alone."""
    (tmp_path / "appliance").mkdir()
    (tmp_path / "appliance/__init__.py").touch()
    (tmp_path / "appliance/prices.py").write_text(OURS, encoding="utf-8")
    shutil.copy(PYTHON / "sitecustomize.py", tmp_path)
    return tmp_path


def record(card: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-B", str(PYTHON / "dataclass_code.py"), str(card)]
    return subprocess.run(
        [*command, str(card / "dataclasses.code")], capture_output=True, text=True, check=True
    )


def python(card: Path, *arguments: str) -> str:
    (card / "strange").mkdir(exist_ok=True)
    (card / "strange/__init__.py").touch()
    library = (
        "class Thing:\n    OTHER = 1\n\n\ndef decorate(*_given, **_named):\n    return lambda one: one\n"
    )
    (card / "strange/library.py").write_text(library, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(card)}
    done = subprocess.run(
        [sys.executable, "-P", *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_dataclass_runs_the_code_that_was_compiled_beforehand(card: Path) -> None:
    record(card)
    hits = "import sitecustomize as s, appliance.prices; print(len(s.ReadyMade(s.FILE)._index))"
    assert int(python(card, "-c", hits)) > 0


def test_a_dataclass_is_the_same_with_the_code_and_without(card: Path) -> None:
    without = python(card, "-m", "appliance.prices")
    record(card)
    assert python(card, "-m", "appliance.prices") == without
    assert "Price(cents=4, notes=[]) True True" in without


def test_a_text_that_was_not_met_is_compiled_as_ever(card: Path) -> None:
    record(card)
    new = "from dataclasses import make_dataclass; print(make_dataclass('New', ['a', 'b'])(1, 2))"
    assert python(card, "-c", new) == "New(a=1, b=2)\n"


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\0\0\5nonsense"])
def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(card: Path, content: bytes) -> None:
    (card / "dataclasses.code").write_bytes(content)
    assert "Price(cents=4, notes=[])" in python(card, "-m", "appliance.prices")


def test_nothing_of_the_till_is_left_to_be_compiled_at_each_start(tmp_path: Path) -> None:
    """Every module of ours can be imported beside names that stand for the libraries."""
    for name in ("appliance", "drivers"):
        shutil.copytree(
            PYTHON.parents[1] / name, tmp_path / name, ignore=shutil.ignore_patterns("demo", "__pycache__")
        )
    shutil.copy(PYTHON / "sitecustomize.py", tmp_path)
    said = record(tmp_path).stderr
    assert said == ""
    assert (tmp_path / "dataclasses.code").stat().st_size > 100_000

"""The card's unit files, read as systemd reads them, and the table that says where each file goes."""

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SYSTEMD = ROOT / "systemd"
NOT_INSTALLED = {"INSTALL", "masked.txt"}
"""What image/build itself reads."""

Unit = dict[str, dict[str, list[str]]]
"""Section, key, all its values in order."""


class Row(NamedTuple):
    source: str
    target: str
    mode: str


def read_unit(path: Path) -> Unit:
    unit: Unit = defaultdict(lambda: defaultdict(list))
    section = ""
    for raw in path.read_text("utf-8").splitlines():
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if head := re.fullmatch(r"\[(\w+)\]", line):
            section = head[1]
            continue
        key, equals, value = line.partition("=")
        assert equals and section, f"{path.name}: {line!r} is neither a section nor a setting"
        unit[section][key.strip()].append(value.strip())
    return unit


def units(ending: str) -> dict[str, Unit]:
    found = {path.name: read_unit(path) for path in sorted(SYSTEMD.glob(f"*.{ending}"))}
    assert found
    return found


def rows() -> list[Row]:
    lines = (SYSTEMD / "INSTALL").read_text("utf-8").splitlines()
    return [Row(*line.split()) for line in lines if line.strip() and not line.startswith("#")]


def listed(name: str) -> list[str]:
    """The words of a list with comments."""
    lines = (line.split("#")[0].strip() for line in (SYSTEMD / name).read_text("utf-8").splitlines())
    return [line for line in lines if line]


def commands(unit: Unit) -> list[str]:
    keys = ("ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecStop")
    return [command for key in keys for command in unit["Service"][key]]

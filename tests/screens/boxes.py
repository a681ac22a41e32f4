"""Compares what a screen draws with the design's own list of boxes (boxes.csv, copied from the design)."""

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from appliance.ui.marks import content_height

PLACE_PX = 2.0
"""How far a mark may stand from the design."""
WIDTH_SHARE = 0.03
LETTER_PX = 0.4
"""Letters are set in whole pixels here, in fractions in the pictures' browser; the difference adds up over a word."""
ICON_PX = 7.0
"""An icon beside words moves with their width; so does the bed of a chip."""
CARET = 2.0
COLOURS = {"mark": "brass"}

Row = dict[str, Any]


@cache
def design_rows(screen: str, panel: str) -> tuple[Row, ...]:
    """The design's rows of one screen."""
    path = Path(__file__).with_name("boxes.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if (row["screen"], row["panel"]) == (screen, panel)]
    return tuple(_numbers(row) for row in rows)


def _numbers(row: dict[str, str]) -> Row:
    made: Row = dict(row)
    for name in ("x", "y", "w", "h", "px"):
        made[name] = float(row[name]) if row[name] else 0.0
    return made


def differences(
    drawn: Sequence[Row],
    screen: str,
    panel: str,
    without: Iterable[str] = (),
    sunk: Iterable[tuple[int, int]] = (),
) -> list[str]:
    """What the design has and the screen draws elsewhere, otherwise or not at all; one sentence each.

    `without` names texts and icons that the screen draws in another way on purpose, `sunk` the corners of keys
    that are drawn sunk because their work comes with a later version.
    """
    left_out, sunk_at = set(without), set(sunk)
    wrong = []
    for designed in design_rows(screen, panel):
        if designed["text"] in left_out:
            continue
        is_sunk = designed["kind"] == "box" and (designed["x"], designed["y"]) in sunk_at
        row = designed | {"colour": "panel"} if is_sunk else designed
        if not any(_is(row, mark) for mark in drawn):
            near = min(drawn, key=lambda mark: _far(row, mark))
            wrong.append(f"design {_brief(row)} / nearest {_brief(near)}")
    return wrong


def _is(row: Row, mark: Row) -> bool:
    kind = "box" if row["kind"] == "bar" else row["kind"]
    if kind != mark["kind"] or row["colour"] != COLOURS.get(mark["colour"], mark["colour"]):
        return False
    return _is_text(row, mark) if kind == "text" else _is_shape(row, mark)


def _is_shape(row: Row, mark: Row) -> bool:
    is_moved = row["kind"] == "icon" or row["w"] == CARET
    far = ICON_PX if is_moved else 1
    place = abs(row["x"] - mark["x"]) <= far and abs(row["y"] - mark["y"]) <= 1
    if row["kind"] == "icon":
        return bool(place and row["text"] == mark["text"] and row["px"] == mark["px"])
    if row["colour"].endswith("-bed"):
        same_width = bool(abs(row["w"] - mark["w"]) <= WIDTH_SHARE * row["w"])
        return same_width and min(_edges(row, mark)) <= PLACE_PX and abs(row["y"] - mark["y"]) <= 1
    return bool(place and abs(row["w"] - mark["w"]) <= 1 and abs(row["h"] - mark["h"]) <= 1)


def _is_text(row: Row, mark: Row) -> bool:
    if (row["face"], row["px"]) != (mark["face"], mark["px"]) or abs(row["y"] - mark["y"]) > 1:
        return False
    words, drawn = " ".join(row["text"].split()), " ".join(mark["text"].split())
    if row["h"] > content_height(int(row["px"])) + 4:
        # The design's browser wrapped it; we cut it ourselves, line by line.
        return words.startswith(drawn) and abs(row["x"] - mark["x"]) <= PLACE_PX
    if words == drawn:
        give = 1 + WIDTH_SHARE * row["w"] + LETTER_PX * len(words)
        return bool(abs(row["w"] - mark["w"]) <= give) and min(_edges(row, mark)) <= PLACE_PX
    # One run of ours may be two of the design's: "Unknown barcode" and its number.
    inside: bool = mark["x"] - PLACE_PX <= row["x"] and row["x"] + row["w"] <= mark["x"] + mark["w"] + 10
    return words in drawn and inside


def _edges(row: Row, mark: Row) -> tuple[float, float, float]:
    """How far the left edges, right edges and middles are from each other: one of them is the anchor."""
    left, right = row["x"] - mark["x"], row["x"] + row["w"] - mark["x"] - mark["w"]
    return abs(left), abs(right), abs(left + right) / 2


def _far(row: Row, mark: Row) -> float:
    kind = "box" if row["kind"] == "bar" else row["kind"]
    away: float = abs(row["x"] - mark["x"]) + abs(row["y"] - mark["y"])
    return away + (0 if kind == mark["kind"] else 500) - (100 if row["text"] == mark.get("text") else 0)


def _brief(row: Row) -> str:
    shown = ("kind", "x", "y", "w", "h", "colour", "face", "px", "text")
    return " ".join(str(row[name]) for name in shown if row.get(name) not in (None, "", 0.0))

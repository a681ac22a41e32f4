"""Two lines of twenty signs: no sign that the display lacks, no amount cut, and the commands byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.devices import DisplayLine
from drivers.line_display_commands import SETS, page_number
from drivers.line_display_text import PAGES, encoded, fitted, readable
from drivers.virtual.line_display import VirtualLineDisplay

BLANK = " " * 20


@given(st.text(max_size=60), st.text(max_size=30), st.booleans(), st.sampled_from(sorted(PAGES)))
def test_any_text_fills_the_line_with_signs_that_the_page_has(
    text: str, right: str, is_centred: bool, page: str
) -> None:
    line = DisplayLine(text, right, is_centred=is_centred)
    data = encoded(fitted(line, page), page)
    assert len(data) == 20
    assert min(data) >= 0x20
    assert 0x7F not in data


@pytest.mark.parametrize(
    ("text", "page", "shown"),
    [
        ("Crème brûlée", "437", "Crème brûlée"),
        ("Łódź świeży", "437", "Lódz swiezy"),
        ("Łódź świeży", "852", "Łódź świeży"),
        ("Wood screws 4 × 40", "437", "Wood screws 4 x 40"),
        ("Wood screws 4 × 40", "858", "Wood screws 4 × 40"),
        ("€4.50", "437", "EUR 4.50"),
        ("€4.50", "858", "€4.50"),
        ("€4.50", "1252", "€4.50"),
        ("£4.50", "437", "£4.50"),
        ("\N{MINUS SIGN}€4.50", "437", "-EUR 4.50"),
        ("Шуруп", "866", "Шуруп"),
        ("Шуруп", "437", ""),
        ("Tea 茶 green", "437", "Tea ? green"),
        ("Is it?", "437", "Is it?"),
        ("a\u200e\u202bb\x1b\x00\x7fc\nd", "437", "abc d"),
        ("ﬁle №5 ½", "437", "file No5 ½"),
        ("œuf, straße", "437", "oeuf, straße"),
    ],
)
def test_a_sign_that_it_lacks_becomes_the_nearest_one(text: str, page: str, shown: str) -> None:
    assert readable(text, page) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (DisplayLine("Claw hammer 450 g", "24.90"), "Claw hammer 45 24.90"),
        (DisplayLine("Total", "€1,234.50"), "Total   EUR 1,234.50"),
        (DisplayLine("Total", "AED 10,000,000,000.00"), "To AED10000000000.00"),
        (DisplayLine("Total", "1234567890123456789012"), "Total               "),
        (DisplayLine("", "5.00"), "                5.00"),
        (DisplayLine("مقبض", "5.00", instead="No. 23"), "No. 23          5.00"),
        (DisplayLine("Holm & Ash", is_centred=True), "     Holm & Ash     "),
        (DisplayLine(), BLANK),
    ],
)
def test_the_amount_stands_whole_at_the_right(line: DisplayLine, shown: str) -> None:
    assert fitted(line, "437") == shown


def test_escpos_is_written_as_the_dm_d110_reads_it() -> None:
    commands = SETS["escpos"]
    assert commands.begin(19) == b"\r\x0c\x1b@\x1bt\x13\x1f\x01\x1fC\x00"
    assert commands.write(0, b"u" * 20, b"l" * 20) == (
        b"\x1bt\x00\x1f\x01\x1fC\x00\x1f$\x01\x01" + b"u" * 20 + b"\x1f$\x01\x02" + b"l" * 20
    )


def test_cd5220_is_written_line_by_line() -> None:
    commands = SETS["cd5220"]
    assert commands.begin(0) == b"\r\x0c\x1b@\x1b_\x00"
    assert commands.begin(19) == b"\r\x0c\x1b@\x1b_\x00\x1bt\x13"
    assert commands.write(0, b"u" * 20, b"l" * 20) == b"\x1bQA" + b"u" * 20 + b"\r\x1bQB" + b"l" * 20 + b"\r"


@pytest.mark.parametrize("commands", sorted(SETS))
@pytest.mark.parametrize("page", sorted(PAGES))
@settings(max_examples=20)
@given(chunks=st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_every_page_arrives_sign_by_sign_however_the_bytes_are_cut(
    commands: str, page: str, chunks: list[int]
) -> None:
    display, number = VirtualLineDisplay(commands), page_number(page)
    upper = fitted(DisplayLine("ÄÖüéñ ¥£½ Жзłé", "€9.90"), page)
    lower = fitted(DisplayLine("Total", "1,234.50"), page)
    data = SETS[commands].begin(number)
    data += SETS[commands].write(number, encoded(upper, page), encoded(lower, page))
    at = 0
    for size in chunks:
        display.feed(data[at : at + size])
        at += size
    display.feed(data[at:])
    assert display.lines == (upper, lower)
    assert display.unknown == []


def test_a_display_without_the_page_would_show_another_sign_for_the_euro() -> None:
    """Why 437 is what a till takes unless somebody says otherwise."""
    display = VirtualLineDisplay("escpos", pages=("437",))
    line = fitted(DisplayLine("Total", "€4.50"), "858")
    display.feed(SETS["escpos"].begin(19) + SETS["escpos"].write(19, encoded(line, "858"), b" " * 20))
    assert "€" not in display.lines[0]
    safe = fitted(DisplayLine("Total", "€4.50"), "437")
    display.feed(SETS["escpos"].write(0, encoded(safe, "437"), b" " * 20))
    assert display.lines[0] == "Total       EUR 4.50"


def test_cd5220_obeys_nothing_but_its_lines_until_it_is_cleared() -> None:
    display = VirtualLineDisplay("cd5220")
    display.feed(b"\x1bQA" + b"x" * 20 + b"\r")
    display.feed(b"\x1bl\x01\x02no\x1bt\x13")
    assert display.lines == ("x" * 20, BLANK)
    display.feed(b"\x0cyes")
    assert display.lines == ("yes".ljust(20), BLANK)


def test_escpos_scrolls_until_it_is_told_to_overwrite() -> None:
    display = VirtualLineDisplay("escpos")
    display.feed(b"a" * 20 + b"b" * 20 + b"c")
    assert display.lines == ("b" * 20, "c".ljust(20))
    display.feed(b"\x1f\x01\x0b" + b"a" * 20 + b"b" * 20 + b"c")
    assert display.lines == ("c" + "a" * 19, "b" * 20)


def test_a_command_that_it_does_not_know_is_noted() -> None:
    display = VirtualLineDisplay("escpos")
    display.feed(b"\x1bQAhello\r")
    assert display.unknown == ["1b 51"]

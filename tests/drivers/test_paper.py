"""The bytes that go to a printer, and the paper that they become: an encoder and a decoder that must agree."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers import printer_escpos as escpos
from drivers.virtual import paper
from drivers.virtual.escpos_commands import extent
from drivers.virtual.escpos_printer import VirtualEscposPrinter
from tests.drivers.sample_receipts import raster, receipt

REALTIME = re.compile(rb"\x10[\x04\x05\x14]")


def noise(width: int, height: int, seed: int, density: float = 0.5) -> Image.Image:
    dots = np.random.default_rng(seed).random((height, width)) > density
    return Image.fromarray(dots)


@pytest.mark.parametrize("width", [576, 384])
def test_the_paper_shows_what_was_rendered_dot_for_dot(width: int) -> None:
    picture = raster(width).render(receipt())
    job = escpos.BEGIN + escpos.raster(picture) + escpos.CUT
    first, rest = paper.receipts(job)
    assert (first.cut, first.unknown, first.text) == ("partial", [], "")
    assert rest.image.height == 0
    assert first.image.size == picture.size
    changed = np.asarray(first.image) ^ np.asarray(picture)
    assert changed.sum() <= 3  # dots set to keep real-time commands out


def test_pictures_gives_one_picture_per_cut() -> None:
    one, two = noise(576, 30, 1), noise(384, 40, 2)
    job = escpos.BEGIN + escpos.raster(one) + escpos.CUT + escpos.raster(two) + escpos.CUT + escpos.ASK_STATUS
    assert [picture.size for picture in paper.pictures(job)] == [(576, 30), (384, 40)]


def test_no_band_is_longer_than_a_clone_can_take() -> None:
    job, at, heights = escpos.raster(noise(576, 1000, 3)), 0, []
    while at < len(job):
        heights.append(int.from_bytes(job[at + 6 : at + 8], "little"))
        size = extent(job, at)
        assert size is not None
        at += size
    assert sum(heights) == 1000
    assert max(heights) <= 255


def test_white_paper_costs_one_byte_a_line() -> None:
    job = escpos.raster(Image.new("1", (576, 1000), 1))
    assert len(job) < 1100
    assert [picture.size for picture in paper.pictures(job)] == [(576, 1000)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 0.98), st.sampled_from([576, 384, 100]))
def test_no_picture_holds_a_real_time_command(seed: int, density: float, width: int) -> None:
    assert not REALTIME.search(escpos.raster(noise(width, 120, seed, density)))


def test_a_picture_made_of_kick_commands_does_not_open_the_drawer() -> None:
    evil = b"\x10\x14\x01\x00\x01\x10\x04\x01" * 9
    picture = Image.frombytes("1", (576, 50), bytes(value ^ 0xFF for value in evil * 50))
    printer = VirtualEscposPrinter(buffer_bytes=100_000)
    job = escpos.raster(picture)
    assert printer.feed(job) == len(job)
    assert (printer.kicks, bytes(printer.tx)) == ([], b"")
    shown = paper.pictures(bytes(printer.printed))[0]
    assert (np.asarray(shown) ^ np.asarray(picture)).sum() == 2 * 9 * 50  # one dot for each, no other


def test_the_bits_beside_an_odd_width_are_white() -> None:
    picture = Image.new("1", (100, 30), 0)
    shown = np.asarray(paper.pictures(escpos.raster(picture))[0])
    assert not shown[:, :100].any()
    assert shown[:, 100:].all()


def test_a_job_that_broke_off_anywhere_leaves_the_next_one_whole() -> None:
    first, second = noise(576, 300, 5), noise(576, 60, 6)
    whole = escpos.BEGIN + escpos.raster(first) + escpos.CUT
    for length in (3, 5, 9, 13, 500, 18_373, 18_380, len(whole) - 1):
        data = whole[:length] + escpos.resynchronise(576) + escpos.BEGIN + escpos.raster(second) + escpos.CUT
        last = paper.pictures(data)[-1]
        assert last.size == second.size, length
        assert np.array_equal(np.asarray(last), np.asarray(second)), length


def test_what_is_not_understood_is_listed_and_never_guessed() -> None:
    first = paper.receipts(b"\x1bE\x01Total\n\x1b*\x00\x02\x00ab\x07\x1dV\x00")[0]
    assert first.unknown == [b"\x1bE\x01", b"\x1b*\x00\x02\x00ab", b"\x07"]
    assert (first.text, first.cut) == ("Total\n", "full")


def test_half_a_command_at_the_end_is_listed() -> None:
    assert paper.receipts(b"A\n\x1dv0")[-1].unknown == [b"\x1dv0"]


def test_a_kick_on_the_way_is_seen() -> None:
    first = paper.receipts(escpos.pulse(5, 120) + escpos.CUT)[0]
    assert first.kicks == [(5, 120, 250)]


def test_a_process_id_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="4 printable"):
        escpos.ask_process_id(b"12345")


@pytest.mark.parametrize(
    ("command", "size"),
    [
        (b"\x1b@", 2),
        (b"\x1bp\x00\x32\x7d", 5),
        (b"\x1dVB\x00", 4),
        (b"\x1dV\x00", 3),
        (b"\x1d(H\x06\x0000abcd", 11),
        (b"\x1dv0\x00\x02\x00\x03\x00abcdef", 14),
        (b"\x1b*\x21\x02\x00abcdef", 11),
        (b"\x1dk\x04ABC\x00", 7),
        (b"\x1dkC\x03123", 7),
        (b"\x1bD\x08\x10\x00", 5),
        (b"\x10\x04\x01", 3),
        (b"\x10\x14\x01\x00\x02", 5),
        (b"\x1c&", 2),
        (b"A", 1),
    ],
)
def test_a_command_is_as_long_as_the_reference_says(command: bytes, size: int) -> None:
    assert len(command) == size
    assert extent(command + b"more") == size
    for cut in range(1, size):
        assert extent(command[:cut]) in (None, size, 1 if command[0] == 0x10 else size)

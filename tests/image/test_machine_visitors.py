"""What somebody brings to the counter: a keyboard on USB, a question to a time server, and the guide's own words."""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

import pytest

from image.machine.errors import MachineError, SceneError
from image.machine.guide import Guide, fill_in, flashing
from image.machine.lan import ears
from image.machine.time_server import answer
from image.machine.usb_keyboard import KeyboardIdentity, code_of, keys_of
from image.machine.usb_packets import introduction, parts

TEXT = """
## Flashing
Look:

    sudo bmaptool copy --bmap out/gapless-arm64.bmap out/gapless-arm64.img /dev/sdX

## The settings

```toml
[shop]
url = "https://a.example"
[printer]
width_dots = 576
```
"""
CARDS = '[till]\nname = "Till 1"  # on receipts\n[shop]\nurl = ""  # your own\n[printer]\nwidth_dots = 384\n'


def test_a_keyboard_says_that_it_is_one_or_does_not() -> None:
    for identity, said in (
        (KeyboardIdentity(), b"\x03\x01\x01"),
        (KeyboardIdentity(subclass=0, protocol=0), b"\x03\0\0"),
    ):
        (interface,) = [each for kind, each in parts(identity.descriptors()) if kind == 4]
        assert interface[5:8] == said
        assert len(introduction(identity.descriptors())) == 3
    assert struct.unpack_from("<HH", KeyboardIdentity(0x0627, 1).descriptors(), 8) == (0x0627, 1)


@pytest.mark.parametrize(
    ("key", "code"), [("a", 4), ("z", 29), ("1", 30), ("9", 38), ("0", 39), ("f2", 0x3B), ("delete", 0x4C)]
)
def test_each_key_has_its_number(key: str, code: int) -> None:
    assert code_of(key) == code


def test_a_scanner_of_a_us_keyboard_types_an_address_and_a_key() -> None:
    assert [keys_of(letter) for letter in "kC1:_|"] == [
        ("k",),
        ("shift", "c"),
        ("1",),
        ("shift", ";"),
        ("shift", "-"),
        ("shift", "\\"),
    ]
    assert [code_of(key) for key in (";", "-", "\\", "/")] == [0x33, 0x2D, 0x31, 0x38]


def test_a_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(MachineError):
        code_of("menu")


def test_a_time_server_answers_with_the_time_and_the_question_s_own_mark() -> None:
    question = bytes([0x23]) + bytes(39) + b"our mark"
    said = answer(question, 1_795_000_000.5)
    assert said[0] & 7 == 4
    assert said[24:32] == b"our mark"
    assert struct.unpack("!II", said[40:48]) == (1_795_000_000 + 2_208_988_800, 1 << 31)
    for wrong in (b"", bytes(48)):
        with pytest.raises(MachineError):
            answer(wrong, 0.0)


def test_the_guide_is_read_as_things_to_do() -> None:
    guide = Guide(TEXT)
    (line,) = guide.commands("Flashing")
    assert flashing(line, Path("/x/gapless-amd64.img"), Path("/y/card")) == [
        "bmaptool", "copy", "--bmap", "/x/gapless-amd64.bmap", "/x/gapless-amd64.img", "/y/card"
    ]  # fmt: skip
    assert guide.settings("The settings") == {
        ("shop", "url"): '"https://a.example"',
        ("printer", "width_dots"): "576",
    }
    with pytest.raises(SceneError):
        guide.part("Dancing")
    with pytest.raises(SceneError):
        guide.settings("Flashing")


def test_what_is_typed_stands_in_its_line_and_nothing_else_is_changed() -> None:
    typed = Guide(TEXT).settings("The settings")
    assert fill_in(CARDS, typed) == CARDS.replace('url = ""', 'url = "https://a.example"').replace(
        "384", "576"
    )
    with pytest.raises(SceneError, match="secret in"):
        fill_in(CARDS, {("shop", "secret"): '"x"'})


def test_somebody_who_listens_hears_both_kinds_of_calls() -> None:
    with ears() as found:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(type=kind) as line:
                line.connect(("127.0.0.1", found.port))
                line.sendall(b"hello")
        end = time.monotonic() + 5
        while len(found.calls) < 2 and time.monotonic() < end:
            time.sleep(0.01)
    assert sorted(found.calls) == ["tcp", "udp hello"]

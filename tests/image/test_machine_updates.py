"""The stick that is plugged in and the server that is asked hold what they were given."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from image.machine.disk import SECTOR, read_table, run
from image.machine.stick import Kind, Stick
from image.machine.update_server import UpdateServer


@pytest.mark.parametrize(("kind", "number"), [("vfat", 0x0C), ("ext4", 0x83)])
def test_a_stick_has_one_partition_with_the_files_at_its_top(tmp_path: Path, kind: Kind, number: int) -> None:
    file = tmp_path / "gapless.raucb"
    file.write_bytes(b"a bundle" * 1000)
    stick = Stick(tmp_path / "stick").make([file], kind)
    (part,) = read_table(stick.path.read_bytes()[:SECTOR])
    assert part.kind == number
    assert part.start_bytes + part.size_bytes <= stick.path.stat().st_size
    if kind == "vfat":
        assert stick.fat.read("gapless.raucb") == file.read_bytes()
        return
    window = f"{stick.path}?offset={part.start_bytes}"
    assert run(["debugfs", "-R", "cat /gapless.raucb", window]) == file.read_bytes()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[UpdateServer]:
    bundle = tmp_path / "gapless.raucb"
    bundle.write_bytes(bytes(range(256)) * 100)
    server = UpdateServer(bundle, tmp_path / "server")
    yield server
    server.stop()


def ask(server: UpdateServer, **headers: str) -> tuple[int, bytes, str]:
    """As the card asks, but by this computer's name for it."""
    context = ssl.create_default_context(cafile=str(server.certificate))
    context.check_hostname = False
    url = server.url_inside.replace("10.0.2.2", "127.0.0.1")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=named), timeout=10, context=context
        ) as answer:
            return answer.status, answer.read(), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b"", ""


def test_the_server_gives_its_file_whole_and_from_any_byte_on(server: UpdateServer) -> None:
    content = server.bundle.read_bytes()
    status, whole, tag = ask(server)
    assert (status, whole) == (200, content)
    assert ask(server, If_None_Match=tag)[0] == 304
    assert ask(server, Range="bytes=100-", If_Range=tag)[:2] == (206, content[100:])
    assert ask(server, Range="bytes=100-", If_Range='"another"')[:2] == (200, content)
    assert server.asked == ["", "", "bytes=100-", "bytes=100-"]

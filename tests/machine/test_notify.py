"""What systemd hears, over a socket like its own."""

import os
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.machine.notify import ALIVE, READY, UNWATCHED_SECONDS, Pulse, Supervisor


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """What NOTIFY_SOCKET says, and the ear behind it."""
    is_path = request.param == "path"
    address = str(tmp_path / "notify") if is_path else f"@gapless-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address if is_path else "\0" + address[1:])
        ear.settimeout(5)
        yield address, ear


def test_each_word_arrives_as_a_datagram_of_its_own(systemd: tuple[str, socket.socket]) -> None:
    address, ear = systemd
    supervisor = Supervisor.of({"NOTIFY_SOCKET": address}, os.getpid())
    assert supervisor.tell(READY)
    assert supervisor.tell(ALIVE)
    assert [ear.recv(100), ear.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


def test_without_systemd_nothing_is_told_and_nothing_fails() -> None:
    assert not Supervisor.of({}, os.getpid()).tell(READY)


def test_a_systemd_that_is_gone_stops_no_till(tmp_path: Path) -> None:
    assert not Supervisor(str(tmp_path / "nobody")).tell(ALIVE)


def test_a_systemd_that_hears_no_more_holds_the_loop_for_a_moment_at_most(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        supervisor = Supervisor(str(tmp_path / "notify"))
        began = time.monotonic()
        for _ in range(10_000):
            if not supervisor.tell(ALIVE):
                break
        else:
            pytest.fail("its queue took 10,000 words")
        assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"}, 15.0),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"}, UNWATCHED_SECONDS),
        ({"WATCHDOG_USEC": "soon"}, UNWATCHED_SECONDS),
        ({}, UNWATCHED_SECONDS),
    ],
)
def test_it_is_fed_at_half_of_its_patience(environment: dict[str, str], seconds: float) -> None:
    assert Supervisor.of(environment, 77).feed_seconds == seconds


def test_a_quick_loop_tells_no_more_often_than_it_is_wanted(systemd: tuple[str, socket.socket]) -> None:
    address, ear = systemd
    clock = [100.0]
    pulse = Pulse(Supervisor(address, feed_seconds=10.0), lambda: clock[0])
    for _ in range(50):
        pulse.beat()
        clock[0] += 0.5
    ear.settimeout(0.2)
    heard = []
    with pytest.raises(TimeoutError):
        while True:
            heard.append(ear.recv(100))
    assert heard == [b"WATCHDOG=1"] * 3

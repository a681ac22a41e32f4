"""The sync service as systemd sees it: ready when it works on the file, alive while its loop turns, silent when not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.machine.keyring import Keyring
from appliance.syncd.alone import Stop
from tests.storage.samples import fresh_till

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    """What systemd listens with."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30)
        yield listening


@pytest.fixture
def service(tmp_path: Path, ear: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """A till whose shop is out of reach, with a watchdog of one second's patience."""
    Keyring.make(tmp_path / "keys.toml")
    secrets = tmp_path / "secrets.toml"
    secrets.touch(mode=0o600)
    secrets.write_text('key = "ck_test"\nsecret = "cs_test"\n')
    settings = tmp_path / "till.toml"
    settings.write_text(
        f'[till]\ndata = "{tmp_path}"\nkeys_file = "{tmp_path}/keys.toml"\n'
        f'[shop]\nurl = "https://127.0.0.1:1"\nsecrets_file = "{secrets}"\n'
    )
    database, _, _ = fresh_till(tmp_path / "till.db")
    database.close()
    environment = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1000000"}
    running = subprocess.Popen(
        [sys.executable, "-m", "appliance.syncd", "--settings", str(settings)], cwd=ROOT, env=environment
    )
    yield running
    running.kill()
    running.wait(20)


def test_it_says_that_it_is_ready_and_then_that_its_loop_turns(
    service: subprocess.Popen[bytes], ear: socket.socket
) -> None:
    assert [ear.recv(100) for _ in range(4)] == [b"READY=1", *[b"WATCHDOG=1"] * 3]
    service.send_signal(signal.SIGTERM)
    assert service.wait(20) == 0


def test_a_service_that_hangs_falls_silent(service: subprocess.Popen[bytes], ear: socket.socket) -> None:
    assert ear.recv(100) == b"READY=1"
    assert ear.recv(100) == b"WATCHDOG=1"
    service.send_signal(signal.SIGSTOP)
    ear.settimeout(3)
    with pytest.raises(TimeoutError):
        while True:
            ear.recv(100)  # what was said before


def test_who_rests_on_the_stop_is_alive_in_the_thread_that_rests() -> None:
    heard: list[str] = []
    stop = Stop(lambda: heard.append(threading.current_thread().name))
    assert not stop.wait(0.01)
    stop.set()
    assert stop.wait(1)
    assert heard == [threading.current_thread().name] * 2

"""The kiosk's program begins anew in its own process: systemd, who watches it, must not take the start for a hang."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from appliance.kiosk.rescue import begin_anew

starts = Path(sys.argv[1])
with starts.open("a") as file:
    file.write("start ")
if starts.read_text().count("start") == 1:
    begin_anew()
"""


def test_systemd_hears_from_it_right_before_it_begins_anew(tmp_path: Path) -> None:
    starts, address = tmp_path / "starts", tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(address))
        systemd.settimeout(5)
        environment = os.environ | {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "30000000"}
        command = [sys.executable, "-c", PROGRAM, str(starts)]
        subprocess.run(command, env=environment, check=True, timeout=60)
        assert systemd.recv(100) == b"WATCHDOG=1"
    assert starts.read_text() == "start start "

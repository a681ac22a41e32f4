"""The status page is off; switched on in the settings, a browser in the shop's network sees it, and nothing else."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

from image.machine.counter import STEP_SECONDS, Counter
from image.machine.errors import SceneError
from image.machine.settled import change_settings

PORT: Final = 80
UNIT: Final = "till-status.service"
ON: Final = "\n[status]\npage = true\n"
OFF: Final = "\n[status]\npage = false\n"


def play(counter: Counter) -> None:
    """Ask before, while, and after it is switched on."""
    with browser(counter) as port:
        if ask(port, "/", 5.0) is not None:
            raise SceneError("The status page is there although nobody switched it on.")
        change_settings(counter, "", ON)
        begun = time.monotonic()
        status, page = wait_for_page(port)
        counter.album.figure("The status page came after", f"{time.monotonic() - begun:.1f} s")
        (counter.album.folder / "status.html").write_text(page, encoding="utf-8")
        said = json.loads(wait_for(port, "/status.json"))
        check(counter, status, said)
        look_behind(counter)
        change_settings(counter, ON, OFF)
        end = time.monotonic() + STEP_SECONDS
        while ask(port, "/", 5.0) is not None:
            if time.monotonic() > end:
                raise SceneError("The status page was switched off, and still answers.")


def check(counter: Counter, status: int, said: dict[str, Any]) -> None:
    """It says what the till is, and nothing of what it sold."""
    if status != 200 or said["till"] != "Till 1":
        raise SceneError(f"The status page says {said}.")
    counter.album.figure(
        "The status page says", "; ".join(f"{k}: {v['words']}" for k, v in said["facts"].items())
    )
    counter.album.figure("Trouble on the status page", "; ".join(said["trouble"]) or "none")


def look_behind(counter: Counter) -> None:
    """It runs as its own user, small, and may write nowhere."""
    shell = counter.machine.shell
    shown = dict(
        line.split("=", 1)
        for line in shell.run(f"systemctl show -p User,MainPID,MemoryPeak,MemoryCurrent {UNIT}").splitlines()
    )
    counter.album.figure("Memory of the status page", f"{int(shown['MemoryCurrent']) / 2**20:.0f} MiB")
    process = shown["MainPID"]
    if process == "0" or shell.run(f"stat -c %U /proc/{process}").strip() != "till-status":
        raise SceneError(f"The status page does not run as its own user: {shown}.")
    code, words = shell.ask(
        f"nsenter -t {process} -m -- setpriv --reuid=till-status --regid=till --clear-groups touch /var/lib/till/x"
    )
    if not code:
        raise SceneError("The status page could write into the till's folder.")
    counter.album.figure("Writing from its place", words.strip())


@contextmanager
def browser(counter: Counter) -> Iterator[int]:
    """A port here that leads to the till's, through its network."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    counter.machine.qmp.monitor(f"hostfwd_add net tcp:127.0.0.1:{port}-:{PORT}")
    try:
        yield port
    finally:
        counter.machine.qmp.monitor(f"hostfwd_remove net tcp:127.0.0.1:{port}")


def ask(port: int, path: str, seconds: float) -> tuple[int, str] | None:
    """Status and page; None where nothing answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def wait_for_page(port: int) -> tuple[int, str]:
    """The page, once it is there.

    Raises:
        SceneError: it does not come.
    """
    end = time.monotonic() + STEP_SECONDS
    while (found := ask(port, "/", 60.0)) is None:
        if time.monotonic() > end:
            raise SceneError(f"The status page does not answer within {STEP_SECONDS:.0f} seconds.")
        time.sleep(1)
    return found


def wait_for(port: int, path: str) -> str:
    """What stands at a path.

    Raises:
        SceneError: nothing does.
    """
    found = ask(port, path, 60.0)
    if found is None or found[0] != 200:
        raise SceneError(f"{path} of the status page is not there: {found}.")
    return found[1]

"""Help from outside: a support file is fetched with a stick; a technician's token opens this till alone, for a while.

The keyboard that the technician types on is one that this till lets in: the rest is the scene of what is locked.
"""

from __future__ import annotations

import io
import json
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any, Final

from appliance.cli.support import NONE_YET
from image.machine import keyboard
from image.machine.counter import KIOSK, STEP_SECONDS, Counter
from image.machine.errors import SceneError
from image.machine.stick import Stick

TOKEN: Final = Path(__file__).parents[1] / "token"
CONSOLE: Final = "till-console.service"
_ANSWER: Final = "/run/till/help.json"
_NUMBER: Final = (
    "PYTHONPATH=/usr/lib/gapless python3 -P -c "
    "'from appliance.machine.number import till_number; print(till_number())'"
)
_TYPED: Final = "/run/till/was-here"
_LOOK_SECONDS: Final = 2.0


def play(counter: Counter) -> None:
    """Fetch a support file, try the wrong token, use the right one, pull the stick."""
    fetch_support_file(counter)
    number = counter.machine.shell.run(_NUMBER).strip()
    counter.album.figure("The till's number", number)
    words = bring(counter, "wrong", [token(counter, "0000000000000000")])
    if "is for the till 0000000000000000" not in words or number not in words:
        raise SceneError(f"Another till's token was answered with: {words}")
    counter.keep("Another till's token opens nothing")
    work_at_console(counter, number)
    look_at_log(counter)


def fetch_support_file(counter: Counter) -> None:
    """A stick that asks gets the file, whole, and nothing of a person's is in it."""
    please = counter.folder / "support-please.txt"
    please.touch()
    stick = Stick(counter.folder / "asks.img", "asks").make([please])
    words = bring(counter, "asks", [], stick)
    counter.keep("What the screen says of it")
    names = [name for name in stick.fat.names() if name.startswith("gapless-support-")]
    if len(names) != 1 or "is on the stick" not in words or not stick.fat.has("support-done.txt"):
        raise SceneError(f"On the stick are {stick.fat.names()}; the till said: {words}")
    content = stick.fat.read(names[0])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    missing = json.loads(members["contents.json"])["not_in_it"]
    if unread := {name: why for name, why in missing.items() if why != NONE_YET}:
        raise SceneError(f"Not in the support file: {unread}")
    for secret in (counter.shop.key, counter.shop.secret, "Ciarán"):
        if any(secret in text for text in members.values()):
            raise SceneError(f"In the support file stands {secret!r}.")
    counter.album.figure("The support file", f"{len(content) // 1024} kB, {len(members)} parts")


def work_at_console(counter: Counter, number: str) -> None:
    """A shell on the screen, the till out of the way; it ends when the stick is pulled, and the till sells again."""
    stick = Stick(counter.folder / "opens.img", "opens").make([token(counter, number)])
    stick.plug(counter.machine.qmp)
    wait_for(counter, CONSOLE, "active")
    wait_for(counter, KIOSK, "inactive")
    time.sleep(3 * _LOOK_SECONDS)
    for letters in (f"touch {_TYPED}\n", "id -u\n"):
        for keys in keyboard.strokes(letters):
            keyboard.press(counter.machine.qmp, *keys)
    end = time.monotonic() + STEP_SECONDS
    while counter.machine.shell.ask(f"test -e {_TYPED}")[0]:
        if time.monotonic() > end:
            counter.keep("The console, on which nothing that was typed arrived")
            raise SceneError("What was typed at the console did nothing.")
        time.sleep(_LOOK_SECONDS)
    counter.keep("The technician's console")
    stick.pull(counter.machine.qmp)
    wait_for(counter, CONSOLE, "inactive")
    start = time.monotonic()
    counter.wait_until_ready(start)
    counter.sees_who_is_there()
    counter.album.figure("From the pulled stick to the till", f"{time.monotonic() - start:.0f} s, emulated")
    if not counter.machine.shell.ask("test -e /sys/class/vc/vcs2")[0]:
        raise SceneError("The technician's terminal is still there: any key could switch to it.")


def look_at_log(counter: Counter) -> None:
    """Who was in, and what was refused, outlives a power cut."""
    shell = counter.machine.shell
    shell.run("systemctl start till-log.service", STEP_SECONDS)
    log = shell.run("cat /data/system/log/till.log", STEP_SECONDS)
    for words in ("The technician Nora Quinn is in", "is for the till 0000000000000000", "is on the stick"):
        if words not in log:
            raise SceneError(f"The log does not say {words!r}.")
    if _TYPED not in shell.run("cat /data/system/log/console.log"):
        raise SceneError("What was typed at the console was not kept.")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")


def bring(counter: Counter, name: str, files: list[Path], stick: Stick | None = None) -> str:
    """Plug a stick in, wait for the till's answer, pull it; what was said."""
    before = answer(counter)
    brought = stick or Stick(counter.folder / f"{name}.img", name).make(files)
    brought.plug(counter.machine.qmp)
    end = time.monotonic() + STEP_SECONDS
    while (said := answer(counter)) == before:
        if time.monotonic() > end:
            words = counter.inside.words_of("till-stick.service")
            raise SceneError(f"Nothing came of the stick {name}: {words}")
        time.sleep(_LOOK_SECONDS)
    time.sleep(_LOOK_SECONDS)
    brought.pull(counter.machine.qmp)
    return str(said["words"])


def answer(counter: Counter) -> dict[str, Any]:
    """What the till said last, {} for nothing."""
    code, text = counter.machine.shell.ask(f"cat {_ANSWER}")
    found: dict[str, Any] = {} if code else json.loads(text)
    return found


def wait_for(counter: Counter, unit: str, state: str) -> None:
    """Until a unit is in a state.

    Raises:
        SceneError: it is not in time.
    """
    end = time.monotonic() + STEP_SECONDS
    while (found := counter.inside.state_of(unit)) != state:
        if time.monotonic() > end:
            words = counter.inside.words_of("till-stick.service")
            raise SceneError(f"{unit} is {found}, not {state}: {words}")
        time.sleep(_LOOK_SECONDS)


def token(counter: Counter, number: str) -> Path:
    """A token for a till of that number, made as the fleet's owner makes it.

    Raises:
        SceneError: it could not be made.
    """
    path = counter.folder / f"{number}.token"
    path.unlink(missing_ok=True)
    words = ["--for", number, "--by", "Nora Quinn", "--why", "a look", "--minutes", "30"]
    done = subprocess.run(
        [TOKEN, "--keys", str(counter.keys), *words, path], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SceneError(f"The token could not be made: {done.stderr}")
    return path

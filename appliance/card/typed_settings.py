"""Settings that were typed on the screen: checked as if they stood in till.toml, and then written there.

The kiosk has no right to more than a file in its own folder, which is RAM, as secrets are among it. Here they are put
into the technician's file in memory and checked by the same checks; what is secret is locked away, and the rest is
written to the FAT partition, so that any PC shows what holds. From then on nothing tells them from a file that was
typed on a PC, and the set-up goes on as ever.

A FAT file that is written anew can be lost to a power cut. So the new one is first kept on the data partition, and the
next boot writes it again, unless somebody has edited the file meanwhile.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from appliance.card.checking import Draft, check
from appliance.card.credentials import CommandError
from appliance.card.disk import NEW, forget, read
from appliance.card.in_force import State
from appliance.card.lines import Lines, read_lines
from appliance.card.machine import Machine
from appliance.card.preparing import not_written
from appliance.card.problems import Problem
from appliance.card.records import keep_record, read_record
from appliance.card.taking_in import MANAGER, SHOP, WIFI, lock_away, writable
from appliance.card.toml_text import to_value
from appliance.card.typed import MOST_BYTES, decode
from appliance.settings import known_keys
from appliance.settings.of_the_card import KEYS, SECRETS, WANTED

RECORD: Final = "typed.json"
NOT_READ: Final = "What was typed on the screen cannot be read. Type it again."
IS_SET_UP: Final = "This till is set up already. Its settings are changed on a PC, in till.toml."
_DEFAULT_MODE: Final = 0o700
"""Of a file on a FAT partition that says nothing else."""

Where = tuple[str, str]
log = logging.getLogger("appliance.card")


def take_typed(machine: Machine, problems: list[Problem]) -> None:
    """Take what was typed on the screen, if anything was; what is wrong with it is told, and then nothing is taken."""
    try:
        _finish(machine)
        content = _handed(machine.places.handed)
        if content is not None:
            problems += _take(machine, content)
    except CommandError as error:
        problems.append(Problem(0, "", f"What was typed could not be kept ({error})."))
    except OSError as error:
        problems.append(not_written(error))


def let_typed_go(machine: Machine) -> None:
    """Take the file away, as the last thing of all: the kiosk waits for that."""
    machine.places.handed.unlink(missing_ok=True)


def known(machine: Machine, draft: Draft) -> dict[str, Any]:
    """For the set-up by touch: what is right in the technician's file, and what need not be typed any more."""
    wrong = {each.where for each in draft.problems}
    typed: dict[str, dict[str, Any]] = {}
    for (section, key), setting in draft.places.items():
        is_known = key in known_keys().get(section, {}) or key in KEYS.get(section, ())
        if (
            is_known
            and (section, key) not in SECRETS
            and setting.value != ""
            and f"{section}.{key}" not in wrong
        ):
            typed.setdefault(section, {})[key] = setting.value
    have = {
        "shop_key": machine.credentials.has(SHOP),
        "manager": _is_founded(machine) or machine.credentials.has(MANAGER),
    }
    radios = machine.places.root / "sys/class/net"
    has_wifi = any((each / "wireless").exists() or each.name.startswith("wl") for each in radios.glob("*"))
    data = str(machine.places.till_data)
    return {"typed": typed, "have": have, "network": {"wifi": has_wifi}, "data": data}


def _is_founded(machine: Machine) -> bool:
    return bool(State.read(machine.state).founded) or (machine.places.journal / "till.db").exists()


def _handed(path: Path) -> bytes | None:
    """What the kiosk left; it owns the folder, so whatever lies there is looked at with care."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _take(machine: Machine, content: bytes) -> Iterator[Problem]:
    typed = _parse(content)
    if _is_founded(machine):
        # Whoever got hold of the screen's program must not send a till's key to another shop, or let a manager in.
        yield Problem(0, "", IS_SET_UP)
        return
    if typed is None:
        yield Problem(0, "", NOT_READ)
        return
    before = read(machine.places.typed)
    text = decode(before).text if before is not None else ""
    draft = check(read_lines(written(text, typed)), empty_is_unset=WANTED)
    wrong = [each for each in draft.problems if tuple(each.where.split(".", 1)) in typed]
    if wrong:
        # Without a line: there is none in the file. So they also come first, before what is missing there.
        yield from (Problem(0, each.where, each.words[:1].upper() + each.words[1:]) for each in wrong)
        return
    for name in (SHOP, WIFI, MANAGER):
        lock_away(name, draft, machine.credentials)
    for where, value in typed.items():
        log.info("Typed on the screen: %s", ".".join(where) + ("" if where in SECRETS else f" = {value!r}"))
    open_text = written(text, {where: "" if where in SECRETS else value for where, value in typed.items()})
    _keep(machine, before, open_text.encode())


def _parse(content: bytes) -> dict[Where, Any] | None:
    """Texts and whole numbers by section and key, nothing else; None if it is not that."""
    try:
        body = json.loads(content)
        typed = {(section, key): value for section, keys in body.items() for key, value in keys.items()}
    except (ValueError, AttributeError, RecursionError):
        return None
    is_sound = len(content) <= MOST_BYTES and all(type(value) in (str, int) for value in typed.values())
    return typed if is_sound else None


def written(text: str, typed: Mapping[Where, Any]) -> str:
    """The technician's file with other values: each in the place of the one that stood there, or below its section.

    Args:
        text: of the file; remarks and order stay as they are.
        typed: by section and key.
    """
    lines = read_lines(text)
    for setting in sorted(lines.settings, key=lambda each: -each.start):
        where = (setting.section, setting.key)
        if where in typed and setting.value != typed[where]:
            text = text[: setting.start] + to_value(typed[where]) + text[setting.end :]
    there = {(each.section, each.key) for each in lines.settings}
    return _added(text, lines, {where: value for where, value in typed.items() if where not in there})


def _added(text: str, lines: Lines, typed: Mapping[Where, Any]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    rows = text.split("\n")
    added: dict[str, list[str]] = {}
    for (section, key), value in typed.items():
        if value != "":
            added.setdefault(section, []).append(f"{key} = {to_value(value)}{end[:-1]}")
    # From the end, so that the numbers of the lines before stay true.
    for section, line in sorted(lines.sections.items(), key=lambda each: -each[1]):
        rows[line:line] = added.pop(section, [])
    text = "\n".join(rows)
    for section, new in added.items():
        gap = end * (not text.endswith("\n")) + end if text else ""
        text += f"{gap}[{section}]{end}" + "\n".join(new) + "\n"
    return text


def _keep(machine: Machine, before: bytes | None, after: bytes) -> None:
    """Write the technician's file anew; from the first step on, a power cut only delays it."""
    record = {"before": None if before is None else before.hex(), "after": after.hex()}
    keep_record(machine.disk, machine.places.system / RECORD, record)
    _write(machine, after)
    forget(machine.disk, machine.places.system / RECORD)


def _finish(machine: Machine) -> None:
    """Do what an earlier boot began; a file that somebody edited since is left alone."""
    path = machine.places.system / RECORD
    record = read_record(path)
    if not path.exists():
        return
    now = read(machine.places.typed)
    before, after = (
        None if each is None else bytes.fromhex(each) for each in map(record.get, ("before", "after"))
    )
    is_torn = not now or b"\0" in now or (after is not None and after.startswith(now))
    if after is not None and after != now and (now == before or is_torn):
        _write(machine, after)
    forget(machine.disk, path)


def _write(machine: Machine, content: bytes) -> None:
    """As a new file that then takes the name; its mode is what the mount gives every file."""
    path, disk = machine.places.typed, machine.disk
    with writable(machine.places.boot, machine.run):
        mode = path.stat().st_mode & 0o7777 if path.exists() else _DEFAULT_MODE
        new = path.with_name(path.name + NEW)
        disk.write(new, content, mode)
        disk.rename(new, path)
        disk.sync_folder(path.parent)
    if read(path) != content:
        raise OSError("till.toml reads otherwise than it was written")

"""``setup``: comes first at each boot, and makes of the technician's file what the other programs read.

Whatever fails is told and passed over: what can be done without it is done, and the last thing always is the report
that the kiosk reads. Nothing here waits for anything, but for a stick on a card that never sold (``offering``).
"""

from __future__ import annotations

import logging
import pwd
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from appliance.card.blanking import Blanking
from appliance.card.checking import Draft, check, typed_secrets
from appliance.card.credentials import CommandError, run_command
from appliance.card.disk import Disk, keep, make_folders, read
from appliance.card.founding import found_till
from appliance.card.in_force import Have, State, complete, decide, sentences
from appliance.card.lines import read_lines
from appliance.card.machine import Machine
from appliance.card.offering import is_asked, with_name
from appliance.card.places import Places
from appliance.card.preparing import not_written, prepare
from appliance.card.problems import Problem, Sells, report
from appliance.card.results import Results
from appliance.card.screen import size_of_screen
from appliance.card.taking_in import MANAGER, SHOP, take_in, writable
from appliance.card.typed import Typed, decode
from appliance.card.typed_settings import known, let_typed_go, take_typed
from appliance.settings.of_the_card import WANTED

USER: Final = "till"
AS_TILL: Final = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--")

log = logging.getLogger("appliance.card")


def set_up(machine: Machine) -> Sells:
    """Do all of it; says which settings the till sells with."""
    problems: list[Problem] = []
    screen: dict[str, Any] = {}
    sells, asks, found = Sells.NO, False, dict[str, Any]()
    try:
        prepare(machine, problems)
        take_typed(machine, problems)
        draft, sells, state = _settings(machine, problems)
        found = known(machine, draft)
        results = Results(machine.places, machine.disk, machine.credentials, machine.owner)
        screen = _screen(state, draft, machine.places.root)
        asks = sells is not Sells.NO and is_asked(machine)
        named = with_name(machine.places, state)
        problems += results.write(named, screen, draft, with_till=sells is not Sells.NO)
        if sells is not Sells.NO and not asks:
            sells = _found(machine, state, sells, problems)
    except OSError as error:
        problems.append(not_written(error))
    for sentence in sentences(problems):
        log.warning("%s", sentence)
    make_folders(machine.disk, machine.places.run, 0o755)
    keep(machine.disk, machine.places.report, report(problems, sells, screen, asks=asks, known=found), 0o644)
    let_typed_go(machine)
    return sells


def _settings(machine: Machine, problems: list[Problem]) -> tuple[Draft, Sells, State]:
    """What holds. A file that our own program stumbles over must not stop a till that sold yesterday."""
    last = State.read(machine.state)
    try:
        draft = _draft(machine, last, problems)
    except Exception as fault:  # whatever a person can type
        log.exception("till.toml could not be read: %s", fault)
        draft = Draft()
        draft.complain(
            "", "", 0, "till.toml cannot be read: the program made a mistake. Call the technician."
        )
    state, sells = decide(draft, last, can_begin=_has_manager(machine, last))
    try:
        state.keep(machine.state, machine.disk)
    except OSError as error:
        problems.append(not_written(error))
    problems += draft.problems
    return draft, sells, state


def _draft(machine: Machine, last: State, problems: list[Problem]) -> Draft:
    """Read what was typed, and take its secrets in."""
    typed, content = _read(machine)
    lines = read_lines(typed.text)
    draft = check(lines, empty_is_unset=WANTED)
    for problem in typed.problems:
        draft.problems.append(problem)
        draft.failed.add("")
    is_same = _is_same_machine(machine.places)
    if not is_same:
        problems.append(
            Problem(0, "", "The card's own number is another one, so its secrets cannot be read.")
        )
    elif content is not None:
        problems += _take_in(machine, draft, typed, content)
    if typed.text:
        have = Have(machine.credentials.has(SHOP), _has_manager(machine, last))
        complete(draft, lines, have, last.founded)
    return draft


def _has_manager(machine: Machine, last: State) -> bool:
    """Whether somebody can sign in, or will once the journal is made; a journal from elsewhere has its own people."""
    has_journal = (machine.places.journal / "till.db").exists()
    return bool(last.founded) or machine.credentials.has(MANAGER) or has_journal


def _read(machine: Machine) -> tuple[Typed, bytes | None]:
    places = machine.places
    blanking = _blanking(machine)
    try:
        if blanking.is_half_done():
            with writable(places.boot, machine.run):
                blanking.finish()
        content = read(places.typed)
    except (OSError, CommandError) as error:
        words = f"till.toml cannot be read ({error}). Put the card into a PC and let it check the card."
        return Typed("", problems=(Problem(0, "", words),)), None
    if content is None:
        return Typed("", problems=(Problem(0, "", _missing(places.boot)),)), None
    return decode(content), content


def _missing(boot: Path) -> str:
    hidden = sorted(each.name for each in boot.glob("*") if each.name.lower().startswith("till.toml."))
    if hidden:
        return f"The settings are called {hidden[0]} on the card. Give the file the name till.toml."
    return "There is no till.toml on the card. Copy the one of the guide to it and fill it in."


def _take_in(machine: Machine, draft: Draft, typed: Typed, content: bytes) -> list[Problem]:
    if not any(typed_secrets(draft)):
        return []
    try:
        with writable(machine.places.boot, machine.run):
            return list(take_in(draft, typed, content, machine.credentials, _blanking(machine)))
    except CommandError as error:
        return [Problem(0, "", f"till.toml cannot be written, so what is secret stays in it ({error}).")]


def _blanking(machine: Machine) -> Blanking:
    return Blanking(machine.places.typed, machine.places.system / "blanking.json", machine.disk)


def _is_same_machine(places: Places) -> bool:
    """Whether the machine's number is the lasting one: systemd throws its key away where it finds another."""
    kept, now = (read(path) for path in (places.system / "machine-id", places.root / "etc/machine-id"))
    return kept is None or now is None or kept.strip() == now.strip()


def _screen(state: State, draft: Draft, root: Path) -> dict[str, Any]:
    """How the window is to be, also where nothing else of the settings can be used."""
    width, height = size_of_screen(root)
    typed = state.till.get("screen", {}) if state.till else {}
    if not state.till and "screen" not in draft.failed:
        typed = draft.till.get("screen", {})
    return {"width": width, "height": height, "touch": "panel", **typed}


def _found(machine: Machine, state: State, sells: Sells, problems: list[Problem]) -> Sells:
    """Begin the journal of a new till, or let a new manager in."""
    try:
        founded = found_till(machine.places, machine.credentials, machine.run, machine.as_till, state)
    except CommandError as error:
        problems.append(Problem(0, "staff", f"The till could not be set up: {error}"))
        return sells if state.founded else Sells.NO
    if founded != state.founded:
        replace(state, founded=dict(founded)).keep(machine.state, machine.disk)
    machine.credentials.forget(MANAGER)
    return sells


def main(arguments: list[str]) -> int:
    """Set the card up; 0 unless even the report cannot be written."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if arguments:
        sys.stderr.write("usage: python -m appliance.card setup\n")
        return 2
    found = pwd.getpwnam(USER)
    machine = Machine(Places(), Disk(), _run, (found.pw_uid, found.pw_gid), AS_TILL)
    log.info("The till sells: %s", set_up(machine))
    return 0


def _run(command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
    return run_command(command, typed, environment)

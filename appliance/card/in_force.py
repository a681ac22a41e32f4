"""Which settings hold: those that were typed, or those of the last start at which all was well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from appliance.card.checking import OF_THE_CARD, Draft, Sections
from appliance.card.disk import Disk
from appliance.card.lines import Lines
from appliance.card.problems import Problem, Sells
from appliance.card.records import keep_record, read_record
from appliance.settings import known_keys, mistakes_in
from appliance.settings.of_the_card import KEYS, MANAGER, MANAGER_PIN, SECRETS, SHOP_KEY, SHOP_SECRET, WANTED

_FOR_GOOD: Final = (("till", "series"), ("money", "currency"))
"""What a till that has been set up keeps: it is in its journal."""


@dataclass(frozen=True, slots=True)
class State:
    """What lasts from one boot to the next.

    Attributes:
        till, card: the settings of the last start at which each could be used; no secrets.
        founded: series and currency of the till's journal, {} before there is one.
    """

    till: Sections = field(default_factory=dict)
    card: Sections = field(default_factory=dict)
    founded: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> State:
        """From its file; an empty one if there is none."""
        found = read_record(path)
        return cls(*(_dict(found.get(name)) for name in ("till", "card", "founded")))

    def keep(self, path: Path, disk: Disk) -> None:
        """Into its file."""
        keep_record(disk, path, {"till": self.till, "card": self.card, "founded": self.founded})


@dataclass(frozen=True, slots=True)
class Have:
    """What need not be typed any more: the shop's key, and somebody who can sign in."""

    shop_key: bool
    manager: bool


def complete(draft: Draft, lines: Lines, have: Have, founded: Mapping[str, str]) -> None:
    """Complain of what is missing, and of what cannot be changed any more."""
    wanted = dict(WANTED)
    if not have.shop_key:
        wanted |= {("shop", "key"): SHOP_KEY, ("shop", "secret"): SHOP_SECRET}
    if not have.manager:
        wanted |= {("staff", "manager"): MANAGER, ("staff", "manager_pin"): MANAGER_PIN}
    for (section, key), what in wanted.items():
        if not _has(draft, section, key) and (section, key) not in lines.failed:
            _ask_for(draft, lines, section, key, what)
    for section, key in _FOR_GOOD if founded else ():
        now = draft.till.get(section, {}).get(key, known_keys()[section][key])
        if now != founded.get(key, now):
            place = draft.places.get((section, key))
            words = (
                f'this till has been set up with {key} = "{founded[key]}", and keeps it. Write that again.'
            )
            draft.complain(section, key, place.line if place else 0, words)


def decide(draft: Draft, last: State, *, can_begin: bool) -> tuple[State, Sells]:
    """The settings that hold now, and which they are.

    Args:
        draft: what was typed.
        last: what held at the last start.
        can_begin: there is somebody who can sign in; a till without anybody does not begin.
    """
    card = {name: _card_section(name, draft, last) for name in KEYS if name in OF_THE_CARD}
    if draft.is_sound and can_begin:
        return replace(last, till=draft.till, card=card), Sells.AS_TYPED
    before = _usable(last.till)
    return replace(last, till=before, card=card), Sells.AS_BEFORE if before else Sells.NO


def _card_section(name: str, draft: Draft, last: State) -> dict[str, Any]:
    if name in draft.failed or "" in draft.failed:
        return dict(last.card.get(name, {}))
    typed = draft.card.get(name, {})
    return {key: value for key, value in typed.items() if value and (name, key) not in SECRETS}


def _usable(sections: Sections) -> Sections:
    """Without what this version of the program does not know or allow any more."""
    known = known_keys()
    kept = {
        section: {key: value for key, value in keys.items() if key in known[section]}
        for section, keys in sections.items()
        if section in known
    }
    for mistake in mistakes_in(kept):
        kept[mistake.section] = {
            key: value for key, value in kept[mistake.section].items() if mistake.key not in ("", key)
        }
    return {section: keys for section, keys in kept.items() if keys}


def _has(draft: Draft, section: str, key: str) -> bool:
    return bool(draft.text(section, key)) or key in draft.till.get(section, {})


def _ask_for(draft: Draft, lines: Lines, section: str, key: str, what: str) -> None:
    line = next((each.line for each in lines.settings if (each.section, each.key) == (section, key)), 0)
    if line:
        draft.complain(section, key, line, f"fill in {what}.")
    elif (heading := lines.sections.get(section)) is not None:
        draft.complain(section, key, heading, f'fill in {key} = "..." below this line: {what}.')
    else:
        draft.complain(section, key, 0, f'There is no [{section}] with {key} = "...": {what}.')


def _dict(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def sentences(problems: list[Problem]) -> Iterator[str]:
    """For the log, in the order of the lines."""
    return (each.sentence for each in sorted(set(problems)))

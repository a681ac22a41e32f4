"""From the lines of the technician's file to what can be used, and all that is wrong, each with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from appliance.card.lines import Lines, Setting
from appliance.card.problems import Problem
from appliance.settings import known_keys, mistakes_in
from appliance.settings.of_the_card import CHECKS, FIXED, KEYS, SECRETS

Sections = dict[str, dict[str, Any]]
OF_THE_CARD: Final = frozenset({"network", "card", "staff"})
"""Sections that the till itself does not know; a mistake in one of them does not touch the rest."""


@dataclass(slots=True)
class Draft:
    """What the file says.

    Attributes:
        till: sections and keys of the till's own settings that can be used.
        card: those that only the card knows; every value is a text.
        places: the settings themselves, by section and key.
        problems: all that is wrong.
        failed: sections with a mistake.
    """

    till: Sections = field(default_factory=dict)
    card: Sections = field(default_factory=dict)
    places: dict[tuple[str, str], Setting] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    @property
    def is_sound(self) -> bool:
        """Whether the till's own settings can be used as typed."""
        return self.failed <= OF_THE_CARD

    def complain(self, section: str, key: str, line: int, words: str) -> None:
        """Note a mistake."""
        where = f"{section}.{key}" if key else section
        self.problems.append(Problem(line, where, words))
        self.failed.add(section)

    def text(self, section: str, key: str) -> str:
        """What was typed for the card, "" for nothing."""
        return str(self.card.get(section, {}).get(key, ""))


def check(lines: Lines, empty_is_unset: Iterable[tuple[str, str]] = ()) -> Draft:
    """Check every setting.

    Args:
        lines: as read.
        empty_is_unset: section and key of settings that count as not typed while they are "".
    """
    draft, known, unset = Draft(), known_keys(), set(empty_is_unset)
    for problem in lines.problems:
        draft.problems.append(problem)
        draft.failed.add(problem.where.partition(".")[0])
    sections = [*known, *(each for each in KEYS if each not in known)]
    for name, line in lines.sections.items():
        if name not in sections and name not in draft.failed:
            draft.complain(name, "", line, f"there is no section [{name}]{_meant(name, sections)}")
    for setting in lines.settings:
        if setting.section in sections and not (
            (setting.section, setting.key) in unset and setting.value == ""
        ):
            _sort(setting, draft, known)
    _check_till(draft, lines)
    _check_card(draft)
    return draft


def _sort(setting: Setting, draft: Draft, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Put one setting where it belongs."""
    section, key, line = setting.section, setting.key, setting.line
    own, ours = KEYS.get(section, ()), known.get(section, {})
    draft.places[section, key] = setting
    if (section, key) in FIXED:
        draft.complain(
            section, key, line, f"{section}.{key} is not typed here: {FIXED[section, key]}. Take it out."
        )
    elif key in own:
        _sort_own(setting, draft)
    elif key in ours:
        draft.till.setdefault(section, {})[key] = setting.value
    else:
        draft.complain(section, key, line, f"there is no {key} in [{section}]{_hint(section, key, known)}")


def _sort_own(setting: Setting, draft: Draft) -> None:
    section, key, value = setting.section, setting.key, setting.value
    if isinstance(value, str):
        draft.card.setdefault(section, {})[key] = value.strip()
        return
    example = "..." if (section, key) in SECRETS or not isinstance(value, int | float) else str(value)
    draft.complain(section, key, setting.line, f'{section}.{key} stands in quotes: {key} = "{example}"')


def _check_till(draft: Draft, lines: Lines) -> None:
    for mistake in mistakes_in(draft.till):
        place = draft.places.get((mistake.section, mistake.key))
        line = place.line if place else lines.sections.get(mistake.section, 0)
        draft.complain(mistake.section, mistake.key, line, _ended(mistake.words))


def _check_card(draft: Draft) -> None:
    for section, values in draft.card.items():
        for key, words in CHECKS[section](values):
            places = [draft.places.get((section, each)) for each in (key, *values)]
            draft.complain(section, key, next((each.line for each in places if each), 0), words)


def _hint(section: str, key: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Where an unknown key belongs, or what it was to be."""
    names = [
        each for each in (*known.get(section, ()), *KEYS.get(section, ())) if (section, each) not in FIXED
    ]
    homes = [each for each in (*known, *KEYS) if key in known.get(each, ()) or key in KEYS.get(each, ())]
    if homes and not _close(key, names):
        return f". It belongs under [{homes[0]}]."
    return _meant(key, names)


def _ended(words: str) -> str:
    return words if words.endswith((".", '"')) else f"{words}."


def _meant(word: str, known: Iterable[str]) -> str:
    close = _close(word, list(known))
    return f". Did you mean {close}?" if close else f". There are: {', '.join(known)}."


def _close(word: str, known: list[str]) -> str:
    return next(iter(difflib.get_close_matches(word.lower(), known, n=1)), "")


def typed_secrets(draft: Draft) -> Iterator[Setting]:
    """Every secret that can be read in the file now."""
    for where in sorted(SECRETS):
        setting = draft.places.get(where)
        if setting is not None and setting.value != "":
            yield setting

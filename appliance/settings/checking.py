"""Checking an owner's settings whole: every mistake with its key, not only the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_type_hints

from appliance.settings.errors import SettingsError
from appliance.settings.reading import DEFAULTS, convert, read_toml
from appliance.settings.sections import Settings

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one key, or with a section as a whole (``key`` is "").

    Attributes:
        section, key: where.
        words: a sentence that names the key and what is allowed.
    """

    section: str
    key: str
    words: str


def known_keys() -> dict[str, dict[str, Any]]:
    """The keys of each section, with what they are by default."""
    return read_toml(DEFAULTS)


def kind_of(section: str, key: str) -> Any:
    """The type of a key, such as ``str`` or ``list[str]``."""
    return get_type_hints(get_type_hints(Settings)[section])[key]


def mistakes_in(owner: Sections) -> list[Mistake]:
    """Everything that is wrong in an owner's sections, laid over the shipped defaults; [] if they can be used.

    The sections and their keys must be known ones.
    """
    defaults, found = known_keys(), []
    for section, keys in owner.items():
        values = dict(defaults[section])
        for key, value in keys.items():
            try:
                convert(kind_of(section, key), value, f"{section}.{key}")
                values[key] = value
            except SettingsError as error:
                found.append(Mistake(section, key, str(error)))
        found += _as_a_whole(section, values, defaults[section])
    return found


def _as_a_whole(section: str, values: dict[str, Any], defaults: Mapping[str, Any]) -> list[Mistake]:
    """What is out of range: a key that was found is taken from the defaults, to find the next."""
    found: list[Mistake] = []
    while words := _refused(section, values):
        spoken = words.replace(",", "").replace(":", "").split()
        changed = [key for key in values if values[key] != defaults[key]]
        named = [key for key in changed if f"{section}.{key}" in spoken]
        named = named or [key for key in changed if _refused(section, {**defaults, key: values[key]})]
        found.append(Mistake(section, named[0] if named else "", words))
        if not named:
            break
        values.update({key: defaults[key] for key in named})
    return found


def _refused(section: str, values: Mapping[str, Any]) -> str:
    kind = cast(Any, get_type_hints(Settings)[section])
    try:
        kind(**{key: convert(kind_of(section, key), value, key) for key, value in values.items()})
    except SettingsError as error:
        return str(error)
    return ""

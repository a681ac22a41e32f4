"""Reading settings: the owner's file over the shipped defaults, every key checked and named."""

from __future__ import annotations

import difflib
import os
import stat
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from appliance.settings.errors import SettingsError
from appliance.settings.sections import Secrets, Settings

T = TypeVar("T")
DEFAULTS = Path(__file__).with_name("defaults.toml")


def load(path: Path | None) -> Settings:
    """Read the owner's file over the shipped defaults.

    Raises:
        SettingsError: the file is missing, is not TOML, or a key is unknown, of the wrong kind or out of range.
    """
    values = read_toml(DEFAULTS)
    if path is not None:
        _merge(values, read_toml(path), path)
    try:
        return _build(Settings, values, "")
    except SettingsError as error:
        raise SettingsError(f"{path or DEFAULTS}: {error}") from None


def load_secrets(path: Path) -> Secrets:
    """Read key and secret of the online shop.

    Raises:
        SettingsError: the file is missing, readable by others (it must be 0600) or lacks a key.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    if mode & others_of(path):
        raise SettingsError(f"{path} can be read by others (mode {mode:o}); it must be 600")
    values = read_toml(path)
    if set(values) != {"key", "secret"} or not all(isinstance(each, str) for each in values.values()):
        # What stands there instead may well be the secret: it is not repeated.
        raise SettingsError(f"{path} must hold key and secret, each a text in quotes, and nothing else")
    return Secrets(**values)


def others_of(path: Path) -> int:
    """The bits of a mode that let others read or write a file.

    What systemd hands to a service (``LoadCredential=``) is root's, 0440, with a list of who may read it: the group's
    bit says there that the list has an entry, and the folder is closed to everybody else.
    """
    return 0o037 if str(path.parent) == os.environ.get("CREDENTIALS_DIRECTORY") else 0o077


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of sections.

    Raises:
        SettingsError: it is missing, or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None


def _merge(values: dict[str, Any], owner: dict[str, Any], path: Path) -> None:
    for section, keys in owner.items():
        if section not in values:
            raise SettingsError(f"{path}: there is no section [{section}]{_meant(section, values)}")
        if not isinstance(keys, dict):
            raise SettingsError(f"{path}: {section} must be a section, written [{section}]")
        for key, value in keys.items():
            if key not in values[section]:
                raise SettingsError(f"{path}: there is no key {section}.{key}{_meant(key, values[section])}")
            values[section][key] = value


def _meant(word: str, known: dict[str, Any]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(known)}"


def _build(kind: type[T], values: dict[str, Any], prefix: str) -> T:
    hints = get_type_hints(kind)
    names = [each.name for each in fields(cast(Any, kind)) if each.init]
    for name in values:
        if name not in names:
            raise SettingsError(f"there is no key {prefix}{name}{_meant(name, dict.fromkeys(names))}")
    missing = [name for name in names if name not in values]
    if missing:
        raise SettingsError(f"{prefix}{missing[0]} is missing")
    return kind(**{name: convert(hints[name], values[name], prefix + name) for name in names})


def convert(kind: Any, value: Any, name: str) -> Any:
    """A value of a file as a section holds it: a path for a text, a decimal for a whole number.

    Raises:
        SettingsError: it is of another kind.
    """
    if is_dataclass(kind):
        return _build(cast(type[Any], kind), value, f"{name}.")
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if kind == list[str] and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    if kind in (str, int, bool) and type(value) is kind:
        return value
    words = {
        str: "a text in quotes",
        int: "a whole number",
        bool: "true or false",
        float: "a number",
        Path: "a path",
    }
    raise SettingsError(f"{name} must be {words.get(kind, 'a list of texts')}, not {value!r}")

"""Secrets off the FAT partition: encrypted, read back, and only then written over where they were typed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from appliance.card.blanking import Blanking
from appliance.card.checking import Draft
from appliance.card.credentials import CommandError, Credentials, Run, packed
from appliance.card.lines import Setting
from appliance.card.problems import Problem
from appliance.card.typed import Typed

SHOP: Final = "shop"
WIFI: Final = "wifi"
MANAGER: Final = "manager"
_GROUPS: Final[Mapping[str, Mapping[tuple[str, str], str]]] = {
    SHOP: {("shop", "key"): "key", ("shop", "secret"): "secret"},
    WIFI: {("network", "wifi_name"): "name", ("network", "wifi_password"): "password"},
    MANAGER: {("staff", "manager"): "name", ("staff", "manager_pin"): "pin"},
}
"""Each secret with what it is made of; all parts must have been typed, and be right."""
_STAYS: Final = frozenset({("network", "wifi_name"), ("staff", "manager")})
"""What is no secret and stays where it was typed."""


def take_in(
    draft: Draft, typed: Typed, content: bytes, credentials: Credentials, blanking: Blanking
) -> Iterator[Problem]:
    """Take in every secret that was typed whole.

    Args:
        draft, typed, content: the technician's file.
        credentials: where they go.
        blanking: takes them off the file.
    """
    taken: list[Setting] = []
    for name, parts in _GROUPS.items():
        try:
            if lock_away(name, draft, credentials):
                taken += [draft.places[where] for where in parts if where not in _STAYS]
        except (CommandError, OSError) as error:
            yield Problem(
                0, "", f"What is secret could not be locked away, and is still in till.toml ({error})."
            )
    try:
        blanking.blank(typed, content, taken)
    except OSError as error:
        words = f"What is secret is in the till, but could not be taken out of till.toml ({error.strerror or error})."
        yield Problem(0, "", f"{words} Empty it there yourself.")


def lock_away(name: str, draft: Draft, credentials: Credentials) -> bool:
    """Encrypt one secret, if it was typed whole and is right; says whether it was.

    Raises:
        CommandError: it cannot be encrypted.
        OSError: it cannot be written.
    """
    parts = _GROUPS[name]
    values = {part: draft.text(*where) for where, part in parts.items()}
    if not all(values.values()) or _is_wrong(draft, parts):
        return False
    credentials.keep(name, packed(values))
    return True


def _is_wrong(draft: Draft, parts: Mapping[tuple[str, str], str]) -> bool:
    names = {f"{section}.{key}" for section, key in parts}
    return any(each.where in names for each in draft.problems)


@contextmanager
def writable(folder: Path, run: Run) -> Iterator[None]:
    """Let the FAT partition be written, and only meanwhile; it is mounted read-only else.

    Raises:
        CommandError: it cannot be mounted so.
    """
    if os.access(folder, os.W_OK):
        yield
        return
    run(["mount", "-o", "remount,rw", str(folder)], b"", {})
    try:
        yield
    finally:
        run(["mount", "-o", "remount,ro", str(folder)], b"", {})

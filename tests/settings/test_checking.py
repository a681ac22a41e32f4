"""Checking settings whole: every mistake at once, each with its key; and what systemd hands to a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.machine.keyring import Keyring, KeyringError
from appliance.settings import Mistake, SettingsError, known_keys, load_secrets, mistakes_in


def test_what_is_shipped_has_no_mistake() -> None:
    assert mistakes_in(known_keys()) == []


def test_every_mistake_of_every_section_is_found_at_once() -> None:
    found = mistakes_in(
        {
            "screen": {"width": 1024, "theme": "blue", "rotation": "left"},
            "money": {"currency": "EUR", "cash_rounding": "0.051"},
            "sound": {"volume": 4},
            "safety": {"hold_back": ["612"], "learn": True},
        }
    )
    assert [(each.section, each.key) for each in found] == [
        ("screen", "rotation"),
        ("screen", "width"),
        ("screen", "theme"),
        ("money", "cash_rounding"),
        ("safety", "hold_back"),
    ]
    assert found[0] == Mistake("screen", "rotation", "screen.rotation must be a whole number, not 'left'")


def test_two_keys_that_go_together_are_one_mistake() -> None:
    assert mistakes_in({"screen": {"width": 1280, "height": 800}}) == []
    (only,) = mistakes_in({"screen": {"width": 1280}})
    assert only.key == "width"


def test_what_systemd_hands_to_a_service_may_carry_its_list_of_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, keys = tmp_path / "shop", tmp_path / "keys"
    shop.write_text('key = "ck_1"\nsecret = "cs_1"\n')
    Keyring.make(keys)
    for path in (shop, keys):
        path.chmod(0o440)
    with pytest.raises(SettingsError, match="can be read by others"):
        load_secrets(shop)
    with pytest.raises(KeyringError, match="can be read by others"):
        Keyring.load(keys)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_secrets(shop).key == "ck_1"
    assert Keyring.load(keys).pepper
    for path in (shop, keys):
        path.chmod(0o444)
    with pytest.raises(SettingsError, match="can be read by others"):
        load_secrets(shop)
    with pytest.raises(KeyringError, match="can be read by others"):
        Keyring.load(keys)

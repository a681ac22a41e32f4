"""The dependency rule of pyproject.toml, broken on purpose: each contract must see it.

A small tree with the project's names stands for the project: it keeps the rule, until one import is added.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEPT = {
    "appliance": "",
    "appliance.kiosk": "import appliance.ui, appliance.till, appliance.settings, drivers.fakes, kivy",
    "appliance.syncd": "import appliance.sync, appliance.settings, appliance.shops, appliance.storage",
    "appliance.cli": "import appliance.storage, drivers.fakes",
    "appliance.demo": "import sqlite3, kivy",
    "appliance.card": "import appliance.settings, appliance.machine, appliance.storage, appliance.receipts",
    "appliance.ui": "import kivy, appliance.till, appliance.domain",
    "appliance.sync": "import appliance.storage, appliance.shops.contract",
    "appliance.till": "import appliance.receipts, appliance.storage, appliance.shops, drivers.devices",
    "appliance.receipts": "import appliance.domain, drivers",
    "appliance.storage": "import apsw, peewee, playhouse, sqlite3",
    "appliance.shops": "import requests, appliance.domain",
    "appliance.shops.contract": "",
    "appliance.shops.woocommerce": "",
    "appliance.settings": "import tomllib, appliance.domain",
    "appliance.machine": "import appliance.domain",
    "appliance.domain": "",
    "appliance.verify": "import hashlib",
    "appliance.domain.barcodes": "import biip",
    "drivers": "",
    "drivers.devices": "",
    "drivers.fakes": "import evdev, usb, serial",
}
BROKEN = [
    ("appliance.cli", "appliance.kiosk", "layers"),
    ("appliance.till", "appliance.ui", "layers"),
    ("appliance.sync", "appliance.ui", "layers"),
    ("appliance.ui", "appliance.sync", "layers"),
    ("appliance.storage", "appliance.till", "layers"),
    ("appliance.storage", "appliance.shops", "layers"),
    ("appliance.receipts", "appliance.storage", "layers"),
    ("appliance.domain", "appliance.storage", "layers"),
    ("appliance.domain", "appliance.settings", "layers"),
    ("appliance.verify", "appliance.domain", "layers"),
    ("appliance.novelty", "appliance.domain", "layers"),  # a new part must be given its place
    ("drivers.fakes", "appliance.domain", "drivers"),
    ("appliance.sync", "appliance.till", "sync"),
    ("appliance.sync", "drivers", "sync"),
    ("appliance.ui", "appliance.storage", "screen"),
    ("appliance.ui", "drivers", "screen"),
    ("appliance.till", "drivers.fakes", "concrete"),
    ("appliance.sync", "appliance.shops.woocommerce", "concrete"),
    ("appliance.till", "appliance.settings", "settings"),
    ("appliance.card", "appliance.till", "card"),
    ("appliance.card", "appliance.ui", "card"),
    ("appliance.till", "kivy", "kivy"),
    ("appliance.till", "sqlite3", "sql"),
    ("appliance.sync", "apsw", "sql"),
    ("appliance.sync", "requests", "http"),
    ("appliance.till", "evdev", "devices"),
    ("appliance.demo", "usb", "devices"),
    ("appliance.till", "biip", "biip"),
]


@pytest.mark.parametrize(("module", "imported", "contract"), BROKEN)
def test_an_import_against_the_rule_is_seen(
    module: str, imported: str, contract: str, tmp_path: Path
) -> None:
    answer = _lint(KEPT | {module: f"{KEPT.get(module, '')}\nimport {imported}"}, contract, tmp_path)
    assert answer.returncode == 1, answer.stdout
    assert "BROKEN" in answer.stdout


def test_what_keeps_the_rule_passes(tmp_path: Path) -> None:
    answer = _lint(KEPT, None, tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "0 broken" in answer.stdout


def _lint(modules: dict[str, str], contract: str | None, place: Path) -> subprocess.CompletedProcess[str]:
    for name, text in modules.items():
        path = place.joinpath(*name.split("."), "__init__.py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    lint = "import sys; sys.path.insert(0, '.'); import importlinter.cli as cli; cli.lint_imports_command()"
    options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    options += ["--contract", contract] if contract else []
    return subprocess.run(
        [sys.executable, "-P", "-c", lint, *options], cwd=place, capture_output=True, text=True, check=False
    )

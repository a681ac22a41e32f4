"""What no file says: the path of a machine, the address of a registry; what no test does: patch."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

# In pieces, so that this file does not accuse itself.
MACHINE = re.compile(
    "|".join(["(?:^|[^A-Za-z0-9_.-])/(?:wo" + "rk|fa" + "rm)/", "/tm" + "p/", "/ro" + r"ot/\."])
)
REGISTRY = re.compile(
    "|".join(
        ["pyp" + r"i\.(?:org|io)", "pythonhos" + "ted", "registry" + r"\.npm", "--(?:extra-)?index" + "-url"]
    )
)


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["path of a machine", "address of a registry"])
def test_no_file_names_the_place_where_it_was_made(pattern: re.Pattern[str], texts: dict[Path, str]) -> None:
    found = {
        f"{path}:{number}": line.strip()
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    }
    assert found == {}


def test_no_test_patches_what_it_tests(texts: dict[Path, str]) -> None:
    found = [
        f"{path}:{line}"
        for path, text in texts.items()
        if path.parts[0] == "tests" and path.suffix == ".py"
        for line in _patches(ast.parse(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "from unittest.mock import patch",
        "from unittest import mock",
        "import unittest.mock",
        "monkeypatch.setattr(till, 'clock', None)",
        "monkeypatch.setitem(sys.modules, 'evdev', None)",
        "mocker.patch('till.clock')",
    ],
)
def test_a_patch_is_seen_in_every_way_that_it_is_written(code: str) -> None:
    assert list(_patches(ast.parse(code))) == [1]


def test_setting_the_environment_is_no_patch() -> None:
    assert list(_patches(ast.parse("monkeypatch.setenv('TZ', 'UTC')"))) == []


def _patches(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(name.name.startswith("unittest.mock") for name in names):
                yield node.lineno
            case ast.ImportFrom(module="unittest.mock"):
                yield node.lineno
            case ast.ImportFrom(module="unittest", names=names) if any(name.name == "mock" for name in names):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="monkeypatch"), attr="setattr" | "setitem" | "delattr"):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="mocker"), attr="patch"):
                yield node.lineno

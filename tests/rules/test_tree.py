"""The shape of the tree: few names at the top, and no file too long to be read at a sitting."""

from pathlib import Path

TOP = {
    *("pyproject.toml", "appliance", "drivers", "systemd", "image", "tests"),
    *("README.md", "CHANGELOG.md", "LICENSE"),
}
CODE = {".py", ".kv", ".sql", ""}
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "adapters",
    "service_layer",
    "store",
}


def test_the_top_of_the_tree_holds_only_the_names_that_its_user_knows(ours: list[Path]) -> None:
    names = {path.parts[0] for path in ours}
    assert {name for name in names - TOP if not name.startswith(".")} == set()


def test_no_file_of_the_appliance_or_the_drivers_is_longer_than_250_lines(texts: dict[Path, str]) -> None:
    assert _longer_than(250, texts, "appliance", "drivers") == {}


def test_no_test_file_is_longer_than_300_lines(texts: dict[Path, str]) -> None:
    assert _longer_than(300, texts, "tests") == {}


def test_no_file_or_folder_has_a_name_that_says_nothing(ours: list[Path]) -> None:
    assert [path for path in ours if VAGUE & {Path(part).stem for part in path.parts}] == []


def test_folders_of_tests_are_no_packages(ours: list[Path]) -> None:
    assert [path for path in ours if path.parts[0] == "tests" and path.name == "__init__.py"] == []


def _longer_than(limit: int, texts: dict[Path, str], *folders: str) -> dict[Path, int]:
    lengths = {
        path: len(text.splitlines())
        for path, text in texts.items()
        if path.parts[0] in folders and path.suffix in CODE
    }
    return {path: length for path, length in lengths.items() if length > limit}

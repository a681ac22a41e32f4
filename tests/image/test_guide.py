"""The technician's guide names nothing that is not there: commands, files, settings, units, and words of the screen."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from appliance.card.checking import check
from appliance.card.lines import read_lines
from appliance.card.trial import GIVE_UP_SECONDS, STEADY_SECONDS
from appliance.card.updating import TO_BEGIN
from appliance.settings import known_keys
from appliance.settings.of_the_card import KEYS, WANTED
from appliance.storage.emergency import StickNeededError
from appliance.storage.errors import StorageError
from appliance.till.trouble import TroubleKind, trouble_of

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "image/README.md").read_text(encoding="utf-8")
OUTSIDE = {"sudo", "zstd", "git"}
"""Programs of the technician's own computer."""
OF_OTHERS = {"bmap-tools", "git log -1 --format=%ct", "lsusb"}
"""In back ticks, and not ours: a package, what git is asked, and a program of the technician's own computer."""


def sources() -> list[Path]:
    """All that the card is made of, and what builds it; not this guide, nor any other page."""
    found = [
        path for name in ("appliance", "drivers", "image", "systemd") for path in (ROOT / name).rglob("*")
    ]
    return [
        path
        for path in found
        if path.is_file()
        and path.suffix in {"", ".py", ".toml", ".txt", ".json", ".conf", ".rules", ".service"}
        and "__pycache__" not in path.parts
    ]


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a program, each whole however it is broken over lines; another file as it is."""
    source = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".py":
        nodes = ast.walk(ast.parse(source))
        yield from (
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    else:
        yield source


@pytest.fixture(scope="module")
def source() -> str:
    """The sources, one after the other."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sources())


@pytest.fixture(scope="module")
def texts() -> str:
    """What programs can say: their texts."""
    return "\n".join(text for path in sources() for text in texts_of(path))


def prose(guide: str) -> str:
    """Without the blocks of settings, which are checked by the till's own check, and without commands."""
    without = re.sub(r"```.*?```", "", guide, flags=re.DOTALL)
    return "\n".join(line for line in without.splitlines() if not line.startswith("    "))


def ticked(guide: str) -> list[str]:
    return [" ".join(each.split()) for each in re.findall(r"`([^`]+)`", prose(guide))]


def commands(guide: str) -> list[str]:
    return [line.strip() for line in guide.splitlines() if line.startswith("    ")]


def said(guide: str) -> list[str]:
    """Sentences between quotes in the rows of tables."""
    rows = [line for line in guide.splitlines() if line.startswith("| ") and not line.startswith("| memory")]
    return [each for row in rows for each in re.findall(r'"([^"]+)"', row)]


def settings(guide: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", guide, flags=re.DOTALL)


def is_there(word: str, source: str) -> bool:
    """Whether what stands between back ticks exists."""
    if word in OF_OTHERS:
        return True
    if found := re.fullmatch(r"\[(\w+)\]", word):
        return found[1] in known_keys() or found[1] in KEYS
    if word.startswith("till "):
        return (ROOT / "appliance/cli" / f"{word.split()[1]}.py").exists()
    if re.fullmatch(r"till-[\w-]+\.(service|timer|path)", word):
        return (ROOT / "systemd" / word).exists()
    if word.startswith(("./", "image/", "systemd/", "tests/")):
        return is_command(word)
    if found := re.fullmatch(r"gapless-arm64\.([\w.]+)", word):
        return f".{found[1].removeprefix('img.')}" in source
    return re.search(rf"(?<![\w-]){re.escape(word.rstrip('/'))}(?![\w-])", source) is not None


def is_command(line: str) -> bool:
    """Whether a program of ours is there, and takes each of these options."""
    program, *words = shlex.split(line)
    path = ROOT / program.removeprefix("./")
    if not path.exists():
        return False
    beside = [
        path,
        *(ROOT / "image" / {"build": "steps", "verify": "machine"}.get(path.name, "-")).glob("__main__.py"),
    ]
    text = "\n".join(each.read_text(encoding="utf-8") for each in beside if each.is_file())
    return all(re.search(rf"{re.escape(word)}\b", text) for word in words if word.startswith("--"))


def known_lines(text: str) -> list[str]:
    """What the till's own check finds wrong in settings."""
    draft = check(read_lines(text))
    return [each.sentence for each in draft.problems]


def test_the_guide_has_what_is_checked_here() -> None:
    assert len(ticked(GUIDE)) > 40
    assert len(commands(GUIDE)) >= 6
    assert len(said(GUIDE)) >= 15
    assert len(settings(GUIDE)) == 2


def test_all_between_back_ticks_is_there(source: str) -> None:
    assert [word for word in ticked(GUIDE) if not is_there(word, source)] == []


def test_each_command_is_there_with_its_options() -> None:
    for line in commands(GUIDE):
        assert line.split()[0] in OUTSIDE or is_command(line), line


def test_the_screen_says_what_the_guide_says_it_says(texts: str) -> None:
    once = re.sub(r"\s+", " ", texts)
    missing = [each for each in said(GUIDE) if not is_said(each, once)]
    assert missing == []


def test_each_trouble_that_the_till_shows_stands_in_the_guide() -> None:
    kinds: list[type[StorageError]] = [*StorageError.__subclasses__(), StickNeededError]
    errors = [kind.__new__(kind) for kind in kinds]
    shown = {
        trouble.title for trouble in (trouble_of(error, None) for error in errors) if trouble is not None
    }
    assert len(shown) == len(TroubleKind)
    assert sorted(shown - set(said(GUIDE))) == []


def is_said(sentence: str, texts: str) -> bool:
    """Whole; or, where the program puts in what is missing, "fill in " before a phrase of ours."""
    if sentence in texts:
        return True
    found = re.fullmatch(r"fill in (.*)\.", sentence)
    return found is not None and found[1] in WANTED.values() and "fill in " in texts


def test_the_settings_of_the_guide_are_right_and_enough() -> None:
    whole, update = settings(GUIDE)
    assert known_lines(whole) == []
    assert known_lines(update) == []
    typed = tomllib.loads(whole)
    assert all(typed[section].get(key) for section, key in WANTED)
    assert typed["staff"].keys() == {"manager", "manager_pin"}


def test_what_the_guide_names_as_files_of_a_build_is_made() -> None:
    plan = (ROOT / "image/steps/plan.py").read_text(encoding="utf-8")
    for name in (".img", ".root", ".boot", ".spdx.json"):
        assert f"{{plan.name}}{name}" in plan
        assert f"gapless-arm64{name}" in GUIDE


@pytest.mark.parametrize(
    "wrong",
    [
        "`till dance`",
        "`till-dance.service`",
        "`[dance]`",
        "`image/dance`",
        "`image/build --dance`",
        "`/data/dance`",
        "`danced`",
    ],
)
def test_a_word_that_is_not_there_is_seen(wrong: str, source: str) -> None:
    assert [is_there(word, source) for word in ticked(wrong)] == [False]


def test_a_sentence_that_no_screen_says_is_seen(texts: str) -> None:
    (sentence,) = said('| "The till dances" | so |')
    assert not is_said(sentence, texts)
    assert not is_said("fill in the dance.", texts)


def test_settings_that_are_wrong_are_seen() -> None:
    assert known_lines("[shop]\nurll = 1\n")
    assert known_lines('[dance]\nkey = "x"\n')


def test_the_pictures_are_there_and_as_large_as_the_small_screen() -> None:
    found = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", GUIDE)
    assert len(found) >= 2
    for words, name in found:
        with Image.open(ROOT / "image" / name) as picture:
            assert picture.size == (800, 480), words


def test_the_words_of_the_sheet_are_those_of_the_code() -> None:
    assert (
        json.loads((ROOT / "appliance/ui/strings/en.json").read_text(encoding="utf-8"))["trouble"]["on_stick"]
        in GUIDE
    )


def test_the_times_that_the_guide_names_are_those_of_the_code() -> None:
    assert f"with {TO_BEGIN.seconds // 60} minutes of them left" in GUIDE
    assert (GIVE_UP_SECONDS, "After five minutes without that" in GUIDE) == (300, True)
    assert (STEADY_SECONDS, "a minute without a break" in " ".join(GUIDE.split())) == (60, True)
    timer = (ROOT / "systemd/till-update.timer").read_text(encoding="utf-8")
    assert ("OnUnitInactiveSec=30min" in timer, "looks every half hour" in GUIDE) == (True, True)

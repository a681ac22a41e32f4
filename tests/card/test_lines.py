"""Reading a file line by line gives what TOML's own reader gives, and knows where each value stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.card.blanking import Blanking
from appliance.card.checking import check, typed_secrets
from appliance.card.disk import Disk
from appliance.card.lines import read_lines
from appliance.card.toml_text import to_toml
from appliance.card.typed import decode
from tests.card.card import KEY, SECRET, TEMPLATE, filled_in

NAMES = st.from_regex("[a-z_]{1,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.one_of(
    TEXTS,
    st.integers(-(2**40), 2**40),
    st.booleans(),
    st.floats(allow_nan=False),
    st.lists(TEXTS, max_size=3),
)
SECTIONS = st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=4), max_size=4)


def as_read(text: str) -> dict[str, dict[str, object]]:
    lines = read_lines(text)
    assert lines.problems == []
    found: dict[str, dict[str, object]] = {name: {} for name in lines.sections}
    for setting in lines.settings:
        found[setting.section][setting.key] = setting.value
    return found


@settings(deadline=None, max_examples=60)
@given(SECTIONS)
def test_what_is_written_reads_back_the_same_both_ways(sections: dict[str, dict[str, object]]) -> None:
    text = to_toml(sections, "a remark")
    assert tomllib.loads(text) == sections
    assert as_read(text) == sections


def test_the_shipped_file_reads_as_toml_reads_it() -> None:
    text = TEMPLATE.read_text("utf-8")
    assert as_read(text) == tomllib.loads(text)


def test_lists_and_long_texts_go_over_lines_and_the_lines_after_them_keep_their_numbers() -> None:
    text = (
        '[a]\nlist = [ # the first\n  "x",\n  "y", # = not a key\n]\nlong = """\none\n"quoted" = 2\n"""\n'
        "'quoted' = 'raw \\ text'\n[b]\nlast = 1 # remark\n"
    )
    assert as_read(text) == tomllib.loads(text)
    places = {each.key: (each.line, text[each.start : each.end]) for each in read_lines(text).settings}
    assert places["list"][0] == 2
    assert places["last"] == (12, "1")
    assert places["quoted"] == (10, "'raw \\ text'")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_file_makes_the_reader_stumble(content: bytes) -> None:
    typed = decode(content)
    check(read_lines(typed.text))


@settings(deadline=None)
@given(st.text(st.sampled_from("ab=[]\"'#,.\\\n\r\t \u201c\u00a0:0é"), max_size=60))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    found = read_lines(text)
    check(found)
    if not found.problems:
        assert tomllib.loads(text) is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("before", ["", "é€😀", "name = ", "\x1f"])
def test_a_secret_is_written_over_in_its_place_however_the_file_was_saved(
    folder: Path, encoding: str, before: str
) -> None:
    text = filled_in().replace("# The settings", f"# {before} The settings")
    content = ("\ufeff" if encoding == "utf-16-be" else "").encode("utf-16-be") + text.encode(encoding)
    typed = decode(content)
    draft = check(read_lines(typed.text))
    file = folder / "till.toml"
    file.write_bytes(content)
    Blanking(file, folder / "record", Disk()).blank(typed, content, list(typed_secrets(draft)))
    left = file.read_bytes()
    assert len(left) == len(content)
    now = decode(left)
    assert not any(secret in now.text for secret in (KEY, SECRET, "hunter2", "2580"))
    values = {each.key: each.value for each in read_lines(now.text).settings}
    assert values["secret"] == values["manager_pin"] == values["wifi_password"] == ""
    assert values["manager"] == "Ciarán"

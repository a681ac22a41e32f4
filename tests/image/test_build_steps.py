"""The steps: what is taken from an earlier build, what is shown meanwhile, and what is said when one fails."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from image.steps.caching import KEPT, Cache, digest
from image.steps.commands import Commands
from image.steps.errors import BuildError
from image.steps.evdev import SOURCE_PACKAGE
from image.steps.progress import Progress, span
from image.steps.wheels import platforms, split_lock, tidy

ROOT = Path(__file__).parents[2]


def test_a_digest_tells_contents_names_and_rights_apart(tmp_path: Path) -> None:
    file = tmp_path / "one"
    file.write_text("text", encoding="utf-8")
    before = digest("amd64", [file])
    assert digest("amd64", [file]) == before
    assert digest("arm64", [file]) != before
    file.chmod(0o755)
    assert digest("amd64", [file]) != before
    file.chmod(0o644)
    assert digest("amd64", [file.rename(tmp_path / "two")]) != before


def test_a_digest_does_not_depend_on_where_the_repository_lies(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text", encoding="utf-8")
    assert digest([tmp_path / "here/file"]) == digest([tmp_path / "there/file"])


def test_parts_of_a_digest_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_only_what_is_whole_is_taken_from_the_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.unfinished("base", "k").mkdir()
    assert cache.use("base", "k") is None
    (cache.folder / "base-k.unfinished/file").touch()
    cache.keep("base", "k")
    used = cache.use("base", "k")
    assert used is not None
    assert (used / "file").exists()


def test_the_oldest_makes_are_let_go_and_other_kinds_stay(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.unfinished("wheels", "x").touch()
    cache.keep("wheels", "x")
    for number in range(KEPT + 2):
        cache.unfinished("base", str(number)).touch()
        cache.keep("base", str(number))
    assert cache.use("base", "0") is None
    assert cache.use("base", str(KEPT + 1)) is not None
    assert cache.use("wheels", "x") is not None


def test_a_failed_command_shows_the_end_of_what_it_said(tmp_path: Path) -> None:
    commands = Commands(tmp_path / "log", 0)
    with pytest.raises(BuildError) as failed:
        commands.run(["sh", "-c", "echo no such package; exit 3"])
    assert "(3)" in str(failed.value)
    assert "no such package" in str(failed.value)


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no-such-program"):
        Commands(tmp_path / "log", 0).run(["no-such-program"])


def test_programs_are_told_the_time_of_the_commit(tmp_path: Path) -> None:
    said = Commands(tmp_path / "log", 1_795_320_222).ask(
        ["sh", "-c", 'echo "$SOURCE_DATE_EPOCH $TZ $LC_ALL"']
    )
    assert said == "1795320222 UTC C.UTF-8\n"


def test_programs_of_a_tree_see_it_and_the_folders_that_are_shown_to_them(tmp_path: Path) -> None:
    tree, shown, hidden = (tmp_path / name for name in ("tree", "shown", "hidden"))
    for folder in (tree, shown, hidden):
        folder.mkdir()
    for name in ("bin", "lib", "lib64"):
        (tree / name).symlink_to(f"usr/{name}")
    inside = Commands(tmp_path / "log", 0).inside(tree, Path("/usr"), shown)
    inside.run(["sh", "-c", f"test ! -e {hidden} && cat > {shown}/made"], stdin="text")
    assert (shown / "made").read_text("utf-8") == "text"
    with pytest.raises(BuildError, match=r"sh -c echo so; exit 3 failed \(3\)"):
        inside.run(["sh", "-c", "echo so; exit 3"])
    assert not list((tree / "usr").iterdir()), "a folder of this computer stays in the tree"


def test_the_steps_of_a_second_build_say_how_long_is_left(tmp_path: Path) -> None:
    now = [0.0]
    for _ in range(2):
        out = io.StringIO()
        progress = Progress(["one", "two"], tmp_path / "times", out, lambda: now[0])
        with progress.step("one"):
            now[0] += 5
        with progress.step("two"):
            now[0] += 90
        progress.finish()
    assert "1/2  one" in out.getvalue()
    assert "1 min 30 s left" in out.getvalue()
    assert "Done in 1 min 35 s" in out.getvalue()


def test_a_step_from_the_cache_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "times").write_text('{"one": 5, "two": 600, "three": 7}', encoding="utf-8")
    progress = Progress(["one", "two", "three"], tmp_path / "times", io.StringIO(), lambda: 0.0)
    progress.expect_cached("two")
    assert progress.left() == 12


def test_times_that_cannot_be_read_are_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "times").write_text("{", encoding="utf-8")
    assert Progress(["one"], tmp_path / "times", io.StringIO()).left() > 0


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.44, "0.4 s"), (48.2, "48 s"), (125, "2 min 05 s"), (59.7, "1 min 00 s")]
)
def test_a_span_is_said_in_words(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_the_lock_is_split_into_wheels_and_the_one_source() -> None:
    lock = (ROOT / "appliance/requirements.lock").read_text(encoding="utf-8")
    wheels, source = split_lock(lock)
    assert source.startswith(f"{SOURCE_PACKAGE}==")
    assert source.count("--hash=sha256:") >= 1
    assert f"\n{SOURCE_PACKAGE}==" not in wheels
    assert len(wheels) + len(source) == len(lock)


def test_every_glibc_up_to_the_cards_is_asked_for() -> None:
    assert platforms("arm64")[0] == "--platform=manylinux_2_41_aarch64"
    assert "--platform=manylinux_2_17_aarch64" in platforms("arm64")
    assert "--platform=manylinux2014_x86_64" in platforms("amd64")


def test_what_no_till_runs_is_left_out_and_all_users_can_read_the_rest(tmp_path: Path) -> None:
    for name in ("bin/pygmentize", "kivy/_event.pyx", "kivy/tests/test_app.py", "evdev/device.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch(0o600)
    tidy(tmp_path)
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["evdev/device.py"]
    assert (tmp_path / "evdev/device.py").stat().st_mode & 0o777 == 0o644

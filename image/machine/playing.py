"""Plays scenes in their order, on one counter, and notes how each went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from image.machine.counter import Counter
from image.machine.errors import MachineError, SceneError
from image.machine.report import FAILED, PASSED, Result


class Script(Protocol):
    """A module of image/scenes; its docstring's first line is the scene's title."""

    __doc__: str | None

    def play(self, counter: Counter) -> None:
        """Play it.

        Raises:
            SceneError: the card did not do what it should.
        """


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene by its name."""

    name: str
    title: str
    play: Callable[[Counter], None]


def load_scenes(names: Iterable[str]) -> list[Scene]:
    """The modules of image/scenes with these names."""
    found = []
    for name in names:
        script = cast(Script, import_module(f"image.scenes.{name}"))
        title = (script.__doc__ or name).strip().splitlines()[0].rstrip(".")
        found.append(Scene(name, title, script.play))
    return found


def play_all(scenes: Iterable[Scene], counter: Counter, say: Callable[[str], None]) -> list[Scene]:
    """Play them one after the other, up to one that fails; returns those after it, which need another counter."""
    left = list(scenes)
    while left:
        scene = left.pop(0)
        if counter.album.stands(scene.name):
            say(f"{scene.title}: passed before")
            continue
        result = counter.album.begin(scene.name, scene.title)
        say(f"{scene.title} ...")
        _play(scene, counter, result)
        say(f"    {result.outcome} after {result.seconds:.1f} s {result.words}".rstrip())
        counter.album.write()
        if result.outcome != PASSED:
            break
    return left


def _play(scene: Scene, counter: Counter, result: Result) -> None:
    start = time.monotonic()
    try:
        scene.play(counter)
        result.outcome = PASSED
    except (SceneError, MachineError) as error:
        result.outcome, result.words = FAILED, str(error)
        look_around(counter)
    finally:
        result.seconds = round(time.monotonic() - start, 1)


def look_around(counter: Counter) -> None:
    """Keep what explains a failure: the screen, and what systemd says; either may be out of reach by now."""
    try:
        counter.keep("The screen when it failed")
        counter.album.figure("Failed units", " ".join(counter.inside.failed_units()) or "none")
        shell, name = counter.machine.shell, f"{counter.album.results[-1].name}-journal.txt"
        said = shell.ask(
            "findmnt --noheadings --output TARGET,SOURCE; journalctl --no-pager --boot -o short-monotonic"
        )[1]
        (counter.album.folder / name).write_text(said, encoding="utf-8")
    except (MachineError, OSError) as error:
        counter.album.figure("Out of reach", str(error))

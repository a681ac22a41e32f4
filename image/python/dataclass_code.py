"""Compiles beforehand what our dataclasses would compile at each start: ``dataclass_code.py FOLDER FILE``.

Run by the card's own Python, as this computer runs it. Every module of ours is imported; what is not ours, nor
Python's, is stood in for by names that take part in anything, so that no wheel need run here, whatever computer the
card is for. ``sitecustomize.py`` on the card reads the file.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.abc
import importlib.machinery
import logging
import marshal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

OURS: Final = ("appliance", "drivers")
HEAD_BYTES: Final = 4

log = logging.getLogger("dataclass_code")


class Anything(type):
    """The type of a name that is stood in for: a class, whose members are such names too."""

    def __getattr__(cls, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return anything(name)

    def __or__(cls, _other: object) -> Anything:
        return cls

    __ror__ = __or__

    def __getitem__(cls, _key: object) -> Anything:
        return cls

    def __iter__(cls) -> Iterator[Anything]:
        return iter(())


def anything(name: str) -> Anything:
    """A name for anything: called as a decorator, it leaves what it is given."""

    def call(_self: object, *given: Any, **_named: object) -> Any:
        return given[0] if given and callable(given[0]) else anything("result")

    members = {
        "__init__": lambda _self, *_given, **_named: None,
        "__getattr__": lambda _self, member: anything(member),
        "__call__": call,
    }
    return Anything(name, (), members)


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module that nobody before it found."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec:
        """It is there, and empty."""
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> None:
        """As Python makes one."""

    def exec_module(self, module: ModuleType) -> None:
        """Let it have every name."""

        def member(name: str) -> Anything:
            if name.startswith("__"):
                raise AttributeError(name)
            return anything(name)

        module.__dict__["__getattr__"] = member


class Texts:
    """Runs texts of dataclasses, and keeps those of our modules."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def run(self, text: str, names: dict[str, Any], found: dict[str, Any]) -> None:
        """As ``exec`` does with a text."""
        if str(names.get("__name__", "")).split(".")[0] in OURS:
            self.found.add(text)
        exec(text, names, found)


def modules(folder: Path) -> Iterator[str]:
    """All of ours but the programs' own, which would begin to run."""
    for top in OURS:
        for path in sorted((folder / top).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if parts[-1] != "__main__":
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def compiled(texts: set[str], mark_of: Callable[[str], tuple[int, int, int]]) -> bytes:
    """The file that the card reads.

    Raises:
        ValueError: two texts have one mark.
    """
    index: dict[tuple[int, int, int], tuple[int, int]] = {}
    body = b""
    for text in sorted(texts):
        mark, code = mark_of(text), marshal.dumps(compile(text, "<string>", "exec"))
        if mark in index:
            raise ValueError(f"Two dataclasses have one mark: {text[:200]}")
        index[mark] = (len(body), len(code))
        body += code
    head = marshal.dumps(index)
    return len(head).to_bytes(HEAD_BYTES, "big") + head + body


def main(folder: Path, file: Path) -> None:
    """Import all, write the file, and say what could not be imported: its classes are compiled at each start."""
    sys.path[:0] = [str(folder)]
    texts = Texts()
    dataclasses.exec = texts.run  # type: ignore[attr-defined]
    sys.meta_path.append(StandIn())
    for name in modules(folder):
        try:
            importlib.import_module(name)
        except Exception:  # whatever a module does with a name that stands for anything
            log.exception("The dataclasses of %s are compiled at each start", name)
    marks = importlib.import_module("sitecustomize")
    file.write_bytes(compiled(texts.found, marks.mark_of))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

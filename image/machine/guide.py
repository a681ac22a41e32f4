"""The technician's guide as a list of things to do: its commands, and the settings that it says to type."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.machine.errors import SceneError

GUIDE: Final = Path(__file__).parents[1] / "README.md"
_LINE: Final = re.compile(r'^(?P<key>\w+)(?P<equals>\s*=\s*)(?P<value>"[^"]*"|[^#\s]+)(?P<rest>\s*(#.*)?)$')

Typed = Mapping[tuple[str, str], str]
"""By section and key, the value as it is typed, quotes and all."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide's text."""

    text: str

    @classmethod
    def read(cls) -> Guide:
        """As it stands in this folder."""
        return cls(GUIDE.read_text(encoding="utf-8"))

    def part(self, heading: str) -> str:
        """What stands below a heading, to the next of its kind.

        Raises:
            SceneError: there is no such heading.
        """
        parts = re.split(r"^## (.+)$", self.text, flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            if name == heading:
                return text
        raise SceneError(f"The guide has no part {heading!r}.")

    def commands(self, heading: str) -> list[str]:
        """The lines to be typed into a terminal."""
        return [line.strip() for line in self.part(heading).splitlines() if line.startswith("    ")]

    def settings(self, heading: str) -> dict[tuple[str, str], str]:
        """The settings to be typed, of the first block of them."""
        found = re.search(r"```toml\n(.*?)```", self.part(heading), flags=re.DOTALL)
        if found is None:
            raise SceneError(f"In the guide's part {heading!r} nothing is to be typed.")
        return {
            (section, key): f'"{value}"' if isinstance(value, str) else str(value)
            for section, keys in tomllib.loads(found[1]).items()
            for key, value in keys.items()
        }


def fill_in(template: str, typed: Typed) -> str:
    """A settings file with these values typed into their lines, and every other line as it was.

    Raises:
        SceneError: there is no line for one of them.
    """
    section, left, lines = "", dict(typed), []
    for line in template.splitlines():
        if found := re.fullmatch(r"\[(\w+)\]", line.strip()):
            section = found[1]
        if (found := _LINE.match(line)) and (value := left.pop((section, found["key"]), None)) is not None:
            line = f"{found['key']}{found['equals']}{value}{found['rest']}"  # noqa: PLW2901
        lines.append(line)
    if left:
        missing = ", ".join(f"{key} in [{section}]" for section, key in left)
        raise SceneError(f"The card's till.toml has no line for {missing}.")
    return "\n".join(lines) + "\n"


def flashing(line: str, image: Path, card: Path) -> list[str]:
    """A command that flashes, for another image and another drive than the guide's; without ``sudo``.

    Args:
        line: as it stands in the guide.
        image: the raw one; what is beside it has its name.
        card: in place of the drive.
    """
    stem = str(image.with_suffix(""))
    words = shlex.split(line.replace("/dev/sdX", str(card)).replace("out/gapless-arm64", stem))
    return [word for word in words if word != "sudo"]

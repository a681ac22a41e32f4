"""The lists of Debian packages: one a line, `[amd64]` or `[arm64]` where it is for that one only, `#` says why."""

from __future__ import annotations

import re
from pathlib import Path

from image.steps.errors import BuildError

LINE = re.compile(r"(?P<name>[a-z0-9][a-z0-9+.-]+)(?:\s+\[(?P<arch>amd64|arm64)\])?")


def read_packages(path: Path, arch: str) -> list[str]:
    """The packages of a list for an architecture, in the list's order.

    Raises:
        BuildError: a line is no package, one stands there twice, or a group has no reason.
    """
    names: list[str] = []
    has_reason = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        has_reason = line.startswith("#") or (has_reason and bool(line.strip()))
        text = line.split("#")[0].strip()
        if not text:
            continue
        match = LINE.fullmatch(text)
        if match is None:
            raise BuildError(f"{path.name}, line {number}: {text!r} is no package")
        if not has_reason:
            raise BuildError(
                f"{path.name}, line {number}: {match['name']} stands in a group that does not say why"
            )
        if match["arch"] not in {None, arch}:
            continue
        if match["name"] in names:
            raise BuildError(f"{path.name}, line {number}: {match['name']} stands there twice")
        names.append(match["name"])
    return names

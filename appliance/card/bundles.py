"""What an update says of itself, and whether this card takes it. Nothing is read that RAUC has not found signed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IMAGE: Final = "usr/lib/gapless/image.json"
"""What the build says of the system that runs."""

Run = Callable[[Sequence[str], float], str]
"""Runs a command for so many seconds at most and returns what it says; CommandError if it fails."""


class BundleError(Exception):
    """This update is not taken. The text says why, to the technician."""


class CommandError(Exception):
    """A command failed; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the card's system.

    Attributes:
        version: such as "0.2.0".
        build: seconds since 1970 of its commit: of two builds of one version the later counts as newer.
        compatible: for which cards it is, such as "gapless-arm64".
    """

    version: str
    build: int
    compatible: str

    @property
    def order(self) -> tuple[tuple[int, ...], int]:
        """Newer is greater."""
        return tuple(int(part) for part in self.version.split(".")), self.build

    @classmethod
    def read(cls, root: Path) -> Release:
        """The one that runs.

        Raises:
            BundleError: this is no card of ours.
        """
        try:
            return _release(json.loads((root / IMAGE).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BundleError(f"This system does not say which version it is ({error}).") from error


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose signature is good; ``hash`` is its manifest's, which names it."""

    path: Path
    hash: str
    release: Release

    @property
    def words(self) -> str:
        """For the log: what it is."""
        return f"{self.path.name}, version {self.release.version}, build {self.release.build}"


def run(command: Sequence[str], seconds: float) -> str:
    """Run a command.

    Raises:
        CommandError: it failed, is not there, or took too long.
    """
    try:
        done = subprocess.run(command, check=True, capture_output=True, timeout=seconds, text=True)
    except subprocess.CalledProcessError as error:
        raise CommandError(
            _reason(f"{error.stdout}\n{error.stderr}") or f"exit code {error.returncode}"
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise CommandError(str(error)) from error
    return done.stdout


def read_bundle(path: Path, command: Run = run) -> Bundle:
    """Have RAUC check the signature, and read what was signed.

    Raises:
        BundleError: it is no bundle, or was not signed for this card.
    """
    try:
        found = json.loads(command(("rauc", "info", "--output-format=json", str(path)), 300))
        return Bundle(path, str(found["hash"]), _release(found))
    except CommandError as error:
        raise BundleError(f"{path.name} was not signed for this till, or was changed: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{path.name} does not say which version it is ({error}).") from error


def check_newer(bundle: Bundle, running: Release) -> None:
    """Take only what is newer, and made for this card.

    Raises:
        BundleError: it is not.
    """
    found = bundle.release
    if found.compatible != running.compatible:
        raise BundleError(f"{bundle.words}, is for {found.compatible}; this card is {running.compatible}.")
    if found.order == running.order:
        raise BundleError(f"{bundle.words}, is what runs already.")
    if found.order < running.order:
        raise BundleError(
            f"{bundle.words}, is older than what runs (version {running.version}, build {running.build}). "
            "An older version is not put in: it may have mistakes that others know."
        )


def _release(found: dict[str, object]) -> Release:
    release = Release(str(found["version"]), int(str(found["build"])), str(found["compatible"]))
    _ = release.order  # a version that cannot be compared is none
    return release


def _reason(text: str) -> str:
    """RAUC's own reason where it names one, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("LastError:")]
    return (named or lines or [""])[-1]

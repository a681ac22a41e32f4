"""Running other programs: all that they say goes to one log, and a failure shows its end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from image.steps.errors import BuildError

TAIL_LINES = 25
Argument = str | Path
SHOW = 'tree=$1; shift; while [ "$1" != -- ]; do mkdir -p "$tree$1"; mount --bind "$1" "$tree$1"; shift; done; shift'
"""In a mount namespace of its own: whatever becomes of the program, no folder of this computer stays in the tree."""


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs programs for a build."""

    log: Path
    epoch: int
    """Seconds of the commit: what every program that asks SOURCE_DATE_EPOCH is told."""
    tree: Path | None = None
    """Whose programs are run; None for this computer's."""
    shown: tuple[Path, ...] = ()
    """Folders of this computer that a tree's programs see, where they are."""

    def inside(self, tree: Path, *shown: Path) -> Commands:
        """The same, but with the programs of a tree, run in it; they see these folders beside it, and nothing else."""
        return replace(self, tree=tree, shown=shown)

    def run(
        self,
        command: Sequence[Argument],
        *,
        stdin: str = "",
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Run to its end.

        Raises:
            BuildError: it failed; with the end of the log.
        """
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n+ {' '.join(str(word) for word in command)}\n")
            log.flush()
            begun = log.tell()
            try:
                done = subprocess.run(
                    [str(word) for word in (*self._into_tree(), *command)],
                    input=stdin,
                    text=True,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    check=False,
                    cwd=cwd,
                    env=self.environment(env),
                )
            except OSError as error:
                raise BuildError(f"{command[0]} could not be started: {error}") from error
        if done.returncode != 0:
            raise BuildError(
                f"{_name(command)} failed ({done.returncode}). The end of {self.log}:\n{self._tail(begun)}"
            )

    def _into_tree(self) -> list[Argument]:
        if self.tree is None:
            return []
        script = f'{SHOW}; exec chroot "$tree" "$@"'
        return ["unshare", "--mount", "sh", "-euc", script, "sh", self.tree, *self.shown, "--"]

    def ask(self, command: Sequence[Argument], *, cwd: Path | None = None) -> str:
        """What a program answers.

        Raises:
            BuildError: it failed.
        """
        try:
            done = subprocess.run(
                [str(word) for word in (*self._into_tree(), *command)],
                capture_output=True,
                text=True,
                check=True,
                cwd=cwd,
                env=self.environment(),
            )
        except OSError as error:
            raise BuildError(f"{command[0]} could not be started: {error}") from error
        except subprocess.CalledProcessError as error:
            raise BuildError(
                f"{_name(command)} failed ({error.returncode}): {error.stderr.strip()}"
            ) from error
        return done.stdout

    def chroot(self, tree: Path, *command: Argument, env: Mapping[str, str] | None = None) -> None:
        """Run a program of a tree, inside it."""
        self.run(
            ["chroot", tree, *command],
            env={"DEBIAN_FRONTEND": "noninteractive", "HOME": "/root", **(env or {})},
        )

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the programs find in their environment: ours, and nothing that changes with the hour or the place."""
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        fixed = {"PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": str(self.epoch)}
        return {**os.environ, **fixed, **(more or {})}

    def _tail(self, begun: int) -> str:
        with self.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(begun)
            return "\n".join("    " + line for line in log.read().splitlines()[-TAIL_LINES:])


def _name(command: Sequence[Argument]) -> str:
    return " ".join(str(word) for word in command[:3])

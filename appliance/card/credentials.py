"""Secrets, encrypted with the card's own key by systemd: read again by the services that need them, and by root.

The key lies on the same card (:attr:`places.Places.host_key`), so this keeps a secret from whoever only glances at the
card or gets a copy of one file, not from whoever takes the card itself apart. What it buys: no secret stands in plain
anywhere, each is bound to its name, and only the unit that loads it can read it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from appliance.card.disk import Disk, forget, keep, make_folders, read

TIMEOUT_SECONDS: Final = 600
"""A large card grows for a while, and a slow one takes its time to begin the journal; a stuck program ends."""
Run = Callable[[list[str], bytes, Mapping[str, str]], bytes]
"""Runs a command with these bytes typed and this environment; gives back what it wrote. Raises CommandError."""


class CommandError(Exception):
    """A command failed. The text says which and, in its own words, why; never what was typed."""


def run_command(
    command: list[str], typed: bytes = b"", environment: Mapping[str, str] | None = None
) -> bytes:
    """Run a program of the system.

    Raises:
        CommandError: it is not there, failed, or took too long.
    """
    try:
        done = subprocess.run(
            command,
            input=typed,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            start_new_session=True,  # without a terminal: a PIN is read from what is typed here
            env={**os.environ, **(environment or {})},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandError(f"{command[0]}: {type(error).__name__}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CommandError(f"{command[0]}: {said[-1] if said else f'exit {done.returncode}'}")
    return done.stdout


class Credentials:
    """The encrypted files of one folder."""

    def __init__(self, folder: Path, host_key: Path, disk: Disk, run: Run = run_command) -> None:
        self._folder = folder
        self._disk = disk
        self._run = run
        self._environment = {"SYSTEMD_CREDENTIAL_SECRET": str(host_key)}

    def path(self, name: str) -> Path:
        """Where a secret lies, encrypted."""
        return self._folder / f"{name}.cred"

    def has(self, name: str) -> bool:
        """Whether there is one."""
        return self.path(name).exists()

    def keep(self, name: str, secret: bytes) -> None:
        """Encrypt a secret in the place of an older one; on the disk, and proven readable, when this returns.

        Raises:
            CommandError: it cannot be encrypted, or does not read back; an older one stays.
        """
        if self.has(name) and self._reads(name, secret):
            return
        make_folders(self._disk, self._folder, 0o700)
        sealed = self._run(
            ["systemd-creds", "encrypt", "--with-key=host", f"--name={name}", "-", "-"],
            secret,
            self._environment,
        )
        if self._open(name, sealed) != secret:
            raise CommandError(f"systemd-creds: {name} does not read back as it was written")
        keep(self._disk, self.path(name), sealed)
        if read(self.path(name)) != sealed:
            raise CommandError(f"{self.path(name).name} does not read back as it was written")

    def get(self, name: str) -> bytes | None:
        """A secret, None if there is none.

        Raises:
            CommandError: it cannot be decrypted.
        """
        sealed = read(self.path(name))
        return None if sealed is None else self._open(name, sealed)

    def forget(self, name: str) -> None:
        """Take one away."""
        forget(self._disk, self.path(name))

    def _reads(self, name: str, secret: bytes) -> bool:
        try:
            return self.get(name) == secret
        except CommandError:
            return False

    def _open(self, name: str, sealed: bytes) -> bytes:
        return self._run(["systemd-creds", "decrypt", f"--name={name}", "-", "-"], sealed, self._environment)


def packed(values: Mapping[str, str]) -> bytes:
    """Several texts that belong together, as one secret in TOML: what ``settings.load_secrets`` reads."""
    quoted = {key: json.dumps(text).replace("\x7f", "\\u007f") for key, text in values.items()}
    return "".join(f"{key} = {text}\n" for key, text in quoted.items()).encode()

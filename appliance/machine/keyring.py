"""The till's own secrets: made on the machine, kept outside of the database and of every backup.

The journal is signed with the signing key. The pepper makes PIN hashes useless to whoever has only the database: four
digits can be tried in minutes. The data key seals what is known of customers. Who loses the file makes a new one: the
journal then goes on under a new key, and PINs are set again.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nacl.bindings import crypto_sign, crypto_sign_BYTES
from nacl.signing import SigningKey

KEY_BYTES: Final = 32
_NAMES: Final = ("signing_key", "pepper", "data_key")


class KeyringError(Exception):
    """The keys cannot be read or made. The text names the file, never a key."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Three keys of 32 bytes. Their repr hides them, so that no log can hold one."""

    signing_key: SigningKey = field(repr=False)
    pepper: bytes = field(repr=False)
    data_key: bytes = field(repr=False)
    _secret: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put together what libsodium signs with: ``SigningKey.sign`` costs a sale 7 microseconds more."""
        object.__setattr__(self, "_secret", bytes(self.signing_key) + bytes(self.signing_key.verify_key))

    @property
    def public_key(self) -> bytes:
        """What the journal's signatures are checked with."""
        return bytes(self.signing_key.verify_key)

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes."""
        return crypto_sign(message, self._secret)[:crypto_sign_BYTES]

    @classmethod
    def make(cls, path: Path) -> Keyring:
        """Make new keys and keep them in a new file that only its owner can read.

        Raises:
            KeyringError: there is one already, or it cannot be written.
        """
        keys = {name: os.urandom(KEY_BYTES) for name in _NAMES}
        text = "# The till's own keys. Never copy them off this machine, never show them to anybody.\n"
        text += "".join(f'{name} = "{key.hex()}"\n' for name, key in keys.items())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(path.parent)
        except FileExistsError:
            raise KeyringError(f"{path} is there already. Keys are never written over.") from None
        except OSError as error:
            raise KeyringError(f"The till's keys cannot be written to {path}: {error.strerror}.") from error
        return cls(SigningKey(keys["signing_key"]), keys["pepper"], keys["data_key"])

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read the keys.

        Raises:
            KeyringError: the file is missing, unreadable, open to others, or damaged.
        """
        try:
            if path.stat().st_mode & _others_of(path):
                raise KeyringError(
                    f"{path} can be read by others. Make it readable by its owner alone (0600)."
                )
            found = tomllib.loads(path.read_text("ascii"))
            keys = [bytes.fromhex(found[name]) for name in _NAMES]
        except FileNotFoundError:
            raise KeyringError(f"The till's keys are missing: {path}. Make them with: till setup") from None
        except OSError as error:
            raise KeyringError(f"The till's keys cannot be read: {path}: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, ValueError, TypeError):
            raise KeyringError(f"The till's keys are damaged: {path}.") from None
        if any(len(key) != KEY_BYTES for key in keys):
            raise KeyringError(f"The till's keys are damaged: {path}.")
        signing_key, pepper, data_key = keys
        return cls(SigningKey(signing_key), pepper, data_key)


def _others_of(path: Path) -> int:
    """The bits of a mode that let others in.

    The group's bit in systemd's folder of credentials is no group's: it says that a list of who may read has an entry.
    """
    return 0o037 if str(path.parent) == os.environ.get("CREDENTIALS_DIRECTORY") else 0o077


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

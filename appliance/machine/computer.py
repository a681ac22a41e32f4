"""The computer that the till runs on, as the programs hand it to their parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from appliance.domain.witness import Seal
from appliance.machine.clock import Clock
from appliance.machine.hardware import ROOT, hardware_id
from appliance.machine.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Computer:
    """Clock, keys and fingerprint of this computer."""

    clock: Clock
    keyring: Keyring = field(repr=False)
    hardware_id: str
    root: Path = ROOT

    @property
    def public_key(self) -> str:
        """What the journal's signatures are checked with, in hexadecimal digits."""
        return self.keyring.public_key.hex()

    @property
    def seal(self) -> Seal:
        """What the journal needs to write."""
        return Seal(self.clock.witness, self.keyring.sign, self.keyring.public_key)

    def with_journal_in(self, folder: Path) -> Computer:
        """The same computer, with the journal on the disk of another folder."""
        return replace(self, hardware_id=hardware_id(folder, self.root))

    @classmethod
    def of(cls, keys_file: Path, data: Path, root: Path = ROOT) -> Computer:
        """This computer, with the keys in that file and the journal in that folder.

        Args:
            keys_file, data: of the till.
            root: where its ``/proc`` and ``/sys`` are, for a test.

        Raises:
            KeyringError: the keys cannot be read.
        """
        return cls(Clock(), Keyring.load(keys_file), hardware_id(data, root), root)

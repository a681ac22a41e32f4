"""The computer that the till runs on, as the programs hand it to their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from appliance.domain.witness import Seal
from appliance.machine.clock import Clock
from appliance.machine.hardware import hardware_id
from appliance.machine.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Computer:
    """Clock, keys and fingerprint of this computer."""

    clock: Clock
    keyring: Keyring = field(repr=False)
    hardware_id: str

    @property
    def seal(self) -> Seal:
        """What the journal needs to write."""
        return Seal(self.clock.witness, self.keyring.sign, self.keyring.public_key)

    @classmethod
    def of(cls, keys_file: Path) -> Computer:
        """This computer, with the keys in that file.

        Raises:
            KeyringError: they cannot be read.
        """
        return cls(Clock(), Keyring.load(keys_file), hardware_id())

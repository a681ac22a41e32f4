"""Where things are on the card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of the card; ``root`` is another one than "/" in a test.

    What the till's programs read is named as they see it (``till_data``), what is written as it lies on the card.
    """

    root: Path = Path("/")

    @property
    def boot(self) -> Path:
        """The FAT partition, which any PC can read."""
        return self.root / "boot/firmware"

    @property
    def typed(self) -> Path:
        """The technician's settings."""
        return self.boot / "till.toml"

    @property
    def data(self) -> Path:
        """The data partition: all that lasts."""
        return self.root / "data"

    @property
    def journal(self) -> Path:
        """The till's own folder, as it lies on the data partition."""
        return self.data / "till"

    @property
    def till_data(self) -> Path:
        """The same folder, as the till's programs see it."""
        return self.root / "var/lib/till"

    @property
    def system(self) -> Path:
        """What lasts and only root may read."""
        return self.data / "system"

    @property
    def trial(self) -> Path:
        """What is kept of updates (``trial.Record``)."""
        return self.system / "trial.json"

    @property
    def credentials(self) -> Path:
        """The secrets, encrypted."""
        return self.system / "credentials"

    @property
    def host_key(self) -> Path:
        """What systemd encrypts them with; it looks for it in ``/var/lib/systemd``, which is this folder."""
        return self.system / "lib/credential.secret"

    @property
    def run(self) -> Path:
        """What the other programs read; gone when the power is."""
        return self.root / "run/till"

    @property
    def settings(self) -> Path:
        """What the kiosk reads."""
        return self.run / "till.toml"

    @property
    def sync_settings(self) -> Path:
        """What the sync service reads: it has its keys from systemd."""
        return self.run / "sync.toml"

    @property
    def report(self) -> Path:
        """What the set-up found, for the kiosk."""
        return self.run / "setup.json"

    @property
    def no_data(self) -> Path:
        """What the screen says where the data partition cannot be used (``opening``)."""
        return self.run / "no-data"

    @property
    def status_page(self) -> Path:
        """There while the settings want the status page."""
        return self.run / "status-page"

    @property
    def wishes(self) -> Path:
        """The kiosk's own folder, in which it leaves what it wishes from root."""
        return self.root / "run/till-kiosk"

    @property
    def handed(self) -> Path:
        """Settings that were typed on the screen (``typed_settings``): secrets are among them, and this is RAM."""
        return self.wishes / "typed"

    @property
    def begun(self) -> Path:
        """How far the journal from a stick is, and what came of it (``begin``)."""
        return self.wishes / "begun.json"

    @property
    def heard(self) -> Path:
        """Which Wi-Fis are heard here (``radio``); the kiosk reads it."""
        return self.run / "radio.json"

    @property
    def help(self) -> Path:
        """What came of a wish for help, or of a technician's token; the kiosk shows it."""
        return self.run / "help.json"

    @property
    def technicians(self) -> Path:
        """The keys that technicians' tokens are signed with, as the card was built."""
        return self.root / "usr/lib/gapless/technicians.pub"

    @property
    def console(self) -> Path:
        """What the technician's console is started with."""
        return self.run / "console"

    @property
    def stick(self) -> Path:
        """Where udev mounts a stick."""
        return self.root / "media/till"

    @property
    def networks(self) -> Path:
        """Where systemd-networkd looks for what was made at this boot."""
        return self.root / "run/systemd/network"

    @property
    def rules(self) -> Path:
        """Where udev looks for what was made at this boot."""
        return self.root / "run/udev/rules.d"

    @property
    def zones(self) -> Path:
        """The time zones."""
        return self.root / "usr/share/zoneinfo"

"""The files by which settings go from the screen to root: the draft, what is handed over, and what came of it.

The kiosk may change no setting itself. It leaves what was typed in its own folder, which is RAM, because secrets are
among it; root sees it (till-typed.path), checks and keeps it (``card.typed_settings``), and takes the file away when it
is done. The draft beside the journal lasts through a power cut, and holds no secret.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from appliance.till.mistakes import Mistakes

WISHES: Final = "RUNTIME_DIRECTORY"
"""Of the environment: the kiosk's own folder, made by systemd."""
HANDED: Final = "typed"
LISTEN: Final = "radio"
HEARD: Final = "radio.json"
DRAFT: Final = "typed.json"
Sections = Mapping[str, Mapping[str, Any]]

log = logging.getLogger("appliance.kiosk")


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of it.

    Attributes:
        report: of the set-up (``card.problems.report``).
        handed: where root looks for what was typed.
        draft: what was typed so far, without secrets; None where nothing lasts.
    """

    report: Path
    handed: Path
    draft: Path | None

    @classmethod
    def of(cls, report: Path, said: Mapping[str, Any], environment: Mapping[str, str]) -> Papers | None:
        """Where they are; None where nobody would carry a wish out: on a desk."""
        wishes = environment.get(WISHES)
        if not wishes:
            return None
        data = said.get("data")
        draft = Path(data) / DRAFT if isinstance(data, str) else None
        return cls(report, Path(wishes.split(":")[0]) / HANDED, draft)

    def keep(self, sections: Sections) -> None:
        """Put a draft by; a card that takes nothing new is told of elsewhere."""
        if self.draft is None:
            return
        try:
            _write(self.draft, sections)
        except OSError as error:
            log.warning("The draft of the settings cannot be kept: %s", error)

    def give(self, sections: Sections) -> None:
        """Leave all of it for root.

        Raises:
            OSError: it could not be written.
        """
        _write(self.handed, sections)

    def outcome(self) -> Mistakes | None:
        """What came of it; None while root is at it."""
        if self.handed.exists():
            return None
        report = read(self.report)
        return Mistakes.of(report) or Mistakes((), str(report.get("sells")))

    def listen(self) -> None:
        """Wish to know which Wi-Fis are heard (till-radio.path); whoever cannot have it types the name."""
        try:
            self.handed.with_name(LISTEN).touch(mode=0o600)
        except OSError as error:
            log.warning("Nobody can be asked for the Wi-Fis: %s", error)

    def heard(self) -> tuple[str, ...]:
        """The names of Wi-Fis that were heard the last time, the nearest first."""
        found = read(self.report.with_name(HEARD)).get("names")
        return tuple(map(str, found)) if isinstance(found, list) else ()

    def forget_draft(self) -> None:
        """It is in the card's own file now."""
        if self.draft is not None:
            self.draft.unlink(missing_ok=True)


def _write(path: Path, sections: Sections) -> None:
    """Whole or not at all, also after a power cut, and for nobody else's eyes."""
    new = path.with_name(f".{path.name}")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(sections, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def read(path: Path) -> dict[str, Any]:
    """A file of JSON; {} where there is none that can be read."""
    try:
        return mapping(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def mapping(found: object) -> dict[str, Any]:
    """What was found, if it is one."""
    return found if isinstance(found, dict) else {}

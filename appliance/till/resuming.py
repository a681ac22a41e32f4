"""The sale that was in progress when the till stopped."""

from __future__ import annotations

import logging
from typing import Final

from appliance.storage.drafts import Draft, Drafts
from appliance.storage.errors import DraftUnreadableError
from appliance.storage.journal import Journal
from appliance.till.clock import Now

NOBODY: Final = 0
"""Who did it when the till itself did."""

log = logging.getLogger(__name__)


def load_draft(drafts: Drafts, journal: Journal, now: Now) -> Draft | None:
    """The sale in progress, None if none was.

    One that this version cannot read is set aside in the journal: the till must start, and sell.
    """
    try:
        return drafts.load()
    except DraftUnreadableError as unreadable:
        log.warning("%s", unreadable)
        journal.note("draft-set-aside", NOBODY, now(), {"draft": unreadable.body})
        drafts.drop()
        return None

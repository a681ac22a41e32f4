"""The status page for a phone: one file, nothing fetched, no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from typing import Final

from appliance.card.status import Fact, Status

STYLE: Final = Path(__file__).with_name("status_page.css").read_text("utf-8")
POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'"
)
"""The page may use its own style and nothing else at all."""
REFRESH_SECONDS: Final = 30


def to_html(status: Status) -> str:
    """The whole page."""
    look = "" if status.is_well else " look"
    words = "All is well" if status.is_well else "Somebody should look"
    trouble = "".join(f"<li>{escape(each)}</li>" for each in status.trouble)
    looked = f"The till looked after itself at {status.looked_at}. " if status.looked_at else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}"><meta name="robots" content="noindex">'
        f"<title>{escape(status.till)}: {words.lower()}</title><style>{STYLE}</style></head>\n"
        f'<body><main><h1>{escape(status.till)}</h1>\n<p class="state{look}"><span class="dot"></span>'
        f"{words}</p>\n{f'<ul>{trouble}</ul>' if trouble else ''}\n"
        f"<dl>{''.join(map(_row, status.facts))}</dl>\n"
        f"<footer>{looked}This page is of {status.at:%Y-%m-%d %H:%M:%S} and comes anew every {REFRESH_SECONDS} "
        "seconds. It only shows: nothing can be changed here.</footer></main></body></html>\n"
    )


def _row(fact: Fact) -> str:
    look = "" if fact.is_well else ' class="look"'
    return f"<div{look}><dt>{escape(fact.name)}</dt><dd>{escape(fact.words)}</dd></div>\n"

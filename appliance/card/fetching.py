"""Fetching the newest bundle from the server, a piece a night if need be, without ever filling the card.

One request says whether there is anything new (``If-None-Match``); what was fetched before a cut or the end of the
night is not fetched again (``Range`` with ``If-Range``). What comes is believed only once RAUC has checked it.
"""

from __future__ import annotations

import errno
import os
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Final

from appliance.card.disk import Disk
from appliance.card.records import keep_record, read_record

LARGEST_BYTES: Final = 700_000_000
SPARE_BYTES: Final = 300_000_000
"""So much stays free on the card: sales come first."""
TIMEOUT_SECONDS: Final = 60.0
_BLOCK: Final = 1024 * 1024

Free = Callable[[Path], int]


class FetchError(Exception):
    """Nothing, or not all, was fetched. The text says why; what came so far is kept."""


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """A server may send us elsewhere, but not from https to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if newurl.partition(":")[0] != req.type:
            raise FetchError(
                f"The server of the updates sends to {newurl.partition(':')[0]}, which is not taken."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the server's file: its tag while it is fetched or here, and the tag of one that is done with."""

    url: str = ""
    tag: str = ""
    is_whole: bool = False
    done: str = ""
    spoilt: int = 0


_OF_THE_CARD: Final = (errno.EIO, errno.EROFS, errno.ENOSPC)
"""No network answers so."""


class Fetching:
    """The bundle of one address."""

    def __init__(
        self,
        url: str,
        folder: Path,
        disk: Disk | None = None,
        free: Free = lambda at: shutil.disk_usage(at).free,
        largest_bytes: int = LARGEST_BYTES,
        go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """Say from where, and where it is kept.

        Args:
            url: of the bundle.
            folder: of its own, on the data partition.
            disk: what writes the records.
            free: bytes that are free at a place.
            largest_bytes: more is not taken.
            go_on: asked after each megabyte; False ends it for now.
        """
        self._url, self._folder, self._disk, self._free = url, folder, disk or Disk(), free
        self._largest, self._go_on = largest_bytes, go_on
        self._part, self._whole = folder / "bundle.part", folder / "bundle.raucb"
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context()), _SameScheme()
        )

    def fetch(self) -> Path | None:
        """The whole bundle; None if there is nothing that was not seen before.

        Raises:
            FetchError: not now; the next time goes on where this one ended.
        """
        state = self._read()
        request = urllib.request.Request(self._url)
        has = self._part.stat().st_size if state.tag and self._part.exists() else 0
        if state.is_whole and self._whole.exists():
            request.add_header("If-None-Match", state.tag)
        elif state.done:
            request.add_header("If-None-Match", state.done)
        if has and not state.is_whole:
            request.add_header("Range", f"bytes={has}-")
            request.add_header("If-Range", state.tag)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return self._take(answer, answer.status, answer.headers, state, has)
        except urllib.error.HTTPError as error:
            return self._answered(error.code, state)
        except (OSError, HTTPException) as error:
            is_cards = isinstance(error, OSError) and error.errno in _OF_THE_CARD
            what = (
                "The card takes no new version" if is_cards else "The server of the updates cannot be reached"
            )
            raise FetchError(f"{what}: {error}") from error

    def finish(self, *, is_spoilt: bool = False) -> None:
        """This bundle is done with, for good or ill: it is not fetched again, and its room is free.

        Args:
            is_spoilt: it is not what was signed. A cut may have spoilt it on its way, so it is fetched once more.
        """
        state = self._read()
        again = is_spoilt and not state.spoilt
        self._keep(
            _State(self._url, done=state.done if again else state.tag or state.done, spoilt=int(again))
        )
        for file in (self._part, self._whole):
            file.unlink(missing_ok=True)

    def _answered(self, code: int, state: _State) -> Path | None:
        if code == HTTPStatus.NOT_MODIFIED:
            return self._whole if state.is_whole and self._whole.exists() else None
        if code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self._part.unlink(missing_ok=True)
        raise FetchError(f"The server of the updates answers with {code}.")

    def _take(self, answer: IO[bytes], status: int, headers: Message, state: _State, has: int) -> Path:
        tag = headers["ETag"] or ""
        if not tag or tag.startswith("W/"):
            raise FetchError("The server of the updates names no version of its file (a strong ETag).")
        goes_on = status == HTTPStatus.PARTIAL_CONTENT and tag == state.tag
        if status == HTTPStatus.PARTIAL_CONTENT and not goes_on:
            self._part.unlink(missing_ok=True)
            raise FetchError("The server of the updates goes on with another file.")
        has = has if goes_on else 0
        total = has + self._length(headers)
        self._check_room(total, has)
        if not goes_on:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in (self._part, self._whole):
                file.unlink(missing_ok=True)
            self._keep(_State(self._url, tag, done=state.done, spoilt=state.spoilt))
        self._write(answer, has, total)
        self._disk.rename(self._part, self._whole)
        self._disk.sync_folder(self._folder)
        self._keep(_State(self._url, tag, is_whole=True, done=state.done, spoilt=state.spoilt))
        return self._whole

    def _write(self, answer: IO[bytes], has: int, total: int) -> None:
        with self._part.open("r+b" if has else "wb") as file:
            file.seek(has)
            try:
                while has < total and (block := answer.read(min(_BLOCK, total - has))):
                    file.write(block)
                    has += len(block)
                    if not self._go_on():
                        break
            finally:
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        if has < total:
            raise FetchError(
                f"{has // 1_000_000} of {total // 1_000_000} MB are here; the rest comes next time."
            )

    def _length(self, headers: Message) -> int:
        text = headers["Content-Length"] or ""
        if not text.isdigit():
            raise FetchError("The server of the updates does not say how large its file is.")
        return int(text)

    def _check_room(self, total: int, has: int) -> None:
        if total > self._largest:
            raise FetchError(f"The update is too large: {total // 1_000_000} MB.")
        place = self._folder if self._folder.exists() else self._folder.parent
        if self._free(place) - (total - has) < SPARE_BYTES:
            raise FetchError(f"There is no room on the card for an update of {total // 1_000_000} MB.")

    def _read(self) -> _State:
        found = read_record(self._folder / "fetch.json")
        try:
            state = _State(**found)
        except TypeError:
            return _State()
        return state if state.url == self._url else _State()

    def _keep(self, state: _State) -> None:
        keep_record(self._disk, self._folder / "fetch.json", asdict(state))

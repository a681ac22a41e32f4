"""Fetching a bundle from a real server on this machine: in pieces, over cuts, and never too much."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.card.disk import Disk
from appliance.card.fetching import SPARE_BYTES, FetchError, Fetching
from tests.card.update_server import CONTENT, Server, serving

ROOM = SPARE_BYTES + 100_000_000


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as served:
        yield served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "update"


def fetching(server: Server, folder: Path, free: int = ROOM, largest: int = 10**9) -> Fetching:
    return Fetching(server.url, folder, free=lambda _at: free, largest_bytes=largest)


def test_a_new_bundle_comes_whole_and_once(server: Server, folder: Path) -> None:
    path = fetching(server, folder).fetch()
    assert path is not None
    assert path.read_bytes() == CONTENT
    assert fetching(server, folder).fetch() == path, "it is here, and is not fetched again"
    assert server.asked == [("", ""), ("", '"one"')]
    fetching(server, folder).finish()
    assert fetching(server, folder).fetch() is None
    assert not path.exists()


def test_a_cut_is_gone_on_from(server: Server, folder: Path) -> None:
    server.cuts_after = 3_000_000
    with pytest.raises(FetchError, match="next time"):
        fetching(server, folder).fetch()
    server.cuts_after = None
    path = fetching(server, folder).fetch()
    assert path is not None
    assert path.read_bytes() == CONTENT
    assert server.asked[1][0] == "bytes=3000000-"


def test_the_end_of_the_night_ends_it_for_now(server: Server, folder: Path) -> None:
    once = Fetching(server.url, folder, free=lambda _at: ROOM, go_on=lambda: False)
    with pytest.raises(FetchError, match="1 of 5 MB"):
        once.fetch()
    path = fetching(server, folder).fetch()
    assert path is not None
    assert path.read_bytes() == CONTENT


def test_another_file_of_the_server_is_begun_anew(server: Server, folder: Path) -> None:
    server.cuts_after = 3_000_000
    with pytest.raises(FetchError):
        fetching(server, folder).fetch()
    server.cuts_after, server.tag, server.content = None, '"two"', CONTENT[::-1]
    path = fetching(server, folder).fetch()
    assert path is not None
    assert path.read_bytes() == CONTENT[::-1]


def test_a_server_that_goes_on_with_another_file_is_not_believed(server: Server, folder: Path) -> None:
    server.cuts_after = 3_000_000
    with pytest.raises(FetchError):
        fetching(server, folder).fetch()
    server.cuts_after, server.tag, server.content = None, '"two"', CONTENT[::-1]
    server.ignores_if_range = True
    with pytest.raises(FetchError, match="another file"):
        fetching(server, folder).fetch()
    path = fetching(server, folder).fetch()
    assert path is not None
    assert path.read_bytes() == CONTENT[::-1]


def test_what_was_spoilt_on_its_way_is_fetched_once_more(server: Server, folder: Path) -> None:
    for _ in range(2):
        assert fetching(server, folder).fetch() is not None
        fetching(server, folder).finish(is_spoilt=True)
    assert fetching(server, folder).fetch() is None


def test_too_large_a_file_is_not_begun(server: Server, folder: Path) -> None:
    with pytest.raises(FetchError, match="too large"):
        fetching(server, folder, largest=1_000_000).fetch()
    assert not list(folder.parent.rglob("*.part"))


def test_the_card_is_not_filled(server: Server, folder: Path) -> None:
    with pytest.raises(FetchError, match="no room"):
        fetching(server, folder, free=SPARE_BYTES + 1_000_000).fetch()


@pytest.mark.parametrize("reason", [errno.EIO, errno.EROFS, errno.ENOSPC])
def test_a_card_that_takes_nothing_is_not_called_a_server_that_is_away(
    server: Server, folder: Path, reason: int
) -> None:
    class Worn(Disk):
        def rename(self, source: Path, target: Path) -> None:
            raise OSError(reason, os.strerror(reason), str(target))

    with pytest.raises(FetchError, match="The card takes no new version"):
        Fetching(server.url, folder, Worn(), free=lambda _at: ROOM).fetch()


def test_a_server_that_says_more_than_it_named_is_not_listened_to(server: Server, folder: Path) -> None:
    server.length = 1_000
    path = fetching(server, folder).fetch()
    assert path is not None
    assert path.stat().st_size == 1_000


def test_a_server_without_tags_is_refused_as_it_would_be_asked_for_everything_each_night(
    server: Server, folder: Path
) -> None:
    server.tag = None
    with pytest.raises(FetchError, match="ETag"):
        fetching(server, folder).fetch()
    server.tag = 'W/"weak"'
    with pytest.raises(FetchError, match="ETag"):
        fetching(server, folder).fetch()


def test_a_server_may_not_send_elsewhere_by_another_scheme(server: Server, folder: Path) -> None:
    server.redirect = "ftp://127.0.0.1/gapless.raucb"
    with pytest.raises(FetchError, match="ftp"):
        fetching(server, folder).fetch()


def test_nobody_there_is_said(folder: Path) -> None:
    with pytest.raises(FetchError, match="cannot be reached"):
        Fetching("http://127.0.0.1:9/x", folder).fetch()
    with pytest.raises(FetchError, match="cannot be reached"):
        Fetching("http://updates.invalid/x", folder).fetch()

"""A request ends in time whatever answers, and its error says whether it was sent."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from appliance.demo.network_exchange import read_request
from appliance.shops.contract import NotOurShopError, ShopClock, UnknownOutcomeError, UnreachableError
from appliance.shops.http import HttpAnswer, HttpClient
from tests.shops.scripted import Piece, ScriptedServer, answer, json_answer, scripted

DEADLINE_SECONDS = 1.5
SLACK_SECONDS = 3  # for a busy machine; each of these would else last 20 seconds or for ever


def ask(url: str, ca_file: Path | None = None, max_body_bytes: int = 100_000) -> HttpAnswer:
    client = HttpClient(
        url,
        deadline_seconds=DEADLINE_SECONDS,
        connect_seconds=1,
        ca_file=ca_file,
        max_body_bytes=max_body_bytes,
    )
    try:
        return client.request("POST", "/wp-json/wc/v3/orders", {"Content-Type": "application/json"}, b"{}")
    finally:
        client.close()


def test_a_whole_answer_is_given_back() -> None:
    with scripted(json_answer("201 Created", {"id": 7}, "Date: Sat, 21 Nov 2026 12:00:00 GMT")) as server:
        found = ask(server.url)
    assert (found.status, found.body, found.is_json) == (201, b'{"id": 7}', True)
    assert found.server_at is not None
    assert found.server_at.isoformat() == "2026-11-21T12:00:00+00:00"


def test_nothing_is_asked_for_packed_and_no_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with scripted(json_answer("200 OK", {})) as server:
        ask(server.url)
    assert b"Accept-Encoding: identity" in server.seen[0]


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"HTTP/1.1 200 OK\r\n", *[b"X", 0.2] * 100], id="drips its headers"),
        pytest.param([answer("200 OK", b"x" * 1000)[:-1000], *[b"x", 0.2] * 100], id="drips its body"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", *[b" ", 0.2] * 100],
            id="drips for ever",
        ),
        pytest.param([60.0], id="says nothing"),
    ],
)
def test_a_slow_answer_is_cut_at_the_deadline(pieces: list[Piece]) -> None:
    with scripted(*pieces) as server:
        began = time.monotonic()
        with pytest.raises(UnknownOutcomeError, match="in time"):
            ask(server.url)
        assert time.monotonic() - began < DEADLINE_SECONDS + SLACK_SECONDS


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([answer("200 OK", b'{"id": 1234567}')[:-5]], id="half an answer"),
        pytest.param([], id="closes without a word"),
        pytest.param([b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"'], id="half a chunk"),
        pytest.param([b"\x16\x03\x01 this is no HTTP\r\n\r\n"], id="not HTTP"),
    ],
)
def test_a_broken_answer_leaves_the_outcome_unknown(pieces: list[Piece]) -> None:
    with scripted(*pieces) as server, pytest.raises(UnknownOutcomeError) as raised:
        ask(server.url)
    assert not isinstance(raised.value, NotOurShopError)


def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    packed = answer("200 OK", bomb, "application/json", "Content-Encoding: gzip")
    with scripted(packed) as server, pytest.raises(NotOurShopError):
        ask(server.url)


def test_an_answer_beyond_all_measure_is_cut() -> None:
    with scripted(answer("200 OK", b" " * 200_000)) as server, pytest.raises(NotOurShopError):
        ask(server.url)


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="closes without a word"),
        pytest.param([answer("200 OK", b'{"id": 1234567}')[:-5]], id="half an answer"),
        pytest.param([answer("503 Unavailable", b"", "text/html", "Retry-After: 0")], id="asks for patience"),
        pytest.param([answer("408 Timeout", b"", "text/html")], id="asks to be asked again"),
    ],
)
def test_no_library_asks_again_on_its_own(pieces: list[Piece]) -> None:
    with scripted(*pieces) as server:
        with contextlib.suppress(UnknownOutcomeError):
            ask(server.url)
        time.sleep(0.1)
        assert len(server.seen) == 1


def test_a_kept_connection_that_breaks_under_a_request_is_not_asked_again() -> None:
    """Servers close idle connections at any moment: what was on its way then may have been done."""
    keep = json_answer("200 OK", {}).replace(b"Connection: close\r\n", b"")
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                client, _ = listener.accept()
                with client, contextlib.suppress(ConnectionError):
                    requests.append(read_request(client))
                    client.sendall(keep)
                    requests.append(read_request(client))

        threading.Thread(target=serve, daemon=True).start()
        client = HttpClient(f"http://127.0.0.1:{listener.getsockname()[1]}", deadline_seconds=5)
        assert client.request("POST", "/1", {}, b"{}").status == 200
        with pytest.raises(UnknownOutcomeError):
            client.request("POST", "/2", {}, b"{}")
        time.sleep(0.1)
        assert [each.split()[1] for each in requests] == [b"/1", b"/2"]
        assert client.request("POST", "/3", {}, b"{}").status == 200
        client.close()


@pytest.mark.parametrize(
    "status",
    ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"],
)
def test_a_redirect_is_never_followed(status: str) -> None:
    with scripted(answer(status, b"", "text/html", "Location: /login")) as server:
        with pytest.raises(NotOurShopError):
            ask(server.url)
        assert len(server.seen) == 1


def test_a_closed_port_was_certainly_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UnreachableError):
        ask(f"http://127.0.0.1:{port}")


def test_a_name_that_nobody_knows_was_certainly_not_reached() -> None:
    with pytest.raises(UnreachableError):
        ask("http://no-such-shop.invalid")


def test_a_full_line_of_waiting_connections_was_certainly_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for each in fillers:
            each.setblocking(False)
            each.connect_ex(address)
        time.sleep(0.1)
        began = time.monotonic()
        with pytest.raises(UnreachableError):
            ask(f"http://127.0.0.1:{address[1]}")
        assert time.monotonic() - began < DEADLINE_SECONDS + SLACK_SECONDS
        for each in fillers:
            each.close()


def test_a_connection_is_used_again_and_a_dead_one_is_not() -> None:
    keep = json_answer("200 OK", {}).replace(b"Connection: close\r\n", b"")
    with scripted(keep) as server:
        client = HttpClient(server.url, deadline_seconds=DEADLINE_SECONDS)
        for _ in range(3):  # the server closes after each answer without saying so
            client.request("GET", "/", {})
            time.sleep(0.05)
        client.close()
    assert len(server.seen) == 3


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its self-made certificate for 127.0.0.1, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "made.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "2", "-subj", "/CN=shop", "-addext", "subjectAltName=IP:127.0.0.1",
               "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    made.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return made


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[ScriptedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with scripted(json_answer("200 OK", {}), context=context) as server:
        yield server


def test_an_authority_that_is_trusted_is_spoken_to(encrypted: ScriptedServer, certificate: Path) -> None:
    assert ask(encrypted.url, certificate).status == 200


def test_a_certificate_that_is_not_trusted_gets_nothing(encrypted: ScriptedServer) -> None:
    with pytest.raises(UnreachableError, match="encryption"):
        ask(encrypted.url)
    assert encrypted.seen == []


def test_a_handshake_that_drips_is_cut_and_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        began = time.monotonic()
        with pytest.raises(UnreachableError):
            ask(f"https://127.0.0.1:{listener.getsockname()[1]}")  # accepted by the kernel, never answered
        assert time.monotonic() - began < DEADLINE_SECONDS + SLACK_SECONDS


def shop_date(at: datetime, wall: Callable[[], datetime], context: ssl.SSLContext | None = None,
              ca_file: Path | None = None) -> tuple[ShopClock | None, float]:  # fmt: skip
    """What the client makes of an answer with that Date; and how long it took."""
    stamp = format_datetime(at, usegmt=True)
    with scripted(0.2, json_answer("200 OK", {}, f"Date: {stamp}"), context=context) as server:
        client = HttpClient(server.url, deadline_seconds=5, ca_file=ca_file, wall=wall)
        assert client.clock is None
        began = time.monotonic()
        client.request("GET", "/", {})
        client.close()
        return client.clock, time.monotonic() - began


def test_the_shops_date_says_how_wrong_our_clock_is(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    clock, took = shop_date(at, lambda: at - timedelta(hours=2), context, certificate)
    assert clock is not None
    assert 0.6 <= clock.doubt_seconds <= took / 2 + 0.5
    assert abs(clock.offset_seconds - 7200.5 - (clock.doubt_seconds - 0.5)) < 0.001


@pytest.mark.parametrize("date", ["", "Date: yesterday"])
def test_an_answer_without_a_date_says_nothing_of_our_clock(date: str) -> None:
    with scripted(json_answer("200 OK", {}, *filter(None, [date]))) as server:
        client = HttpClient(server.url, deadline_seconds=5)
        client.request("GET", "/", {})
        client.close()
    assert client.clock is None


def test_a_date_that_anybody_on_the_way_could_write_is_not_believed() -> None:
    """Plain http to another host; 127.1 leads here too, and the client cannot know that."""
    with scripted(json_answer("200 OK", {}, "Date: Sat, 21 Nov 2026 12:00:00 GMT")) as server:
        client = HttpClient(server.url.replace("127.0.0.1", "127.1"), deadline_seconds=5)
        assert client.request("GET", "/", {}).server_at is not None
        client.close()
    assert client.clock is None

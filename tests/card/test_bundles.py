"""What a bundle says of itself, and which one is newer."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.card.bundles import Bundle, BundleError, CommandError, Release, check_newer, read_bundle, run

RUNNING = Release("0.1.0", 1_763_700_000, "gapless-amd64")


def bundle(release: Release) -> Bundle:
    return Bundle(Path("/media/till/next.raucb"), "its hash", release)


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (Release("0.1.0", RUNNING.build, "gapless-amd64"), "runs already"),
        (Release("0.1.0", RUNNING.build - 1, "gapless-amd64"), "older"),
        (Release("0.0.9", RUNNING.build + 9, "gapless-amd64"), "older"),
        (Release("0.2.0", RUNNING.build, "gapless-arm64"), "is for gapless-arm64"),
    ],
)
def test_only_what_is_newer_and_for_this_card_is_taken(release: Release, words: str) -> None:
    with pytest.raises(BundleError, match=words):
        check_newer(bundle(release), RUNNING)


@pytest.mark.parametrize(
    "release",
    [
        Release("0.2.0", 1, "gapless-amd64"),
        Release("0.10.0", 1, "gapless-amd64"),
        Release("0.1.0", RUNNING.build + 1, "gapless-amd64"),
    ],
)
def test_newer_is_by_version_and_then_by_build(release: Release) -> None:
    check_newer(bundle(release), RUNNING)


def test_a_bundle_that_does_not_say_what_it_is_is_refused() -> None:
    for said in ("{}", "nonsense", '{"hash": "x", "version": "two", "build": "1", "compatible": "c"}'):
        with pytest.raises(BundleError, match="which version"):
            read_bundle(Path("x.raucb"), lambda _command, _seconds, said=said: said)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'LastError: not enough room'; echo 'Installing `x` failed' >&2; exit 1", "not enough room"),
        ("echo first >&2; echo 'signature verification failed' >&2; exit 1", "signature verification failed"),
        ("exit 3", "exit code 3"),
        ("sleep 5", "timed out"),
    ],
)
def test_why_a_command_failed_is_its_own_reason(script: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(("sh", "-c", script), 1)
    with pytest.raises(CommandError, match="No such file"):
        run(("no-such-command",), 1)
    assert run(("echo", "well"), 5) == "well\n"

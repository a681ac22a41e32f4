"""Updates that a card must not take are refused in clear words, and it sells on: tampered, others', older, by day."""

from __future__ import annotations

from image.machine.bundles import GOOD, Version, tampered
from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.machine.stick import Stick
from image.machine.updates import ask, be_signed_in, bundles_for, plug, sector_of, settle_hours, version_of

WANTED = (
    "others.raucb was not signed for this till, or was changed",
    "older.raucb, version 0.0.9, build ",
    "is older than what runs",
    f"tampered.raucb, version {GOOD.number}, build ",
    "could not be written: ",
)


def play(counter: Counter) -> None:
    """Plug a stick with three bad bundles in, in opening hours and out of them."""
    bundles = bundles_for(counter)
    bad = tampered(bundles.make("good", GOOD), bundles.folder / "tampered.raucb")
    small = bundles.small_root()
    others = bundles.sign("others", Version("0.9.0"), small, bundles.other_keys())
    older = bundles.sign("older", Version("0.0.9"), small)
    version, sector = version_of(counter), sector_of(counter)
    stick = Stick(counter.folder / "bad.stick").make([bad, others, older], "ext4")
    plug(counter, stick)
    settle_hours(counter, closed=False)
    words = ask(counter)
    counter.album.figure("In opening hours", " | ".join(words))
    if len(words) != 1 or not words[0].startswith("It is "):
        raise SceneError(f"It did not refuse to update in opening hours: {words}")
    settle_hours(counter, closed=True)
    words = ask(counter)
    counter.album.figure("Out of them", " | ".join(words))
    said = " | ".join(words)
    if missing := [each for each in WANTED if each not in said]:
        raise SceneError(f"It was not said that {missing}, but {words}")
    stick.pull(counter.machine.qmp)
    if (version_of(counter), sector_of(counter)) != (version, sector):
        raise SceneError(f"A bundle that was refused changed what starts: {sector_of(counter)}")
    be_signed_in(counter)
    counter.sell(good("340"))
    counter.keep("The till sells on")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")

"""The command: what is asked, and what is said when it cannot be done."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from image.steps.base import SUITE
from image.steps.caching import Cache
from image.steps.commands import Commands
from image.steps.errors import BuildError
from image.steps.plan import Plan, build, fingerprint
from image.steps.progress import Progress
from image.steps.version import read_version

REPOSITORY = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """Build what is asked. Answers the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        return _build(asked)
    except BuildError as error:
        sys.stderr.write(f"image/build: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(
            "image/build: stopped; what was done is kept, and the next start goes on from there\n"
        )
        return 130


def _build(asked: argparse.Namespace) -> int:
    version = read_version(REPOSITORY)
    out, cache = asked.out.resolve(), asked.cache.resolve()
    for folder in (out, cache):
        folder.mkdir(parents=True, exist_ok=True)
    kept = Cache(cache)
    with kept.alone(
        f"build-{asked.arch}", lambda: _say(f"Another build for {asked.arch} runs: waiting for its end")
    ):
        commands = Commands(cache / f"build-{asked.arch}.log", version.epoch)
        commands.log.write_text(
            time.strftime("Begun %Y-%m-%d %H:%M:%S UTC\n", time.gmtime()), encoding="utf-8"
        )
        pack_level = 0 if asked.unpacked else asked.pack_level
        plan = Plan(
            REPOSITORY,
            asked.arch,
            out,
            kept,
            commands,
            version,
            asked.squash_level,
            pack_level,
            _keyring(asked.keys),
            "" if asked.kernel == SUITE else asked.kernel,
            asked.new_versions,
        )
        _say(f"Gapless {version.text} for {asked.arch}, into {out} (details: {commands.log})")
        progress = Progress(plan.steps, cache / f"times-{asked.arch}.json", sys.stdout)
        made = build(plan, progress)
        progress.finish()
    if asked.json:
        asked.json.write_text(json.dumps(progress.table(), indent=1) + "\n", encoding="utf-8")
    _say(f"The card    {made.card}")
    _say(f"Its root    SHA-256 {fingerprint(made.root)}")
    return 0


def _keyring(keys: Path | None) -> Path | None:
    if keys is None:
        _say("No --keys: this card will take no updates (image/rauc/make-keys makes them)")
        return None
    keyring = keys.resolve() / "keyring.pem"
    if not keyring.is_file():
        raise BuildError(f"{keyring} is not there: image/rauc/make-keys {keys} makes it")
    return keyring


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    words = "Builds a card's image: Debian's packages, the locked wheels and our own programs."
    parser = argparse.ArgumentParser("image/build", description=words)
    parser.add_argument(
        "--arch",
        choices=("amd64", "arm64"),
        default="arm64",
        help="arm64 is the Raspberry Pi (the default); amd64 its twin",
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="where the image goes (default: ./out)")
    parser.add_argument(
        "--keys", type=Path, metavar="FOLDER", help="of image/rauc/make-keys: who signs updates"
    )
    parser.add_argument(
        "--cache", type=Path, default=_cache(), help="what is kept between builds (default: %(default)s)"
    )
    parser.add_argument(
        "--squash-level", type=int, default=9, help="1 is fast, 22 is small (default: %(default)s)"
    )
    parser.add_argument(
        "--kernel",
        choices=(SUITE, "backports"),
        default=SUITE,
        help="backports: Debian's newer one, for a Raspberry Pi 5 (default: %(default)s's own)",
    )
    parser.add_argument(
        "--new-versions", action="store_true", help="take Debian's packages as they are now, and note which"
    )
    parser.add_argument("--pack-level", type=int, default=3, help="of the .zst (default: %(default)s)")
    parser.add_argument("--unpacked", action="store_true", help="make no .zst: enough to boot it here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the seconds of each step there")
    return parser


def _cache() -> Path:
    given = os.environ.get("XDG_CACHE_HOME")
    return Path(given) / "gapless-image" if given else Path("/var/cache/gapless-image")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Another kernel in the place of the suite's: Debian's newer one, from its backports, as a Raspberry Pi 5 needs.

The packages are fetched by this computer's apt and laid out; none of their scripts is run, as all that they do (an
initrd, a link) the build does itself. So it takes seconds; to install them for another architecture takes minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from image.steps.base import SUITE
from image.steps.caching import remove
from image.steps.commands import Commands
from image.steps.errors import BuildError
from image.steps.initrd import kernel
from image.steps.licences import paragraphs

BACKPORTS = f"{SUITE}-backports"
DEBIAN = "http://deb.debian.org/debian/"
_PART = re.compile(r"linux-(?:base|binary|image|modules)-\d[^ ,(|]*")
"""What the package that always names the newest kernel leads to."""
_OURS = ("boot/vmlinuz-*", "boot/config-*", "boot/System.map-*", "usr/lib/modules/*", "usr/lib/linux-image-*")


def backports(sources: str) -> str:
    """The line for the backports, from the mirror of these lines."""
    found = re.search(rf"^deb (\S+) {SUITE} ", sources, re.MULTILINE)
    return f"deb {found[1] if found else DEBIAN} {BACKPORTS} main non-free-firmware\n"


def swap_kernel(commands: Commands, arch: str, sources: str, base: Path, place: Path) -> None:
    """Make a tree like the base at a place that is free, with the newest kernel of the backports.

    Raises:
        BuildError: it cannot be had.
    """
    bench = place.with_name(f"{place.name}.apt")
    remove(bench)
    try:
        debs = _fetch(commands, arch, backports(sources), bench)
        commands.run(["cp", "--archive", base, place])
        for pattern in _OURS:
            for path in place.glob(pattern):
                remove(path)
        for deb in debs:
            commands.run(["dpkg-deb", "--extract", deb, bench / "files"])
        _lay_in(commands, bench / "files", place)
        commands.chroot(place, "depmod", kernel(place))
        (place / "var/lib/dpkg/status").write_text(
            swapped((base / "var/lib/dpkg/status").read_text(encoding="utf-8"), _said(commands, debs)),
            encoding="utf-8",
        )
    finally:
        remove(bench)


def _lay_in(commands: Commands, files: Path, place: Path) -> None:
    """As the tree has it: all in /usr but the kernel, which newer packages put there too; of documents, licences."""
    for document in files.glob("usr/share/*/linux-*/*"):
        if document.name != "copyright":
            remove(document)
    for modules in files.glob("lib/modules"):
        commands.run(["cp", "--archive", "--no-target-directory", modules, place / "usr/lib/modules"])
        remove(modules)
    for top in ("boot", "usr"):
        if (files / top).is_dir():
            commands.run(["cp", "--archive", "--no-target-directory", files / top, place / top])
    for image in place.glob("usr/lib/modules/*/vmlinuz"):
        image.rename(place / f"boot/vmlinuz-{image.parent.name}")


def _fetch(commands: Commands, arch: str, line: str, bench: Path) -> list[Path]:
    for folder in ("state/lists/partial", "cache/archives/partial", "debs", "files"):
        (bench / folder).mkdir(parents=True)
    (bench / "sources.list").write_text(line, encoding="utf-8")
    (bench / "status").touch()
    settings = {
        "Dir::State": bench / "state",
        "Dir::State::status": bench / "status",
        "Dir::Cache": bench / "cache",
        "Dir::Etc::SourceList": bench / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "APT::Architecture": arch,
        "APT::Architectures": arch,
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "5",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    commands.run(["apt-get", *options, "update"])
    names, left = [], [f"linux-image-{arch}"]
    while left:
        text = commands.ask(["apt-cache", *options, "show", "--no-all-versions", left.pop()])
        for name in parts(text):
            if name not in names:
                names.append(name)
                left.append(name)
    if not names:
        raise BuildError(f"{BACKPORTS} has no kernel for {arch}")
    commands.run(["apt-get", *options, "download", *names], cwd=bench / "debs")
    return sorted((bench / "debs").glob("*.deb"))


def parts(shown: str) -> list[str]:
    """The packages of one certain kernel that a package, as apt shows it, depends on."""
    depends = [line.partition(":")[2] for line in shown.splitlines() if re.match(r"(Pre-)?Depends:", line)]
    return [name for line in depends for name in _PART.findall(line) if not name.endswith("-unsigned")]


def _said(commands: Commands, debs: list[Path]) -> Iterator[str]:
    for deb in debs:
        yield commands.ask(["dpkg-deb", "--field", deb])


def swapped(status: str, said: Iterator[str]) -> str:
    """The list of dpkg with other kernels in it.

    Args:
        status: the list.
        said: of each new package, what it says of itself.
    """
    kept = [
        text
        for text in status.strip().split("\n\n")
        if not next(iter(paragraphs(text)))["Package"].startswith("linux-image-")
    ]
    new = [re.sub(r"(?m)^(Package: .*)$", r"\1\nStatus: install ok installed", text.strip()) for text in said]
    return "\n\n".join([*kept, *new]) + "\n"

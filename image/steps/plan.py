"""The order of the steps, and what each is made of: the one place where a card's parts come together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from image.steps import boot, disk, host, initrd, installing, kernel, manifest, module, programs, tree, wheels
from image.steps.base import SUITE
from image.steps.caching import Cache, cached, digest, remove
from image.steps.commands import Commands
from image.steps.debian import NEWER_KERNEL, base_key, base_tree, with_newer_kernel
from image.steps.progress import Progress
from image.steps.unpacking import unpack
from image.steps.version import Version

HERE = Path(__file__).parent
KEYRING = PurePosixPath("/etc/rauc/keyring.pem")
TECHNICIANS = PurePosixPath("/usr/lib/gapless/technicians.pub")
"""Whose tokens open a till (image/token)."""
PACKERS = "the tools that pack"
TOP_OF_BOOT = ("image/config.txt", "image/till.toml")


@dataclass(frozen=True, slots=True)
class Plan:
    """A card to build."""

    repository: Path
    arch: str
    out: Path
    cache: Cache
    commands: Commands
    version: Version
    squash_level: int
    pack_level: int
    """Of the compressed image; 0 makes none."""
    keyring: Path | None
    """Whose signature on an update the card believes; without one it takes no updates."""
    kernel: str = ""
    """"backports" for Debian's newer kernel, else the suite's own."""
    new_versions: bool = False
    """Take Debian's packages as they are now, and write the lists of their versions anew."""

    @property
    def arches(self) -> list[str]:
        """Whose trees are needed: this computer's own comes first, for its tools help with another's."""
        return list(dict.fromkeys([host.architecture(), self.arch]))

    @property
    def steps(self) -> list[str]:
        """The names of the steps, in their order."""
        bases = [f"Debian, {arch}" for arch in self.arches] + ([NEWER_KERNEL] if self.kernel else [])
        ours = [
            *([module.STEP] if self.arch == module.ARCH else []),
            "locked wheels",
            PACKERS,
            "our programs and units",
            "initrd",
            "root",
            "boot partition",
            "data partition",
        ]
        return [
            "this computer",
            *bases,
            *ours,
            "the card",
            *(["packing"] if self.pack_level else []),
            "manifest",
        ]

    @property
    def name(self) -> str:
        """What the files are called: no version in it, so that a guide can name them."""
        return f"gapless-{self.arch}"


class Made:
    """The files of a build: the first four are what it is for, the others are laid into the card."""

    def __init__(self, plan: Plan, work: Path) -> None:
        self.card = plan.out / f"{plan.name}.img"
        self.root = plan.out / f"{plan.name}.root"
        """The root partition: what an update brings."""
        self.slot = plan.out / f"{plan.name}.boot"
        """The folder of its slot on the boot partition: what an update brings too."""
        self.manifest = plan.out / f"{plan.name}.spdx.json"
        self.boot = work / "boot"
        self.data = work / "data"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a card is put together of."""

    native: Path
    """The tree of this computer's architecture."""
    base: Path
    """The card's."""
    site: Path
    board_key: Path | None
    packers: Path


def build(plan: Plan, progress: Progress) -> Made:
    """Build the card, and say where its files are.

    Raises:
        BuildError: a step failed.
    """
    here = host.architecture()
    keys = {arch: base_key(plan, arch) for arch in plan.arches} | {"wheels": _wheels_key(plan)}
    for step, kind, key in [
        *((f"Debian, {arch}", f"base-{arch}", keys[arch]) for arch in plan.arches),
        ("locked wheels", f"wheels-{plan.arch}", keys["wheels"]),
        (PACKERS, "packers", _packers_key()),
    ]:
        if plan.cache.place(kind, key).exists():
            progress.expect_cached(step)
    with progress.step("this computer"):
        host.prepare(plan.commands, plan.arch)
        mirrors = host.sources(plan.commands, SUITE)
    native = base = base_tree(plan, progress, here, mirrors, None)
    if plan.arch != here:
        base = base_tree(plan, progress, plan.arch, mirrors, native)
    if plan.kernel:
        base = with_newer_kernel(plan, progress, mirrors, base)
    board_key = _module(plan, progress, base, mirrors)
    site = _wheels(plan, progress, native, mirrors)
    parts = Parts(native, base, site, board_key, _packers(plan, progress, mirrors))
    work = plan.cache.folder / f"work-{plan.arch}"
    remove(work)
    work.mkdir()
    try:
        return _card(plan, progress, work, parts)
    finally:
        remove(work)


def _wheels_key(plan: Plan) -> str:
    locks = [plan.repository / f"appliance/requirements{kind}.lock" for kind in ("", "-build")]
    return digest(locks, [HERE / name for name in ("wheels.py", "evdev.py", "compiling.py", "unpacking.py")])


def _wheels(plan: Plan, progress: Progress, native: Path, mirrors: str) -> Path:
    def make(place: Path) -> None:
        wheels.build_wheels(plan.commands, plan.repository, plan.arch, native, mirrors, place)

    return cached(plan.cache, progress, "locked wheels", f"wheels-{plan.arch}", _wheels_key(plan), make)


def _module(plan: Plan, progress: Progress, base: Path, mirrors: str) -> Path | None:
    """Our module for the kernel of a tree; None where there is nothing for it to ask."""
    if plan.arch != module.ARCH:
        return None
    release, files = initrd.kernel(base), module.source_files(plan.repository)
    sources = mirrors + (kernel.backports(mirrors) if plan.kernel else "")

    def make(place: Path) -> None:
        module.build_module(plan.commands, host.architecture(), release, sources, files, place)

    key = digest(release, files, HERE / "module.py", HERE / "unpacking.py")
    return cached(plan.cache, progress, module.STEP, "module", key, make)


def _packers_key() -> str:
    return digest(host.architecture(), *disk.TOOLS, HERE / "unpacking.py")


def _packers(plan: Plan, progress: Progress, mirrors: str) -> Path:
    def make(place: Path) -> None:
        unpack(plan.commands, [host.architecture()], disk.TOOLS, mirrors, place)

    return cached(plan.cache, progress, PACKERS, "packers", _packers_key(), make)


def _card(plan: Plan, progress: Progress, work: Path, parts: Parts) -> Made:
    made = Made(plan, work)
    packing = plan.commands.inside(parts.packers, work, plan.out)
    root = work / "tree"
    with progress.step("our programs and units"):
        _fill(plan, root, parts)
    initrd_here = _initrd(plan, progress, root, parts.native, parts.base)
    boot.gather_slot(root, initrd_here, _template(plan), "a", made.slot)
    with progress.step("root"):
        masked = tree.read_masked((plan.repository / tree.MASKED).read_text(encoding="utf-8"))
        owner = tree.finish(plan.commands, root, masked)
        disk.build_root(packing, root, plan.squash_level, made.root)
    with progress.step("boot partition"):
        top = [plan.repository / name for name in TOP_OF_BOOT]
        boot.build_boot(packing, made.slot, parts.base / boot.FIRMWARE, top, made.boot)
    with progress.step("data partition"):
        disk.build_data(packing, owner, made.data)
    with progress.step("the card"):
        partitions = {"boot": made.boot, "root-a": made.root, "data": made.data}
        disk.assemble(plan.commands, partitions, made.card)
        disk.map_blocks(plan.commands, made.card)
    if plan.pack_level:
        with progress.step("packing"):
            disk.pack(plan.commands, made.card, plan.pack_level)
    with progress.step("manifest"):
        manifest.write(plan.version, plan.arch, fingerprint(made.root), parts.base, parts.site, made.manifest)
    return made


def _fill(plan: Plan, root: Path, parts: Parts) -> None:
    plan.commands.run(["cp", "--archive", parts.base, root])
    said = programs.describe(plan.version, plan.arch, SUITE)
    programs.install_programs(plan.commands, plan.repository, parts.native, parts.site, root, said)
    tree.lay_over(plan.repository, root, plan.version.number, f"gapless-{plan.arch}")
    if plan.keyring is not None:
        installing.install([installing.Entry(plan.keyring, KEYRING, 0o644)], root)
        technicians = plan.keyring.with_name("token.pub")
        if technicians.is_file():
            installing.install([installing.Entry(technicians, TECHNICIANS, 0o644)], root)
    if parts.board_key is not None:
        module.install_module(plan.commands, parts.native, parts.board_key, initrd.kernel(root), root)


def _initrd(plan: Plan, progress: Progress, root: Path, native: Path, base: Path) -> Path:
    is_foreign = plan.arch != host.architecture()

    def make(place: Path) -> None:
        initrd.build_initrd(plan.commands, root, native if is_foreign else None, place)

    key = digest(base.name, *initrd.ingredients(root), HERE / "initrd.py")
    return cached(plan.cache, progress, "initrd", f"initrd-{plan.arch}", key, make)


def _template(plan: Plan) -> str:
    return (plan.repository / "image/cmdline.txt").read_text(encoding="utf-8")


def fingerprint(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Debian's part of a card: the base tree and, where it is wanted, a newer kernel; each in the versions of its list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from image.steps import host, kernel
from image.steps.base import build_base
from image.steps.caching import cached, digest
from image.steps.packages import read_packages
from image.steps.progress import Progress
from image.steps.versions import changes, check_versions, lock_file, read_lock, versions_of, write_lock

if TYPE_CHECKING:
    from image.steps.plan import Plan

HERE = Path(__file__).parent
NEWER_KERNEL = "Debian's newer kernel"


def packages_of(plan: Plan, arch: str) -> list[str]:
    """What an architecture's tree is to hold."""
    return read_packages(plan.repository / "image/packages.txt", arch)


def base_key(plan: Plan, arch: str) -> str:
    """What a base tree is known by in the cache."""
    names = ["base.py", "compiling.py", *(["accelerate"] if arch != host.architecture() else [])]
    return digest(*packages_of(plan, arch), [HERE / name for name in names], *_locked(plan, arch))


def _locked(plan: Plan, name: str) -> list[Path]:
    """The list of versions, where there is one: another list makes another tree."""
    return [path for path in (lock_file(plan.repository, name),) if path.exists()]


def base_tree(plan: Plan, progress: Progress, arch: str, mirrors: str, native: Path | None) -> Path:
    """The tree of an architecture; ``native`` is this computer's own, when that is another's."""

    def make(place: Path) -> None:
        build_base(plan.commands, arch, packages_of(plan, arch), mirrors, native, place)

    return _of_versions(
        plan, progress, f"Debian, {arch}", f"base-{arch}", arch, "", partial(base_key, plan, arch), make
    )


def with_newer_kernel(plan: Plan, progress: Progress, mirrors: str, base: Path) -> Path:
    """A base tree with the newest kernel of the backports in it."""

    def make(place: Path) -> None:
        kernel.swap_kernel(plan.commands, plan.arch, mirrors, base, place)

    kind = f"{plan.kernel}-{plan.arch}"

    def key() -> str:
        return digest(base.name, HERE / "kernel.py", *_locked(plan, kind))

    return _of_versions(plan, progress, NEWER_KERNEL, kind, kind, "linux-", key, make)


def _of_versions(
    plan: Plan,
    progress: Progress,
    step: str,
    kind: str,
    lock: str,
    prefix: str,
    key: Callable[[], str],
    make: Callable[[Path], None],
) -> Path:
    """A tree of Debian's packages, in the versions of its list, or with what there is now in its list."""
    path = lock_file(plan.repository, lock)

    def make_and_check(place: Path) -> None:
        make(place)
        check_versions(path, versions_of(place, prefix))

    if not plan.new_versions:
        return cached(plan.cache, progress, step, kind, key(), make_and_check)
    with progress.step(step) as say, plan.cache.alone(kind):
        place = plan.cache.unfinished(kind, "new")
        make(place)
        found = versions_of(place, prefix)
        before = read_lock(path) if path.exists() else {}
        say(f"{len(changes(before, found))} packages changed")
        write_lock(path, found)
        place.rename(plan.cache.unfinished(kind, key()))
        return plan.cache.keep(kind, key())

"""Our own programs, put beside the wheels and compiled."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from image.steps.commands import Commands
from image.steps.compiling import WORKBENCH, compile_python, on_workbench
from image.steps.version import Version, shipped_files

PLACE = "usr/lib/gapless"
UNSHIPPED = {".lock", ".md"}
PYTHON = "image/python"
AT_START, RECORDER = "sitecustomize.py", "dataclass_code.py"


def program_files(repository: Path) -> list[Path]:
    """What the programs are made of; the demo stays at home."""
    demo = repository / "appliance/demo"
    files = shipped_files(repository, "appliance", "drivers")
    return [path for path in files if path.suffix not in UNSHIPPED and not path.is_relative_to(demo)]


def describe(version: Version, arch: str, suite: str) -> str:
    """What the card says of itself (image.json). An update may not go back in version, nor in build."""
    said = {
        "version": version.number,
        "build": version.epoch,
        "commit": version.commit,
        "changed": version.changed,
        "compatible": f"gapless-{arch}",
        "arch": arch,
        "debian": suite,
    }
    return json.dumps(said, indent=1) + "\n"


def install_programs(
    commands: Commands, repository: Path, native: Path, wheels: Path, tree: Path, said: str
) -> None:
    """Fill /usr/lib/gapless of a tree."""
    place = tree / PLACE
    shutil.copytree(wheels, place, symlinks=True)
    ours = place.with_name("gapless-ours")
    for path in program_files(repository):
        target = ours / path.relative_to(repository)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name in (AT_START, RECORDER):
        shutil.copyfile(repository / PYTHON / name, ours / name)
    recorder = ["python3.13", "-I", "-S", "-B", f"/{WORKBENCH}/{RECORDER}", f"/{WORKBENCH}"]
    on_workbench(commands, native, ours, *recorder, f"/{WORKBENCH}/dataclasses.code")
    (ours / RECORDER).unlink()
    compile_python(commands, native, ours, f"/{PLACE}")
    shutil.copytree(ours, place, dirs_exist_ok=True)
    shutil.rmtree(ours)
    (place / "image.json").write_text(said, encoding="utf-8")

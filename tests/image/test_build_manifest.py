"""The manifest: what is on a card, and under which licences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from image.steps.licences import Licences, debian_expression, spdx_name
from image.steps.manifest import write
from image.steps.version import Version

VERSION = Version("0.1.0", "c0e3f2e5d2ab45046c3722eb27c3d2470e857c9f", 1_795_320_222, changed=False)
MACHINE_READABLE = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2020 Somebody
License: GPL-2+ or BSD-3-clause

Files: odd.c
License: Odd

License: Odd
 You may do as you like,
 on Tuesdays.
"""


@pytest.mark.parametrize(
    ("debian", "spdx"),
    [
        ("GPL-2+", "GPL-2.0-or-later"),
        ("GPL-2", "GPL-2.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("LGPLv2.1+", "LGPL-2.1-or-later"),
        ("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later"),
        ("Expat", "MIT"),
        ("BSD-3-clause", "BSD-3-Clause"),
        ("Odd", ""),
        ("GPL", ""),  # which one?
    ],
)
def test_a_licence_of_debians_has_spdxs_name(debian: str, spdx: str) -> None:
    assert spdx_name(debian) == spdx


def test_all_licences_of_a_package_are_named_and_unknown_ones_quoted() -> None:
    licences = Licences()
    expression = debian_expression("odd", MACHINE_READABLE, licences)
    (reference,) = licences.texts
    assert expression == f"(GPL-2.0-or-later OR BSD-3-Clause) AND {reference}"
    assert "on Tuesdays." in licences.texts[reference]


def test_a_copyright_file_that_only_people_can_read_is_kept_whole() -> None:
    licences = Licences()
    expression = debian_expression("old-one", "This is free software; see GPL.", licences)
    assert licences.texts == {expression: "This is free software; see GPL."}
    assert expression.startswith("LicenseRef-old-one-")


def _trees(tmp_path: Path) -> tuple[Path, Path]:
    base, site = tmp_path / "base", tmp_path / "site"
    (base / "var/lib/dpkg").mkdir(parents=True)
    (base / "usr/share/doc/odd").mkdir(parents=True)
    status = "Package: odd\nStatus: install ok installed\nVersion: 2:1.0+deb13u1\nArchitecture: amd64\nSource: odds\n\n"
    gone = "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\n"
    (base / "var/lib/dpkg/status").write_text(status + gone, encoding="utf-8")
    (base / "usr/share/doc/odd/copyright").write_text(MACHINE_READABLE, encoding="utf-8")
    for name, said in (
        ("Kivy", "License: MIT"),
        ("segno", "Classifier: License :: OSI Approved :: BSD License"),
    ):
        (site / f"{name}-1.0.dist-info").mkdir(parents=True)
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{said}\n\nWords.\n"
        (site / f"{name}-1.0.dist-info/METADATA").write_text(text, encoding="utf-8")
    (site / "Kivy.libs").mkdir()
    (site / "Kivy.libs/libSDL2-2.0.so").touch()
    return base, site


def test_the_manifest_names_what_is_installed_and_what_the_wheels_bring(tmp_path: Path) -> None:
    write(VERSION, "amd64", "ab" * 32, *_trees(tmp_path), tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in document["packages"]}
    assert set(packages) == {"gapless-amd64", "odd", "Kivy", "segno"}
    assert (
        packages["odd"]["externalRefs"][0]["referenceLocator"]
        == "pkg:deb/debian/odd@2%3A1.0%2Bdeb13u1?arch=amd64"
    )
    assert "libSDL2-2.0.so" in packages["Kivy"]["comment"]
    assert packages["segno"]["licenseDeclared"] == "BSD-3-Clause"
    assert document["creationInfo"]["created"] == "2026-11-22T04:03:42Z"
    used = {
        word
        for package in packages.values()
        for word in package["licenseDeclared"].split()
        if "LicenseRef" in word
    }
    assert used == {entry["licenseId"] for entry in document["hasExtractedLicensingInfos"]}


def test_every_part_has_an_id_of_its_own_and_belongs_to_the_card(tmp_path: Path) -> None:
    write(VERSION, "amd64", "ab" * 32, *_trees(tmp_path), tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    ids = [package["SPDXID"] for package in document["packages"]]
    assert len(ids) == len(set(ids))
    contained = {
        one["relatedSpdxElement"]
        for one in document["relationships"]
        if one["relationshipType"] == "CONTAINS"
    }
    assert contained == set(ids) - {"SPDXRef-card"}


def test_two_manifests_of_one_card_are_alike(tmp_path: Path) -> None:
    trees = _trees(tmp_path)
    for name in ("one", "two"):
        write(VERSION, "amd64", "ab" * 32, *trees, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

"""What is on a card, in which version and under which licence: SPDX 2.3, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.parser import HeaderParser
from pathlib import Path

from image.steps import module
from image.steps.licences import Licences, debian_expression, paragraphs, spdx_name
from image.steps.version import Version

CARD = "SPDXRef-card"
CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)": "LGPL-2.1-or-later",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
Item = dict[str, object]


def write(version: Version, arch: str, root_digest: str, base: Path, site: Path, place: Path) -> None:
    """Write the manifest of a card.

    Args:
        root_digest: SHA-256 of the root partition: what the manifest speaks of.
        base: Debian's tree.
        site: the wheels' folder.
    """
    licences = Licences()
    card = _item("card", f"gapless-{arch}", version.text, "Apache-2.0")
    card["checksums"] = [{"algorithm": "SHA256", "checksumValue": root_digest}]
    card["comment"] = "The checksum is the root partition's."
    parts = [*debian_packages(base, licences), *wheels(site, licences)]
    if arch == module.ARCH:
        parts.append(_item("module", module.NAME, version.text, module.LICENCE))
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"gapless-{arch}-{version.text}",
        "documentNamespace": f"urn:gapless:card:{arch}:{version.text}:{root_digest[:16]}",
        "creationInfo": {
            "created": datetime.fromtimestamp(version.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: gapless-image-build"],
        },
        "packages": [card, *parts],
        "hasExtractedLicensingInfos": [
            {"licenseId": reference, "extractedText": text}
            for reference, text in sorted(licences.texts.items())
        ],
        "relationships": [
            _relation("SPDXRef-DOCUMENT", "DESCRIBES", CARD),
            *(_relation(CARD, "CONTAINS", str(part["SPDXID"])) for part in parts),
        ],
    }
    place.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def debian_packages(base: Path, licences: Licences) -> Iterator[Item]:
    """Debian's packages, from dpkg's own list and each one's copyright file."""
    status = (base / "var/lib/dpkg/status").read_text(encoding="utf-8")
    for package in sorted(paragraphs(status), key=lambda package: package["Package"]):
        if not package.get("Status", "").endswith(" installed"):
            continue
        name, number = package["Package"], package["Version"]
        file = base / "usr/share/doc" / name / "copyright"
        text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
        expression = debian_expression(name, text, licences) if text else "NOASSERTION"
        item = _item(f"deb-{name}", name, number, expression)
        item["supplier"] = "Organization: Debian"
        item["sourceInfo"] = f"source package {package.get('Source', name)}"
        reference = f"pkg:deb/debian/{name}@{number.replace('+', '%2B').replace(':', '%3A')}"
        item["externalRefs"] = [_purl(f"{reference}?arch={package['Architecture']}")]
        yield item


def wheels(site: Path, licences: Licences) -> Iterator[Item]:
    """The locked wheels, from their own metadata."""
    for described in sorted(site.glob("*.dist-info")):
        metadata = HeaderParser().parsestr((described / "METADATA").read_text(encoding="utf-8"))
        name, number = str(metadata["Name"]), str(metadata["Version"])
        expression = wheel_expression(name, dict(_headers(metadata.items())), described, licences)
        item = _item(f"pypi-{name}", name, number, expression)
        item["externalRefs"] = [_purl(f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{number}")]
        bundled = sorted(path.name for path in site.glob(f"{name.lower()}.libs/*")) or sorted(
            path.name for path in site.glob(f"{name}.libs/*")
        )
        if bundled:
            item["comment"] = f"The wheel brings these libraries: {' '.join(bundled)}"
        yield item


def _headers(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for name, value in pairs:
        seen[name] = f"{seen[name]}\n{value}" if name in seen else value
    yield from seen.items()


def wheel_expression(name: str, metadata: dict[str, str], described: Path, licences: Licences) -> str:
    """A wheel's licence: what it says as an expression, in a word, by its classifier, or as the text that it brings."""
    if expression := metadata.get("License-Expression"):
        return expression
    if known := spdx_name(metadata.get("License", "").strip()):
        return known
    named = [CLASSIFIERS[line] for line in metadata.get("Classifier", "").splitlines() if line in CLASSIFIERS]
    files = [
        path for path in sorted(described.rglob("*")) if re.match(r"(?i)(licen[cs]e|copying)", path.name)
    ]
    text = "\n\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file())
    if len(named) == 1:
        return named[0]
    return licences.reference(name, text) if text else "NOASSERTION"


def _item(key: str, name: str, number: str, expression: str) -> Item:
    return {
        "SPDXID": f"SPDXRef-{re.sub(r'[^A-Za-z0-9.]+', '-', key)}",
        "name": name,
        "versionInfo": number,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": expression,
        "copyrightText": "NOASSERTION",
    }


def _purl(locator: str) -> Item:
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}


def _relation(one: str, kind: str, other: str) -> Item:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}

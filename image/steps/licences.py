"""Licences, from the words of Debian's copyright files and of wheels to SPDX's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

GNU = re.compile(r"(?i)(AGPL|LGPL|GPL)v?-?(\d(?:\.\d)?)(\+)?")
GFDL = re.compile(r"(?i)GFDL-(?:NIV-)?(\d\.\d)(\+)?")
KNOWN = {
    "0bsd": "0BSD",
    "apache-2": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "artistic": "Artistic-1.0-Perl",
    "artistic-2": "Artistic-2.0",
    "artistic-2.0": "Artistic-2.0",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd-4-clause": "BSD-4-Clause",
    "bsl-1.0": "BSL-1.0",
    "cc0-1.0": "CC0-1.0",
    "cc0": "CC0-1.0",
    "curl": "curl",
    "expat": "MIT",
    "fsfap": "FSFAP",
    "fsfullr": "FSFULLR",
    "isc": "ISC",
    "mit": "MIT",
    "mit-0": "MIT-0",
    "mit-cmu": "MIT-CMU",
    "mpl-1.1": "MPL-1.1",
    "mpl-2.0": "MPL-2.0",
    "openssl": "OpenSSL",
    "psf-2": "PSF-2.0",
    "unicode-dfs-2016": "Unicode-DFS-2016",
    "x11": "X11",
    "zlib": "Zlib",
}
BETWEEN = re.compile(r"(?i)\s*,?\s+(and/or|and|or)\s+|\s*[|,]\s*")


@dataclass(slots=True)
class Licences:
    """Turns names into expressions, and keeps the texts of those that SPDX has no name for."""

    texts: dict[str, str] = field(default_factory=dict)
    """By reference (LicenseRef-...)."""

    def expression(self, name: str, texts: Mapping[str, str]) -> str:
        """A name, perhaps of several licences, as one expression.

        Args:
            texts: what each licence says, by its name, for those that SPDX does not know.
        """
        pieces = BETWEEN.split(" ".join(name.split()))
        words = [self._one(pieces[0], texts)]
        for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            words += ["AND" if (joint or "and").lower() == "and" else "OR", self._one(piece, texts)]
        whole = " ".join(words)
        return f"({whole})" if len(words) > 1 else whole

    def reference(self, name: str, text: str) -> str:
        """A licence of no common name: a reference of its own to its text."""
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", name)[:40].strip("-.") or "unnamed"
        number = hashlib.sha256(text.encode()).hexdigest()[:8]
        reference = f"LicenseRef-{slug}-{number}"
        self.texts[reference] = text or name
        return reference

    def _one(self, name: str, texts: Mapping[str, str]) -> str:
        return spdx_name(name) or self.reference(name, texts.get(name, ""))


def spdx_name(name: str) -> str:
    """SPDX's name for one licence of Debian's, or nothing."""
    if match := GNU.fullmatch(name):
        number = match[2] if "." in match[2] else f"{match[2]}.0"
        return f"{match[1].upper()}-{number}-{'or-later' if match[3] else 'only'}"
    if match := GFDL.fullmatch(name):
        invariant = "-no-invariants" if "NIV" in name.upper() else ""
        return f"GFDL-{match[1]}{invariant}-{'or-later' if match[2] else 'only'}"
    return KNOWN.get(name.lower(), "")


def debian_expression(package: str, copyright_file: str, licences: Licences) -> str:
    """The licences of a Debian package, from its copyright file.

    One that is not written for machines is kept whole, as the text of a reference.
    """
    if not copyright_file.startswith("Format:"):
        return licences.reference(package, copyright_file)
    named: dict[str, None] = {}
    texts: dict[str, str] = {}
    for paragraph in paragraphs(copyright_file):
        name, _, text = paragraph.get("License", "").partition("\n")
        if text.strip():
            texts.setdefault(name.strip(), text)
        if "Files" in paragraph and name.strip():
            named[name.strip()] = None
    if not named:
        return licences.reference(package, copyright_file)
    found = {licences.expression(name, texts): None for name in named}
    return " AND ".join(sorted(found))


def paragraphs(text: str) -> Iterator[dict[str, str]]:
    """The paragraphs of a file in the format of Debian's control files."""
    paragraph: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.strip():
            if paragraph:
                yield paragraph
            paragraph, key = {}, ""
        elif line[0] in " \t":
            if key:
                paragraph[key] += "\n" + line.strip()
        elif line[0] != "#" and ":" in line:
            key, _, value = line.partition(":")
            paragraph[key] = value.strip()
    if paragraph:
        yield paragraph

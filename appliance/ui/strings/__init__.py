"""The words of the screens, one file for each language. No sentence stands in a widget or a screen."""

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


class Words:
    """Looks words up by name ("pay.exact"), fills in values, and chooses between one and many."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = {
            f"{page}.{name}": text for page, names in texts.items() for name, text in names.items()
        }

    def __call__(self, name: str, /, **values: object) -> str:
        """The words of that name. A missing name or value is a mistake in the program, and raises KeyError."""
        return self._texts[name].format(**values) if values else self._texts[name]

    def count(self, name: str, count: int, /, **values: object) -> str:
        """The words for that many: "name_one" for 1, "name_many" else, with {count} written 2,418."""
        return self(f"{name}_{'one' if count == 1 else 'many'}", count=f"{count:,}", **values)

    def names(self) -> set[str]:
        """All names, for the test that each is used."""
        return set(self._texts)


def read_words(language: str = "en") -> Words:
    """The words of a language, from its file in this folder."""
    return Words(json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")))

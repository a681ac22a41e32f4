"""The report of a verification: one folder with a page, its pictures, and the figures as JSON."""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image

PASSED, FAILED, NOT_PLAYED = "passed", "FAILED", "not played"
_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2521 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .8rem .3rem 0;
border-bottom: 1px solid #ccd5d0; vertical-align: top } .FAILED { color: #a3221a; font-weight: 600 }
figure { display: inline-block; margin: .5rem 1rem .5rem 0; vertical-align: top } img { max-width: 27rem;
max-height: 30rem; border: 1px solid #ccd5d0 } figcaption { color: #55615b; max-width: 27rem }
"""


@dataclass(slots=True)
class Result:
    """How one scene went.

    Attributes:
        name: its module's. title: its first line.
        outcome: PASSED, FAILED or NOT_PLAYED. words: why, where it did not pass.
        figures: what was measured, by name. pictures: (words, file name) in order.
    """

    name: str
    title: str
    outcome: str = NOT_PLAYED
    seconds: float = 0.0
    words: str = ""
    figures: dict[str, str] = field(default_factory=dict)
    pictures: list[tuple[str, str]] = field(default_factory=list)


class Album:
    """Takes pictures and figures of the scene that is played now.

    Args:
        folder: of the report; made when missing.
        about: of the card and the computer, by name.
        card: which card this is; the report of another one is not gone on with.
    """

    def __init__(self, folder: Path, about: dict[str, str], card: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.about, self._card = folder, about, card
        self.results: list[Result] = []
        self._before: dict[str, Result] = {}

    def go_on(self) -> None:
        """Go on with the report in this folder: what this very card has passed by then stands, and is not played."""
        file = self.folder / "report.json"
        found = json.loads(file.read_text("utf-8")) if file.exists() else {}
        if found.get("card") == self._card:
            results = [Result(**each) for each in found["scenes"]]
            self._before = {each.name: each for each in results if each.outcome == PASSED}

    def stands(self, name: str) -> bool:
        """Whether a scene has passed before; then it is in this report too."""
        if name in self._before:
            self.results.append(self._before.pop(name))
            return True
        return False

    @property
    def known(self) -> list[Result]:
        """What was played, and what this card has passed before and nobody asked for this time."""
        return [*self.results, *self._before.values()]

    @property
    def is_green(self) -> bool:
        """Whether every scene was played and passed."""
        return bool(self.results) and all(each.outcome == PASSED for each in self.results)

    def begin(self, name: str, title: str) -> Result:
        """The next scene; pictures and figures are its own from here on."""
        result = Result(name, title)
        self.results.append(result)
        return result

    def picture(self, words: str, picture: Image.Image) -> None:
        """Keep a picture."""
        result = self.results[-1]
        plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:48]
        name = f"{len(self.results):02d}-{result.name}-{len(result.pictures) + 1}-{plain}.png"
        picture.save(self.folder / name)
        result.pictures.append((words, name))

    def figure(self, name: str, value: str) -> None:
        """Keep something that was measured."""
        self.results[-1].figures[name] = value

    def write(self) -> Path:
        """Write the page and the JSON; returns the page. Also called half-way, so that a crash leaves a report."""
        page = self.folder / "report.html"
        page.write_text(self._page(), encoding="utf-8")
        self.write_json(self.folder / "report.json")
        return page

    def write_json(self, path: Path) -> None:
        """The same for programs."""
        found = {
            "card": self._card,
            "about": self.about,
            "green": self.is_green,
            "scenes": [asdict(each) for each in self.known],
        }
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def table(self) -> str:
        """For a terminal."""
        rows = [
            f"{each.outcome:<11} {each.seconds:7.1f} s  {each.name:<16} {each.title}" for each in self.results
        ]
        return "\n".join(rows)

    def _page(self) -> str:
        say = html.escape
        head = "".join(
            f"<tr><th>{say(name)}</th><td>{say(text)}</td></tr>" for name, text in self.about.items()
        )
        rows = "".join(
            f"<tr><td class={each.outcome}>{say(each.outcome)}</td><td>{each.seconds:.1f} s</td>"
            f"<td><a href='#{say(each.name)}'>{say(each.title)}</a></td></tr>"
            for each in self.known
        )
        scenes = "".join(map(_scene, self.known))
        return (
            f"<!doctype html><meta charset=utf-8><title>The card, verified</title><style>{_STYLE}</style>"
            f"<h1>The card, verified</h1><table>{head}</table><h2>Scenes</h2><table>{rows}</table>{scenes}"
        )


def _scene(result: Result) -> str:
    say = html.escape
    figures = "".join(
        f"<tr><td>{say(name)}</td><td>{say(text)}</td></tr>" for name, text in result.figures.items()
    )
    pictures = "".join(
        f"<figure><img src='{say(name)}' alt=''><figcaption>{say(words)}</figcaption></figure>"
        for words, name in result.pictures
    )
    words = f"<p class=FAILED>{say(result.words)}</p>" if result.words else ""
    title = f"<h2 id='{say(result.name)}'>{say(result.title)}</h2>"
    return f"{title}{words}<table>{figures}</table>{pictures}"

"""Real texts for the passage benchmark: Aozora Bunko and English classics from a folder beside the checkout, and invented works in their language.

Works are parted by author: those that are registered, those whose texts stand around the passages, those that the invented works learn from.
Each part has a half for tuning and a half that only the last measurement sees.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
from dataclasses import dataclass
from pathlib import Path

from sekisho.formats.reading import aozora
from sekisho.formats.reading.running import plain

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
REGISTERED, SURROUNDING, MODEL = "registered", "surrounding", "model"


@dataclass(frozen=True, slots=True)
class Source:
    """One work: ``raw`` is the file, ``text`` the work in it; ``part`` and ``held_out`` say what it may be used for."""

    id: str
    author: str
    language: str
    raw: str
    text: str
    edition_of: str
    part: str
    held_out: bool


def share(word: str) -> float:
    """A number in 0..1 that depends on nothing but ``word``."""
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") / 2**32


def part_of(author: str) -> str:
    """Two thirds of the authors are registered."""
    place = share(author)
    return REGISTERED if place < 0.68 else SURROUNDING if place < 0.86 else MODEL


def japanese() -> list[Source]:
    """The Aozora Bunko works."""
    with (DATA / "aozora/works.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return [_japanese(row, (DATA / "aozora" / row["text_file"]).read_text(encoding="utf-8")) for row in rows]


def _japanese(row: dict[str, str], raw: str) -> Source:
    author = row["author"]
    held = share("held" + author) < 0.5
    return Source(row["work_id"], author, "ja", raw, aozora.read(raw).text, row["same_work_group"], part_of(author), held)


ENGLISH_PARTS = {
    "jane-austen": REGISTERED,
    "h-g-wells": REGISTERED,
    "joseph-conrad": REGISTERED,
    "charles-dickens": REGISTERED,
    "okakura-kakuzo": REGISTERED,
    "jack-london": MODEL,
    "mary-shelley": SURROUNDING,
    "arthur-conan-doyle": SURROUNDING,
}
ENGLISH_HELD = {"joseph-conrad", "charles-dickens", "mary-shelley"}


def english() -> list[Source]:
    """The English classics."""
    return [_english(path) for path in sorted((DATA / "english/texts").glob("*.txt"))]


def _english(path: Path) -> Source:
    author, text = path.stem.split("--")[0], path.read_text(encoding="utf-8")
    return Source(path.stem, author, "en", text, plain(text).text, "", ENGLISH_PARTS[author], author in ENGLISH_HELD)


def works() -> list[Source]:
    """All of them."""
    return japanese() + english()


def invented(sources: list[Source], number: int, characters: int, seed: int) -> list[str]:
    """``number`` works of about ``characters`` each, written by a chain over the last six characters (two words) of the model authors."""
    rng = random.Random(seed)
    tongues = [
        chain
        for language in ("ja", "en")
        if (chain := _chain([s.text for s in sources if s.part == MODEL and s.language == language], language))
    ]
    return [_written(tongues[index % 4 == 3], characters, rng) for index in range(number)]


def _chain(texts: list[str], language: str) -> tuple[int, str, list[str], dict[tuple[str, ...], list[str]]]:
    order, pattern = (4, r"(?s).") if language == "ja" else (2, r"\S+\s*")
    units = [unit for text in texts for unit in re.findall(pattern, text)]
    following: dict[tuple[str, ...], list[str]] = {}
    for at in range(len(units) - order):
        following.setdefault(tuple(units[at : at + order]), []).append(units[at + order])
    return order, language, units, following


def _written(tongue: tuple[int, str, list[str], dict[tuple[str, ...], list[str]]], characters: int, rng: random.Random) -> str:
    order, _, units, following = tongue
    out: list[str] = []
    size = 0
    state: tuple[str, ...] = ()
    while size < characters:
        if state not in following:
            start = rng.randrange(len(units) - order)
            state = tuple(units[start : start + order])
        unit = rng.choice(following[state])
        out.append(unit)
        size += len(unit)
        state = (*state[1:], unit)
    return "".join(out)

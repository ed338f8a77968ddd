"""What is known of a work: when it was made and published, when those who made it died, where it comes from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from sekisho.model import Text
from sekisho.protection.dates import Span

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.toml")


class Kind(StrEnum):
    """The kinds that some country's law treats by rules of their own."""

    WORK = "work"
    MUSIC = "music"
    FILM = "film"
    PHOTOGRAPH = "photograph"
    SOUND = "sound"
    PERFORMANCE = "performance"
    BROADCAST = "broadcast"
    GOVERNMENT = "government"
    COMPUTER_GENERATED = "computer-generated"

    @property
    def neighbouring(self) -> bool:
        """True for what performers, producers and broadcasters have: rights beside the author's (著作隣接権)."""
        return self in {Kind.SOUND, Kind.PERFORMANCE, Kind.BROADCAST}


class Author(StrEnum):
    """In whose name a work appeared, which decides from what its term is counted."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    CORPORATE = "corporate"


UNPUBLISHED = "unpublished"


@cache
def kinds() -> dict[str, Kind]:
    """Every accepted word for a kind."""
    table = tomllib.loads(VOCABULARY_FILE.read_text("utf-8"))["kinds"]
    return {word: Kind(kind) for kind, words in table.items() for word in words}


@cache
def circumstances() -> dict[str, Text]:
    """Every further fact that a rule may ask about, and its words."""
    table = tomllib.loads(VOCABULARY_FILE.read_text("utf-8"))["facts"]
    return {word: Text(text["en"], text["ja"]) for word, text in table.items()}


@dataclass(frozen=True, slots=True)
class Dates:
    """One layer of a work. A translation, an edition or the pictures in it are layers with authors of their own: name them all in ``died``.

    ``died`` holds one entry for each contributor, None where the death is not known; ``born`` goes with it, entry by entry.
    ``origin`` is the country of origin (ISO 3166, ``UK``), ``facts`` are words of ``circumstances()``, ``unreadable`` what was given
    but could not be read.
    """

    died: tuple[Span | None, ...] = ()
    published: Span | None = None
    origin: str | None = None
    kind: Kind = Kind.WORK
    anonymous: bool = False
    corporate: bool = False
    created: Span | None = None
    born: tuple[Span | None, ...] = ()
    rehabilitated: Span | None = None
    facts: frozenset[str] = frozenset()
    unreadable: tuple[str, ...] = ()

    @property
    def author(self) -> Author:
        """In whose name it appeared; the State's works count as a body's."""
        if self.corporate or self.kind is Kind.GOVERNMENT:
            return Author.CORPORATE
        return Author.ANONYMOUS if self.anonymous else Author.NAMED

    @property
    def death(self) -> Span | None:
        """The latest death of all contributors; None when any of them is not known."""
        known = [span for span in self.died if span is not None]
        if not known or len(known) < len(self.died):
            return None
        return Span(max(span.first for span in known), max(span.last for span in known))

    @property
    def unpublished(self) -> bool:
        """True when it is known that it was never published (which is more than not knowing when)."""
        return UNPUBLISHED in self.facts

"""What a country's file says, as frozen values: rules of protection, each a history of dated steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sekisho.law.rules import Citation
from sekisho.model import Text
from sekisho.protection.dates import Span, plus, year_end
from sekisho.protection.work import Author, Kind


class Confidence(StrEnum):
    """How sure an answer is, lowest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for low: several confidences fold to the lowest."""
        return list(Confidence).index(self)


class Base(StrEnum):
    """From the end of which year a term is counted."""

    DEATH = "death"
    PUBLICATION = "publication"
    CREATION = "creation"
    REHABILITATION = "rehabilitation"


class Pick(StrEnum):
    """Which end counts when a step names several: the later needs all of them known, the earlier any."""

    LATER = "later"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Point:
    """One reading of a work's facts, every event on one day; ``days`` and ``cap`` come from its being foreign.

    ``cap`` is the last day of protection in the country of origin, ``days`` the wartime addition on top of every term.
    """

    events: Mapping[Base, date | None]
    unpublished: bool = False
    days: int = 0
    cap: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A term as one statute set it: from ``since`` it applies to what was protected on ``alive_on``, or to all if it ``revives``.

    ``lapse`` is the years from making within which a work must be published, or it is free when they are over; ``until`` a fixed last day;
    ``at_least`` a day before which no term ends; ``plus_days`` days on top of the years.
    """

    since: date
    alive_on: date
    terms: tuple[tuple[Base, int], ...]
    cite: Citation
    verified: bool
    pick: Pick = Pick.LATER
    lapse: int | None = None
    until: date | None = None
    at_least: date | None = None
    plus_days: int = 0
    revives: bool = False

    def counted(self, point: Point) -> list[tuple[Base, int, date]]:
        """What the term counts from at ``point``: base, years, and the last day that follows; known events only."""
        made, published = point.events[Base.CREATION], point.events[Base.PUBLICATION]
        if self.lapse is not None and made and _lapsed(made, published, self.lapse, unpublished=point.unpublished):
            return [(Base.CREATION, self.lapse, year_end(made.year + self.lapse))]
        return [(base, years, year_end(day.year + years)) for base, years in self.terms if (day := point.events[base])]

    def end(self, point: Point) -> date | None:
        """The last day of protection under this step alone; None when a needed event is not known."""
        ends = [end for *_, end in self.counted(point)] + ([self.until] if self.until else [])
        missing = self.pick is Pick.LATER and len(self.counted(point)) < len(self.terms)
        if missing or not ends:
            return None
        end = max(ends) if self.pick is Pick.LATER else min(ends)
        end = max(end, self.at_least) if self.at_least else end
        return plus(end, self.plus_days)


def _lapsed(made: date, published: date | None, lapse: int, *, unpublished: bool) -> bool:
    return unpublished if published is None else published.year > made.year + lapse


@dataclass(frozen=True, slots=True)
class When:
    """To which works a rule applies; empty tuples and None ask for nothing.

    An unknown origin meets ``origin_not`` never, and ``origin`` where the list holds an empty word. ``posthumous`` asks for a first publication more than so many years after the year of death; ``free_at_home_on`` for a
    foreign work no longer protected in its country of origin on that day.
    """

    kinds: tuple[Kind, ...] = ()
    authors: tuple[Author, ...] = ()
    facts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    origin_not: tuple[str, ...] = ()
    published: Span | None = None
    died: Span | None = None
    created: Span | None = None
    rehabilitated: bool = False
    posthumous: int | None = None
    free_at_home_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of works and how long it is protected: the first rule of a country that applies decides.

    ``free`` means never protected. ``added_days_contested`` says that courts have counted without the wartime addition.
    ``assumes`` names what was taken for granted; with ``assumes_protection`` it can only make the answer stricter.
    """

    id: str
    name: Text
    when: When
    steps: tuple[Step, ...]
    confidence: Confidence = Confidence.HIGH
    free: Citation | None = None
    added_days_contested: bool = False
    assumes: Text | None = None
    assumes_protection: Text | None = None


@dataclass(frozen=True, slots=True)
class ShorterTerm:
    """The rule of the shorter term: foreign works are protected no longer than in their country of origin.

    Not so those of the ``partners`` in a treaty of equal terms, up to a day of first publication if the treaty went with it.
    """

    partners: Mapping[str, date]
    cite: Citation
    verified: bool
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Ally:
    """A country whose nationals get the wartime addition: the day peace took effect, and the days since which Japan owed protection.

    Two days in ``since`` mean that sources disagree; the earlier one gives the longer addition.
    """

    peace: date
    since: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Wartime:
    """The wartime addition of the Peace Treaty: days on top of each term, for works of ``allies``."""

    allies: Mapping[str, Ally]
    cite: Citation
    verified: bool


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be told beside the answer to works to which ``when`` applies; it never changes the answer."""

    when: When
    text: Text


@dataclass(frozen=True, slots=True)
class Country:
    """A country's rules in order of precedence; ``checked`` is the day somebody last went through them."""

    code: str
    name: Text
    members: tuple[str, ...]
    rules: tuple[Rule, ...]
    notes: tuple[Note, ...]
    shorter: ShorterTerm | None
    wartime: Wartime | None
    checked: date

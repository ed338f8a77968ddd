"""Counts a work under every rule of a country that may apply, once with each uncertain date at its earliest and once at its latest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from sekisho.protection import loading
from sekisho.protection.counting import Count, count, reading
from sekisho.protection.fitting import Fit, candidates
from sekisho.protection.foreign import added_days
from sekisho.protection.rules import Base, Confidence, Country, Rule
from sekisho.protection.work import Dates


@dataclass(frozen=True, slots=True)
class Abroad:
    """What being foreign means for a work: wartime days, fewest and most, and the last day of protection at home, earliest and latest.

    ``compared`` is False when there should have been a comparison and the end at home is not known; ``confidence`` is that of the end at home.
    """

    days: tuple[int, int] = (0, 0)
    caps: tuple[date, date] | tuple[None, None] = (None, None)
    compared: bool = True
    confidence: Confidence = Confidence.HIGH


AT_HOME = Abroad()


@dataclass(frozen=True, slots=True)
class Counted:
    """A work counted under one rule: every uncertain date at its earliest, at its latest, and so again without wartime days."""

    rule: Rule
    fit: Fit
    early: Count | None
    late: Count | None
    without_days: Count | None

    @property
    def told(self) -> Count | None:
        """The latest count that courts have followed."""
        return self.without_days if self.rule.added_days_contested else self.late

    @property
    def extended_by_days(self) -> bool:
        """True when a later statute reached the work only because the wartime days had kept it alive."""
        return bool(self.late and self.without_days and len(self.without_days.applied) < len(self.late.applied))


@dataclass(frozen=True)
class Assessment:
    """All rules that may apply, counted. ``place`` is the country whose rules they are."""

    place: Country
    work: Dates
    on: date
    abroad: Abroad
    counted: tuple[Counted, ...]

    @cached_property
    def free(self) -> tuple[date, date] | None:
        """The first free day, at its earliest and at its latest; None when that cannot be told."""
        ends = [(each.early.free_from, each.late.free_from) for each in self.counted if each.early and each.late]
        if not ends or len(ends) < len(self.counted) or self.counted[-1].fit is not Fit.YES:
            return None
        return min(early for early, _ in ends), max(late for _, late in ends)

    @cached_property
    def deciding(self) -> Counted | None:
        """The rule under which protection lasts longest."""
        known = [each for each in self.counted if each.late]
        return max(known, key=lambda each: each.late.free_from if each.late else date.min, default=None)

    @property
    def confidence(self) -> Confidence:
        """The lowest of the rules that may apply."""
        return min((each.rule.confidence for each in self.counted), key=lambda confidence: confidence.rank, default=Confidence.LOW)

    @property
    def home_decides(self) -> bool:
        """True when the work is free only because it is free in its country of origin."""
        late = self.deciding.late if self.deciding else None
        if not self.deciding or not late or not late.point.cap or late.free_from > self.on:
            return False
        alone = count(self.deciding.rule, replace(late.point, cap=None), self.on)
        return alone is None or alone.free_from > self.on

    @property
    def days_decide(self) -> bool:
        """True when the answer hangs on wartime days that are uncertain, contested or alone carried it over a later statute."""
        fewest, most = self.abroad.days
        return fewest != most or bool(
            self.deciding and most and (self.deciding.rule.added_days_contested or self.deciding.extended_by_days)
        )

    @property
    def missing(self) -> list[Base]:
        """The events that would have to be known."""
        known = reading(self.work, late=True, days=0, cap=None).events
        asked = {base for each in self.counted for step in each.rule.steps for base, _ in step.terms}
        asked |= {Base.PUBLICATION for each in self.counted if each.fit is Fit.PERHAPS and each.rule.when.published}
        return [base for base in Base if base in asked and known[base] is None]


def assess(place: Country, work: Dates, on: date, *, foreign: bool = True) -> Assessment:
    """``work`` under the rules of ``place`` in force on ``on``; with ``foreign`` False as if it came from there."""
    abroad = _abroad(place, work, on) if foreign else AT_HOME
    return Assessment(place, work, on, abroad, tuple(_counted(place, work, on, abroad)))


def _counted(place: Country, work: Dates, on: date, abroad: Abroad) -> Iterator[Counted]:
    def free_at_home(day: date) -> bool:
        home = _at_home(work, day)
        return home is not None and home.free is not None and home.free[1] <= day

    for rule, fit, known in candidates(place.rules, work, free_at_home):
        fewest = 0 if rule.added_days_contested else abroad.days[0]
        first = reading(known, late=False, days=fewest, cap=abroad.caps[0])
        last = reading(known, late=True, days=abroad.days[1], cap=abroad.caps[1])
        late = count(rule, last, on)
        early = late if first == last else count(rule, first, on)
        yield Counted(rule, fit, early, late, count(rule, replace(last, days=0), on) if last.days else late)


def _abroad(place: Country, work: Dates, on: date) -> Abroad:
    days = added_days(place, work)
    if not _compared(place, work):
        return Abroad(days)
    home = _at_home(work, on)
    if home is None or home.free is None:
        return Abroad(days, compared=False)
    first, last = home.free
    return Abroad(days, (_day_before(first), _day_before(last)), confidence=home.confidence)


def _compared(place: Country, work: Dates) -> bool:
    """Whether the rule of the shorter term reaches it: not at home, among member states or under a treaty of equal terms."""
    if place.shorter is None or not work.origin or work.kind.neighbouring:
        return False
    if work.origin in {place.code, *place.members} or (work.origin == "EU" and place.members):
        return False
    equal_until, since = place.shorter.partners.get(work.origin), work.published or work.created
    return equal_until is None or (since is not None and since.first >= equal_until)


@lru_cache(maxsize=1024)
def _at_home(work: Dates, on: date) -> Assessment | None:
    """The work in its country of origin; None when that is not known or has no rules here."""
    if work.origin is None or work.origin not in loading.countries():
        return None
    return assess(loading.country(work.origin), work, on, foreign=False)


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day

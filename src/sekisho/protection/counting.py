"""Counts a rule's steps at one reading of the facts: which applied, which came too late, the first free day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sekisho.protection.dates import Span, plus
from sekisho.protection.rules import Base, Point, Rule, Step
from sekisho.protection.work import Dates


@dataclass(frozen=True, slots=True)
class Applied:
    """A step that applied and the last day of protection it gave, foreign cap and wartime days included."""

    step: Step
    end: date


ANTIQUITY = date(200, 1, 1)
"""A first free day before this names nothing, and none is given."""


@dataclass(frozen=True, slots=True)
class Count:
    """The steps that applied, in order, the first one that came too late, and the first free day."""

    point: Point
    applied: tuple[Applied, ...]
    too_late: Step | None
    free_from: date

    @property
    def first_free_day(self) -> date | None:
        """``free_from`` where it means something to people."""
        return self.free_from if self.free_from >= ANTIQUITY else None


def count(rule: Rule, point: Point, on: date) -> Count | None:
    """How long ``rule`` protects under the law in force on ``on``; None when it had not begun or a needed date is not known."""
    if rule.free:
        return Count(point, (), None, date.min)
    applied: list[Applied] = []
    for step in rule.steps:
        if step.since > on:
            break
        if applied and applied[-1].end < step.alive_on and not step.revives:
            return _closed(point, applied, step)
        end = step.end(point)
        if end is None:
            return None
        longest = max([_abroad(end, point), *(earlier.end for earlier in applied)])
        applied.append(Applied(step, longest))
    return _closed(point, applied, None) if applied else None


def _abroad(end: date, point: Point) -> date:
    """No longer than at home, and then the wartime days on top (Special Act of 1952, Art. 4)."""
    return plus(min(end, point.cap) if point.cap else end, point.days)


def _closed(point: Point, applied: Sequence[Applied], too_late: Step | None) -> Count:
    return Count(point, tuple(applied), too_late, plus(applied[-1].end, 1))


def reading(work: Dates, *, late: bool, days: int, cap: date | None) -> Point:
    """The facts with every uncertain date at its earliest or its latest."""

    def day(span: Span | None) -> date | None:
        return None if span is None else span.last if late else span.first

    events = {Base.DEATH: day(work.death), Base.PUBLICATION: day(work.published), Base.CREATION: day(work.created)}
    return Point({**events, Base.REHABILITATION: day(work.rehabilitated)}, work.unpublished, days, cap)

"""Which rules may apply to a work: surely, perhaps (a date is not known well enough), or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import IntEnum

from sekisho.protection.dates import Span
from sekisho.protection.rules import Rule, When
from sekisho.protection.work import Dates, Kind

FreeAtHome = Callable[[date], bool]
"""Whether a foreign work is known to be free in its country of origin on a day."""
NOT_GIVEN = ""
"""Stands in a rule's list of origins for an origin that is not known."""


class Fit(IntEnum):
    """Whether a rule applies; several conditions fold to the smallest."""

    NO = 0
    PERHAPS = 1
    YES = 2


def candidates(rules: Iterable[Rule], work: Dates, free_at_home: FreeAtHome) -> Iterator[tuple[Rule, Fit, Dates]]:
    """The rules that may apply, in order, up to the first that surely does; each with the work's dates narrowed to what the rule covers.

    When the last one given only fits perhaps, the rules say nothing about the rest.
    """
    for rule in rules:
        found = fit(rule.when, work, free_at_home)
        if found is not Fit.NO:
            yield rule, found, _narrowed(rule.when, work)
        if found is Fit.YES:
            return


def fit(when: When, work: Dates, free_at_home: FreeAtHome) -> Fit:
    """How well ``work`` meets ``when``."""
    if not (_described(when, work) and _at_home(when, work, free_at_home) and _posthumous(when, work)):
        return Fit.NO
    published = Fit.NO if work.unpublished and when.published else _inside(when.published, _complete(work))
    return min(published, _inside(when.died, work.death), _inside(when.created, _made(work)))


def _described(when: When, work: Dates) -> bool:
    return (
        _of_kind(when.kinds, work.kind)
        and (not when.authors or work.author in when.authors)
        and work.facts.issuperset(when.facts)
        and work.facts.isdisjoint(when.without)
        and (not when.origin or (work.origin or NOT_GIVEN) in when.origin)
        and (not when.origin_not or (work.origin is not None and work.origin not in when.origin_not))
        and (not when.rehabilitated or work.rehabilitated is not None)
    )


def _of_kind(kinds: tuple[Kind, ...], kind: Kind) -> bool:
    """Every author's work is a ``work``; the neighbouring rights are not, and want rules that name them."""
    return kind in kinds or (not kind.neighbouring and kind is not Kind.COMPUTER_GENERATED and (not kinds or Kind.WORK in kinds))


def _at_home(when: When, work: Dates, free_at_home: FreeAtHome) -> bool:
    return when.free_at_home_on is None or (work.origin is not None and free_at_home(when.free_at_home_on))


def _posthumous(when: When, work: Dates) -> bool:
    """A first publication after the term is never supposed: both dates must show it."""
    if when.posthumous is None:
        return True
    return bool(work.published and work.death and work.published.first.year > work.death.last.year + when.posthumous)


def _inside(window: Span | None, span: Span | None) -> Fit:
    if window is None:
        return Fit.YES
    if span is None:
        return Fit.PERHAPS
    common = span.within(window.first, window.last)
    return Fit.NO if common is None else Fit.YES if common == span else Fit.PERHAPS


def _narrowed(when: When, work: Dates) -> Dates:
    """``work`` as it must be if ``when`` holds; what is not known becomes the whole window."""
    return replace(
        work,
        published=_common(when.published, _complete(work)),
        created=_common(when.created, _made(work)) if when.created else work.created,
        died=(_common(when.died, work.death),) if when.died and work.death else work.died,
    )


def _complete(work: Dates) -> Span | None:
    return work.published.ending if work.published else None


def _made(work: Dates) -> Span | None:
    """When it was made; if that is not known, when it was published: later is the cautious side."""
    return work.created or _complete(work)


def _common(window: Span | None, span: Span | None) -> Span | None:
    return span.within(window.first, window.last) if window and span else span or window

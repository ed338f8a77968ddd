"""Why an answer is what it is: its steps in sentences, what was taken for granted, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sekisho.model import Text
from sekisho.protection import wording
from sekisho.protection.assessment import Assessment, Counted
from sekisho.protection.counting import Count
from sekisho.protection.work import Kind


class Said(NamedTuple):
    """A sentence, and whether its source was looked up."""

    text: Text
    verified: bool


def basis(found: Assessment, deciding: Counted, told: Count) -> Iterator[Text]:
    """The steps of the answer, in order."""
    yield wording.rule(deciding.rule)
    if len(found.work.died) > 1 and found.work.death:
        yield wording.several(len(found.work.died), found.work.death.text)
    yield from (said.text for said in foreign(found, told))
    if deciding.rule.free:
        yield wording.free(deciding.rule.free)
    if told.first_free_day:
        yield from wording.steps(told)
    if deciding.late and deciding.late.free_from > told.free_from:
        yield wording.contested(deciding.late.free_from)


def foreign(found: Assessment, told: Count) -> Iterator[Said]:
    """What being foreign took or added, where it did."""
    origin, shorter, war = found.work.origin or "", found.place.shorter, found.place.wartime
    if shorter and told.point.cap and _capped(told):
        yield Said(wording.shorter(shorter.cite, origin, told.point.cap, verified=shorter.verified), shorter.verified)
    if war and told.point.days:
        yield Said(wording.wartime(war.cite, origin, told.point.days, verified=war.verified), war.verified)


def _capped(told: Count) -> bool:
    """True when protection at home ends before the deciding step would here."""
    own = told.applied[-1].step.end(told.point) if told.applied else None
    return bool(own and told.point.cap and told.point.cap < own)


def assumed(found: Assessment, deciding: Counted, *, free: bool) -> Iterator[Text]:
    """What was taken for granted; ``free`` leaves out what could only have made the answer looser."""
    work, place = found.work, found.place
    if work.origin is None and (place.shorter or place.wartime):
        yield wording.no_origin(place)
    if not found.abroad.compared:
        yield wording.home_unknown(work.origin or "")
    if found.abroad.days[0] != found.abroad.days[1]:
        yield wording.most_days(found.abroad.days[1])
    if deciding.rule.assumes:
        yield deciding.rule.assumes
    if deciding.rule.assumes_protection and not free:
        yield deciding.rule.assumes_protection
    if work.kind is Kind.PHOTOGRAPH and not work.created and work.published and any(rule.when.created for rule in place.rules):
        yield wording.MADE_WHEN_PUBLISHED
    yield from _dates(found)
    yield from (wording.unreadable(value) for value in work.unreadable)


def _dates(found: Assessment) -> Iterator[Text]:
    dates = {wording.DEATH: found.work.death, wording.PUBLISHED: found.work.published, wording.MADE: found.work.created}
    for what, span in dates.items():
        if span and span.parts:
            yield wording.last_part(span)
        elif span and span.first.year < span.last.year:
            yield wording.latest(what, span)


def unknown(found: Assessment) -> Iterator[Text]:
    """Why there is no answer, and what is missing for one."""
    yield from _possible(found)
    if not found.counted:
        yield wording.no_rule(found.work, found.place)
    elif found.missing:
        yield wording.missing(found.missing)
    elif found.free is None:
        yield wording.begins(found.place, found.on)
    else:
        yield wording.between(*found.free)
    yield from (wording.unreadable(value) for value in found.work.unreadable)


def _possible(found: Assessment) -> Iterator[Text]:
    """The one rule counted through, or the names of the several that may apply."""
    deciding = found.deciding
    if len(found.counted) == 1 and deciding and deciding.told and not found.missing:
        yield from basis(found, deciding, deciding.told)
    else:
        yield from (wording.rule(each.rule) for each in found.counted)

"""Until when a work is protected in a country, under the law in force on a day: status, first free day, and how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from sekisho.model import Text
from sekisho.protection import loading, reasons, wording
from sekisho.protection.assessment import Assessment, Counted, assess
from sekisho.protection.contradictions import contradiction
from sekisho.protection.counting import Count
from sekisho.protection.fitting import Fit, fit
from sekisho.protection.rules import Confidence
from sekisho.protection.work import Dates

DISTINCT_WORKS = 1 << 13


class Status(StrEnum):
    """Whether a work is protected."""

    PUBLIC_DOMAIN = "public-domain"
    PROTECTED = "protected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Term:
    """The answer for one work in one country (spelt as asked) on one day; decision support, not legal advice.

    ``public_domain_from`` is the first free day under the law of ``on``; None when it is not known or lies in antiquity.
    ``verified`` is True when every source it rests on was looked up. ``basis`` are the steps in order, ``assumed`` what was
    taken for granted, ``notes`` what else a user should know.
    """

    country: str
    on: date
    status: Status
    public_domain_from: date | None
    rule: str | None
    basis: tuple[Text, ...]
    confidence: Confidence
    verified: bool
    assumed: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


@lru_cache(maxsize=DISTINCT_WORKS)
def term(work: Dates, country: str, on: date) -> Term:
    """Until when ``work`` is protected in ``country``, as of ``on``. Pure; raises UsageError for a country that is not in the pack."""
    place, spelt = loading.country(country), country.strip().upper()
    impossible = contradiction(work, on)
    if impossible:
        return _unknown(spelt, on, (impossible,))
    found = assess(place, work, on)
    status = _status(found)
    if status is Status.UNKNOWN or not found.deciding or not found.deciding.told:
        return _unknown(spelt, on, tuple(reasons.unknown(found)))
    return _answer(spelt, found, status, found.deciding, found.deciding.told)


def public_domain(work: Dates, country: str, on: date) -> str:
    """The fact that decisions ask for: ``yes``, ``no`` or ``unknown``. An answer of low confidence never becomes a yes.

    As ``term``, without its sentences; raises UsageError for a country that is not in the pack.
    """
    place = loading.country(country)
    found = None if contradiction(work, on) else assess(place, work, on)
    status = _status(found) if found else Status.UNKNOWN
    if found and status is Status.PUBLIC_DOMAIN and _confidence(found) is not Confidence.LOW:
        return "yes"
    return "no" if status is Status.PROTECTED else "unknown"


def _unknown(country: str, on: date, why: tuple[Text, ...]) -> Term:
    return Term(country, on, Status.UNKNOWN, None, None, why, Confidence.LOW, verified=False)


def _status(found: Assessment) -> Status:
    """Free when free at the latest, protected when protected at the earliest, else unknown."""
    if found.free is None:
        return Status.UNKNOWN
    first, last = found.free
    return Status.PUBLIC_DOMAIN if last <= found.on else Status.PROTECTED if found.on < first else Status.UNKNOWN


def _answer(country: str, found: Assessment, status: Status, deciding: Counted, told: Count) -> Term:
    return Term(
        country=country,
        on=found.on,
        status=status,
        public_domain_from=told.first_free_day,
        rule=deciding.rule.id,
        basis=(*reasons.basis(found, deciding, told), wording.outcome(told.first_free_day)),
        confidence=_confidence(found),
        verified=_verified(found, told),
        assumed=tuple(reasons.assumed(found, deciding, free=status is Status.PUBLIC_DOMAIN)),
        notes=tuple(note.text for note in found.place.notes if fit(note.when, found.work, lambda _: False) is Fit.YES),
    )


def _verified(found: Assessment, told: Count) -> bool:
    return all(applied.step.verified for applied in told.applied) and all(said.verified for said in reasons.foreign(found, told))


def _confidence(found: Assessment) -> Confidence:
    """The lowest of the rules that may apply and of what being foreign rests on."""
    confidences = [found.confidence]
    if found.place.shorter and found.home_decides:
        confidences += [found.place.shorter.confidence, found.abroad.confidence]
    if found.days_decide:
        confidences.append(Confidence.MEDIUM)
    return min(confidences, key=lambda confidence: confidence.rank)

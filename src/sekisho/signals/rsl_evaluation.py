"""What RSL terms come to for one asker, axis by axis: the narrowest content that speaks decides, a prohibition before a permission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from sekisho.model import Axis, Offer, Value
from sekisho.signals.rsl_terms import AI, Content, Licence, Terms

AXES = (*AI, Axis.SEARCH, Axis.TDM)
COMMERCIAL = "commercial"


class Reached(NamedTuple):
    """A content that reaches the asset, and how narrow its scope is: the octets of its pattern."""

    narrowness: int
    content: Content


class Answer(NamedTuple):
    """What the terms say on one axis, and the content that says so."""

    axis: Axis
    value: Value
    content: Content
    conditions: frozenset[str] = frozenset()
    offers: tuple[Offer, ...] = ()
    warnings: tuple[str, ...] = ()


def answers(terms: Terms, reached: Iterable[Reached], *, commercial: bool) -> list[Answer]:
    """One answer for each axis that the terms of ``reached`` speak on; contents of equal scope count together, their order never."""
    scopes = [[one.content for one in scope] for _, scope in groupby(sorted(reached, key=_breadth), key=_breadth)]
    found: dict[Axis, Answer] = {}
    doubted = False
    for contents in scopes:
        doubted = doubted or any("deny-intent" in content.warnings for content in contents)
        for answer in _scope(contents, terms.conforming, commercial):
            found.setdefault(answer.axis, _withheld(answer) if doubted else answer)
        if doubted:
            found.setdefault(Axis.TDM, Answer(Axis.TDM, Value.UNKNOWN, contents[0], warnings=_warnings(contents)))
    return [answer for answer in found.values() if not _is_settled_otherwise(answer, found)]


def _breadth(reached: Reached) -> int:
    return -reached.narrowness


def _withheld(answer: Answer) -> Answer:
    """The answer where a prohibition nearby cannot be read: a permission becomes an unknown."""
    return answer._replace(value=Value.UNKNOWN) if answer.value is Value.ALLOW else answer


def _is_settled_otherwise(answer: Answer, found: dict[Axis, Answer]) -> bool:
    """Whether a broad "all" restricts while training, which it would include, is settled otherwise more narrowly."""
    training = (found[axis].value for axis in (Axis.TRAIN, Axis.TRAIN_NONGEN) if axis in found)
    restricts = answer.axis is Axis.TDM and answer.value in {Value.DENY, Value.LICENCE}
    return restricts and any(value is not answer.value for value in training)


def _scope(contents: list[Content], conforming: bool, commercial: bool) -> Iterator[Answer]:
    """The answers of contents of one scope."""
    licences = [licence for content in contents for licence in content.licences]
    for axis in AXES:
        if said := _axis(axis, licences, conforming, commercial):
            yield Answer(axis, said.value, contents[0], said.conditions, said.offers, (*_warnings(contents), *said.warnings))


def _warnings(contents: list[Content]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for content in contents for word in content.warnings))


class _Said(NamedTuple):
    value: Value
    conditions: frozenset[str] = frozenset()
    offers: tuple[Offer, ...] = ()
    warnings: tuple[str, ...] = ()


def _axis(axis: Axis, licences: list[Licence], conforming: bool, commercial: bool) -> _Said | None:
    """What sibling licences say on ``axis``; None when they are silent. Grants of a document that does not conform are not taken."""
    if any(axis in licence.prohibited() for licence in licences):
        return _Said(Value.DENY)
    if not conforming:
        return None
    listed = any("usage" in licence.permits for licence in licences)
    permitting = [licence for licence in licences if axis in licence.permitted()]
    if listed and not permitting:
        return None if axis is Axis.TDM else _Said(Value.DENY, warnings=("implicit",) if axis is Axis.SEARCH else ())
    if not listed and any("usage" in licence.prohibits for licence in licences):
        return None
    return _licensed(permitting if listed else licences, commercial)


def _licensed(licences: list[Licence], commercial: bool) -> _Said:
    """The best of alternative licences that are open to the asker; a denial when none is."""
    limits = frozenset().union(*(_limits(licence) for licence in licences))
    usable = [licence for licence in licences if not _excludes(licence, commercial)]
    free = [licence for licence in usable if licence.value is Value.ALLOW]
    if not usable:
        return _Said(Value.DENY, limits)
    chosen = [min(free, key=lambda licence: sorted(licence.conditions | _limits(licence)))] if free else usable
    conditions = frozenset().union(*(licence.conditions | _limits(licence) for licence in chosen))
    offers = tuple(dict.fromkeys(licence.offer for licence in usable if licence.offer != Offer()))
    return _Said(chosen[0].value, conditions, offers)


def _limits(licence: Licence) -> frozenset[str]:
    """Who and where a licence is for, as conditions such as ``user=education`` and ``geo!=US``."""
    only = {f"{kind}={word}" for kind in ("user", "geo") for word in licence.permits.get(kind, ())}
    never = {f"{kind}!={word}" for kind in ("user", "geo") for word in licence.prohibits.get(kind, ())}
    return frozenset(_upper(word) for word in only | never)


def _upper(condition: str) -> str:
    return condition if condition.startswith("user") else f"geo{condition[3:].upper()}"


def _excludes(licence: Licence, commercial: bool) -> bool:
    """Whether the kind of asker is known to be left out: whoever asks commercially."""
    only, never = licence.permits.get("user"), licence.prohibits.get("user", frozenset())
    return commercial and (COMMERCIAL in never or (only is not None and COMMERCIAL not in only))

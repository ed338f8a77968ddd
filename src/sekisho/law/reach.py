"""Whether a rule can ever decide: the first match wins, so a rule whose facts are all taken by earlier rules is dead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from sekisho.law.rules import Rule, Status
from sekisho.law.vocabulary import FACT

Box = Mapping[str, int]
"""Fact → allowed codes as bits; a fact that is not named allows every code."""


def silenced(rules: Sequence[Rule]) -> Iterator[Rule]:
    """The enacted rules that earlier ones of the sequence leave nothing to decide, on any day of their time."""
    enacted = [rule for rule in rules if rule.status is Status.ENACTED]
    for place, rule in enumerate(enacted):
        earlier = [other for other in enacted[:place] if other.stage is rule.stage]
        if all(_is_covered(rule.masks, [other.masks for other in earlier if other.in_force(day)]) for day in _days(rule, earlier)):
            yield rule


def shadowed(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pairs (earlier, later) where one rule alone takes everything from another on some of its days: a forgotten ``until``."""
    enacted = [rule for rule in rules if rule.status is Status.ENACTED]
    for place, rule in enumerate(enacted):
        for other in enacted[:place]:
            overlaps = other.stage is rule.stage and any(other.in_force(day) for day in _days(rule, [other]))
            if overlaps and _is_covered(rule.masks, [other.masks]):
                yield other, rule


def _days(rule: Rule, others: Sequence[Rule]) -> Iterator[date]:
    """One day for each stretch of the rule's time in which the same others are in force."""
    starts = {rule.since, *(other.since for other in others), *(other.until + timedelta(1) for other in others if other.until)}
    return (day for day in sorted(starts) if rule.in_force(day))


def _is_covered(box: Box, others: Sequence[Box]) -> bool:
    """True when every combination of facts in ``box`` lies in one of ``others``: what sticks out of the first is tried on the rest."""
    if not others:
        return False
    inside = dict(box)
    for name, mask in others[0].items():
        allowed = inside.get(name, (1 << len(FACT[name].values)) - 1)
        if allowed & ~mask and not _is_covered({**inside, name: allowed & ~mask}, others[1:]):
            return False
        if not allowed & mask:
            return True
        inside[name] = allowed & mask
    return True

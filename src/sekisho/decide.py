"""The judgement, pure: packed claims, the law on a date and a policy become verdicts with their reasons.

The law is evaluated once for each distinct claim, whatever the number of rows. Several claims of a row, and several
jurisdictions, fold to the strictest; each one's own verdict is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sekisho import law, policy
from sekisho.claims import Packed, facts, unpack
from sekisho.law import FACT, OUTCOMES, Column, Pack, Rulings
from sekisho.model import VERDICT_OF, Policy, Stage, Verdict
from sekisho.policy import ALLOW, VERDICTS, Facts, Mask

VERDICT_OF_OUTCOME = np.array([VERDICTS.index(VERDICT_OF[outcome]) for outcome in OUTCOMES], np.uint8)
EVIDENCE = {
    "location": ("optout_loc", "optout_nl", "crawl", "offered", "unclear", "looked"),
    "file": ("optout_asset",),
    "holder": ("registry_terms", "claimed"),
}
"""Facts that one piece of evidence sets together."""


@dataclass(frozen=True)
class Question:
    """What is asked of every claim."""

    jurisdictions: tuple[str, ...]
    on: date
    stage: Stage = Stage.INGEST
    policy: Policy = Policy.SIGNALS
    pack: Pack = field(default_factory=law.pack)


@dataclass(frozen=True)
class Judgement:
    """The answers of one jurisdiction, one a claim.

    ``law`` is what the law alone says, ``verdict`` (a code of VERDICTS) what follows under the policy, ``reason`` a code of
    ``policy.reasons()``: 0 where the law decided.
    """

    jurisdiction: str
    columns: Facts
    law: Rulings
    verdict: Column
    reason: Column

    @property
    def law_verdict(self) -> Column:
        """The verdicts that follow from the law alone."""
        return VERDICT_OF_OUTCOME[self.law.outcome]

    def why(self, row: int) -> str:
        """What decided ``row``: the id of a rule or of a policy reason; ``no-rule`` where the law is silent."""
        if self.reason[row]:
            return policy.reasons()[int(self.reason[row])]
        rule = self.law.rule_of(row)
        return rule.id if rule else "no-rule"

    def conditions(self, row: int) -> list[str]:
        """The codes of what must be done for an allow to hold, sorted."""
        rule = self.law.rule_of(row)
        own = [condition.code for condition in rule.conditions] if rule and self.verdict[row] == ALLOW else []
        return sorted({*own, *(code for code, rows in self._attached.items() if rows[row])})

    @cached_property
    def conditions_key(self) -> NDArray[np.int64]:
        """A number for each claim, equal where the conditions are: for comparing without building lists."""
        sets = [tuple(condition.code for condition in rule.conditions) for rule in self.law.rules]
        numbers = np.array([*(sets.index(each) + 1 for each in sets), 0], np.int64)
        own = np.where(self.verdict == ALLOW, numbers[self.law.rule], 0)
        attached = sum(rows.astype(np.int64) << bit for bit, rows in enumerate(self._attached.values()))
        return np.asarray(own << len(self._attached) | attached)

    @cached_property
    def _attached(self) -> Mapping[str, Mask]:
        return policy.conditions(self.columns, self.verdict)


def judge(columns: Facts, question: Question, jurisdiction: str) -> Judgement:
    """The judgement of every row of ``columns`` in one jurisdiction."""
    rulings = law.evaluate(question.pack, jurisdiction, question.on, question.stage, _of_law(columns))
    verdict, reason = policy.tighten(VERDICT_OF_OUTCOME[rulings.outcome], columns, question.policy, question.stage)
    policy.hold_the_unread(verdict, reason, columns, lambda supposed: _verdict(supposed, question, jurisdiction))
    return Judgement(jurisdiction, columns, rulings, verdict, reason)


def decide(claims: Packed, question: Question) -> tuple[Judgement, ...]:
    """The judgements of distinct claims, one for each jurisdiction asked, in the order asked."""
    return tuple(judge(unpack(claims[:, place]), question, name) for place, name in enumerate(question.jurisdictions))


def strictest(judgements: Sequence[Judgement]) -> Column:
    """For each claim the strictest verdict over the jurisdictions."""
    return np.asarray(np.maximum.reduce([judgement.verdict for judgement in judgements]))


def verdict_of(code: int) -> Verdict:
    """The verdict with this code."""
    return VERDICTS[code]


def _verdict(columns: Facts, question: Question, jurisdiction: str) -> Column:
    """Verdicts for supposed facts, before the unread is held back."""
    rulings = law.evaluate(question.pack, jurisdiction, question.on, question.stage, _of_law(columns))
    return policy.tighten(VERDICT_OF_OUTCOME[rulings.outcome], columns, question.policy, question.stage)[0]


def _of_law(columns: Facts) -> dict[str, Column]:
    return {name: column for name, column in columns.items() if name in FACT}


@dataclass(frozen=True, slots=True)
class Change:
    """What would follow if ``fact`` were ``value``, one row a claim; ``why`` as in Judgement."""

    fact: str
    value: str
    judgement: Judgement
    changed: NDArray[np.bool_]


def alternatives(judgement: Judgement, question: Question) -> Iterator[Change]:
    """Every value of an unknown or unreadable fact that would change some verdict, one fact at a time, in the order of the fact table."""
    for fact in facts().values():
        column = judgement.columns[fact.id]
        is_open = (column == 0) | (column == fact.codes.get("unreadable", 0))
        if fact.id == "looked" or not is_open.any():
            continue
        for value, code in fact.codes.items():
            if value in {"unknown", "unreadable"}:
                continue
            supposed = {**judgement.columns, fact.id: np.where(is_open, np.uint8(code), column)}
            then = judge(supposed, question, judgement.jurisdiction)
            changed = then.verdict != judgement.verdict
            if changed.any():
                yield Change(fact.id, value, then, changed)


def causes(judgement: Judgement, question: Question) -> list[list[str]]:
    """For each claim the evidence it stands on: taking any one of the named away changes the verdict or its conditions.

    Names are facts, or the groups of EVIDENCE. Where several things each suffice, no more of them than needed are named together as
    ``a+b``. Nothing is named where a rule asks for no fact at all.
    """
    groups = {**{name: (name,) for name in facts() if not any(name in group for group in EVIDENCE.values())}, **EVIDENCE}
    spoken = {name: np.logical_or.reduce([judgement.columns[fact] > 0 for fact in group]) for name, group in groups.items()}
    alone = {name: spoken[name] & _differs(judgement, question, groups, {name: spoken[name]}) for name in groups}
    evidence = {name: mask for name, mask in spoken.items() if name in {*EVIDENCE, "source_infringing"}}
    together = [_fewest(judgement, question, groups, taken) for taken in (evidence, spoken)]
    rows = range(len(judgement.verdict))
    found = [[name for name in groups if alone[name][row]] for row in rows]
    return [names or ["+".join(joined)] * bool(joined) for names, joined in zip(found, map(_either, *together), strict=True)]


def _either(evidence: list[str], everything: list[str]) -> list[str]:
    """Evidence that together suffices, else whatever does: taking away all facts may bring in a rule for what is unknown."""
    return evidence or everything


def _fewest(judgement: Judgement, question: Question, groups: Mapping[str, Sequence[str]], spoken: Mapping[str, Mask]) -> list[list[str]]:
    """For each claim a smallest part of what was ``spoken`` whose absence together changes the answer; empty where its absence does not."""
    changes = _differs(judgement, question, groups, spoken)
    needed = {name: mask & changes for name, mask in spoken.items()}
    for name in spoken:
        fewer = {**needed, name: np.zeros_like(changes)}
        needed[name] = needed[name] & ~_differs(judgement, question, groups, fewer)
    return [[name for name in needed if needed[name][row]] for row in range(len(changes))]


def _differs(judgement: Judgement, question: Question, groups: Mapping[str, Sequence[str]], taken: Mapping[str, Mask]) -> Mask:
    """For each claim, whether its verdict or conditions are others once the groups ``taken`` from it are not known."""
    supposed = dict(judgement.columns)
    for name, rows in taken.items():
        supposed |= {fact: np.where(rows, np.uint8(0), supposed[fact]) for fact in groups[name]}
    without = judge(supposed, question, judgement.jurisdiction)
    return np.asarray((without.verdict != judgement.verdict) | (without.conditions_key != judgement.conditions_key))

"""The law's answers to single questions, with everything that a person needs to weigh them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sekisho.law.evaluation import Change, evaluate, sensitivity
from sekisho.law.packs import Pack
from sekisho.law.rules import Note, Rule
from sekisho.law.vocabulary import CONTRADICTIONS, UNREADABLE, columns
from sekisho.law.wording import ESCALATED, LATER_THAN_PACK, SILENT
from sekisho.model import NOT_ADVICE, VERDICT_OF, Outcome, Stage, Text, Verdict

Claim = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value of an unknown fact that would change the outcome, to what, and by which rule (None: none would speak)."""

    fact: str
    value: str
    outcome: Outcome
    rule: str | None


@dataclass(frozen=True)
class Answer:
    """What the law says of one claim in one jurisdiction, spelled as asked, on one day.

    ``verdict`` follows from the outcome, except that what could not be read never means allow: it is ``unknown`` where an
    unreadable fact could have made it stricter.
    """

    pack: Pack
    jurisdiction: str
    on: date
    stage: Stage
    claim: Claim
    rule: Rule | None
    outcome: Outcome
    notes: tuple[Note, ...]
    sensitive_to: tuple[Sensitive, ...]

    @property
    def verdict(self) -> Verdict:
        """可 allow, 不明 unknown, 要許諾 licence or 不可 deny."""
        verdict = VERDICT_OF[self.outcome]
        unread = [VERDICT_OF[each.outcome] for each in self.sensitive_to if self.claim.get(each.fact) == UNREADABLE]
        return Verdict.UNKNOWN if verdict is Verdict.ALLOW and set(unread) - {Verdict.ALLOW} else verdict

    @property
    def reason(self) -> Text:
        """Why, in a sentence or two."""
        if self.rule is None:
            return SILENT
        if self.rule.outcome is self.outcome:
            return self.rule.reason
        return Text(f"{self.rule.reason.en} {ESCALATED.en}", self.rule.reason.ja + ESCALATED.ja)

    @property
    def citation(self) -> Text:
        """The sources of the rule in one line."""
        return self.rule.citation if self.rule else Text("", "")

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What makes the question itself doubtful: facts that hardly go together, a day after the pack was checked."""
        doubts = [text for facts, text in CONTRADICTIONS if all(self.claim.get(name) == value for name, value in facts.items())]
        return (*doubts, *([LATER_THAN_PACK] if self.on > self.pack.dated else []))

    def record(self, lang: str) -> dict[str, object]:
        """The answer as a JSON object; sentences in ``lang``."""
        rule = self.rule
        return {
            "jurisdiction": self.jurisdiction,
            "on": self.on.isoformat(),
            "stage": self.stage.value,
            "outcome": self.outcome.value,
            "verdict": self.verdict.value,
            "rule": rule.id if rule else None,
            "confidence": rule.authority.value if rule else "unsettled",
            "verified": rule is not None and rule.verified,
            "contestable": rule is not None and rule.contestable,
            "citation": self.citation.lang(lang),
            "reason": self.reason.lang(lang),
            "conditions": [condition.code for condition in rule.conditions] if rule else [],
            "notes": [note.id for note in self.notes],
            "sensitive_to": [
                {"fact": each.fact, "value": each.value, "outcome": each.outcome.value, "rule": each.rule} for each in self.sensitive_to
            ],
            "warnings": [warning.lang(lang) for warning in self.warnings],
            "pack": self.pack.digest,
            "pack_dated": self.pack.dated.isoformat(),
            "notice": NOT_ADVICE.lang(lang),
        }


def answers(pack: Pack, jurisdiction: str, on: date, stage: Stage, claims: Sequence[Claim]) -> list[Answer]:
    """One answer for each of ``claims`` (fact → value; nothing is assumed), in order. Raises UsageError."""
    table = columns(claims)
    rulings = evaluate(pack, jurisdiction, on, stage, table)
    changes = _changes(sensitivity(pack, jurisdiction, on, stage, table))
    return [
        Answer(
            pack, jurisdiction, on, stage, claim, rulings.rule_of(row), rulings.outcome_of(row), rulings.notes_of(row), tuple(changes[row])
        )
        for row, claim in enumerate(claims)
    ]


def _changes(found: Iterable[Change]) -> defaultdict[int, list[Sensitive]]:
    """What each row is sensitive to."""
    rows: defaultdict[int, list[Sensitive]] = defaultdict(list)
    for change in found:
        for row in map(int, change.changed.nonzero()[0]):
            rule = change.rulings.rule_of(row)
            rows[row].append(Sensitive(change.fact, change.value, change.rulings.outcome_of(row), rule.id if rule else None))
    return rows

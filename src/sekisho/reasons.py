"""What each case stands on, in full: facts, the law's answer and the policy's, what it rests on, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from sekisho import policy, tallies
from sekisho.cases import Judged, judged, name_of
from sekisho.claims import LOCAL, facts, words
from sekisho.decide import Change, Judgement, Question, alternatives, causes
from sekisho.law import Rule
from sekisho.policy import VERDICTS

TEXT = pa.struct([("en", pa.string()), ("ja", pa.string())])
CHANGE = pa.struct([("fact", pa.string()), ("value", pa.string()), ("verdict", pa.string()), ("why", pa.string())])
LAW = pa.struct(
    [
        ("jurisdiction", pa.string()),
        ("local", pa.map_(pa.string(), pa.string())),
        ("outcome", pa.string()),
        ("law_verdict", pa.string()),
        ("rule", pa.string()),
        ("authority", pa.string()),
        ("verified", pa.bool_()),
        ("contestable", pa.bool_()),
        ("citation", TEXT),
        ("reason", TEXT),
        ("notes", pa.list_(pa.string())),
        ("policy_reason", pa.string()),
        ("verdict", pa.string()),
        ("conditions", pa.list_(pa.string())),
        ("because", pa.list_(pa.string())),
        ("sensitive_to", pa.list_(CHANGE)),
    ]
)
CLAIM = pa.struct([("facts", pa.map_(pa.string(), pa.string())), ("jurisdictions", pa.list_(LAW))])
SCHEMA = pa.schema(
    [
        ("case", pa.string()),
        ("verdict", pa.string()),
        ("why", pa.string()),
        ("conditions", pa.list_(pa.string())),
        ("policy", pa.string()),
        ("rows", pa.int64()),
        ("claims", pa.list_(CLAIM)),
        ("languages", tallies.LANGUAGES),
        ("origins", tallies.ORIGINS),
    ]
)


def table(
    keys: Sequence[bytes], question: Question, rows_of: Mapping[str, int], told: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> pa.Table:
    """The cases of a run in the order of their names, one a row, by SCHEMA.

    ``rows_of`` says how many rows each has, ``told`` in which languages they are and where they come from (``tallies.by_case``).
    """
    ordered = sorted(keys, key=name_of)
    if not ordered:
        return SCHEMA.empty_table()
    answers = judged(ordered, question)
    details = [_details(judgement, question) for judgement in answers.judgements]
    counted = [{"rows": rows_of.get(name, 0), **told.get(name, {})} for name in map(name_of, ordered)]
    return pa.Table.from_pylist(
        [_row(answers, case, details, question) | counts for case, counts in enumerate(counted)],
        schema=SCHEMA,
    )


def _row(answers: Judged, case: int, details: list[list[dict[str, Any]]], question: Question) -> dict[str, Any]:
    claims = answers.claims_of[case]
    width = 8 * len(question.jurisdictions)
    key = answers.keys[case]
    firsts = [int.from_bytes(key[start : start + 8], "big") for start in range(0, len(key), width)]
    return {
        "case": name_of(key),
        "verdict": VERDICTS[answers.verdict[case]].value,
        "why": answers.why(case),
        "conditions": answers.conditions(case),
        "policy": question.policy.value,
        "claims": [
            {"facts": {n: v for n, v in words(first).items() if n not in LOCAL}, "jurisdictions": [each[row] for each in details]}
            for first, row in zip(firsts, claims, strict=True)
        ],
    }


def _details(judgement: Judgement, question: Question) -> list[dict[str, Any]]:
    """The full answer of one jurisdiction for each claim."""
    because, changes = causes(judgement, question), list(alternatives(judgement, question))
    return [_answer(judgement, row, because[row], changes) for row in range(len(judgement.verdict))]


def _answer(judgement: Judgement, row: int, because: list[str], changes: list[Change]) -> dict[str, Any]:
    return {
        "jurisdiction": judgement.jurisdiction,
        "local": {name: facts()[name].values[judgement.columns[name][row]] for name in LOCAL if judgement.columns[name][row]},
        "outcome": judgement.law.outcome_of(row).value,
        "law_verdict": VERDICTS[judgement.law_verdict[row]].value,
        **_rule(judgement.law.rule_of(row)),
        "notes": [note.id for note in judgement.law.notes_of(row)],
        "policy_reason": policy.reasons()[int(judgement.reason[row])],
        "verdict": VERDICTS[judgement.verdict[row]].value,
        "conditions": judgement.conditions(row),
        "because": because,
        "sensitive_to": [_change(change, row) for change in changes if change.changed[row]],
    }


def _rule(rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"rule": "no-rule", "authority": "unsettled", "verified": False, "contestable": True, "citation": None, "reason": None}
    cited = [citation.text for citation in rule.citations]
    return {
        "rule": rule.id,
        "authority": rule.authority.value,
        "verified": rule.verified,
        "contestable": rule.contestable,
        "citation": {"en": "; ".join(text.en for text in cited), "ja": "；".join(text.ja for text in cited)},
        "reason": {"en": rule.reason.en, "ja": rule.reason.ja},
    }


def _change(change: Change, row: int) -> dict[str, str]:
    then = change.judgement
    return {"fact": change.fact, "value": change.value, "verdict": VERDICTS[then.verdict[row]].value, "why": then.why(row)}

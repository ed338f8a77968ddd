"""An answer in sentences: what follows, why, on whose authority, how sure, what to do, what could change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sekisho.law.answers import Answer, Sensitive
from sekisho.law.rules import Rule
from sekisho.law.vocabulary import FACT
from sekisho.law.wording import AUTHORITY_TEXT, CONTESTABLE, OUTCOME_TEXT, STAGE_TEXT, standing
from sekisho.model import NOT_ADVICE, VERDICT_TEXT, Text


def told(answer: Answer) -> Iterator[Text]:
    """The lines of an answer, the most important first."""
    place, outcome, stage = answer.pack.jurisdiction(answer.jurisdiction).name, OUTCOME_TEXT[answer.outcome], STAGE_TEXT[answer.stage]
    verdict = VERDICT_TEXT[answer.verdict]
    yield Text(
        f"{place.en} ({answer.jurisdiction}), {answer.on}, {stage.en}: {outcome.en}. Verdict: {verdict.en}.",
        f"{place.ja}（{answer.jurisdiction}）、{answer.on}、{stage.ja}：{outcome.ja}。結論：{verdict.ja}。",
    )
    yield answer.reason
    if answer.rule:
        yield from _ground(answer.rule, answer.citation)
    for note in answer.notes:
        yield Text(f"Note {note.id}: {note.text.en}", f"注記 {note.id}：{note.text.ja}")
    for warning in answer.warnings:
        yield Text(f"Careful: {warning.en}", f"注意：{warning.ja}")
    for name, values in groupby(answer.sensitive_to, key=lambda each: each.fact):
        yield _would_change(name, values)
    pack = answer.pack
    yield Text(
        f"Law pack of {pack.dated}, digest {pack.digest[:16]}. {NOT_ADVICE.en}",
        f"法令パック {pack.dated}、ダイジェスト {pack.digest[:16]}。{NOT_ADVICE.ja}",
    )


def _ground(rule: Rule, citation: Text) -> Iterator[Text]:
    authority = AUTHORITY_TEXT[rule.authority]
    yield Text(
        f"Rule {rule.id}, “{rule.name.en}”, since {rule.since} ({authority.en}).",
        f"規定 {rule.id}「{rule.name.ja}」、{rule.since} から（{authority.ja}）。",
    )
    yield Text(f"Source: {citation.en}.", f"根拠：{citation.ja}。")
    yield standing(rule.checked)
    if rule.contestable:
        yield CONTESTABLE
    for condition in rule.conditions:
        yield Text(f"To do: {condition.text.en}", f"条件：{condition.text.ja}")


def _would_change(name: str, values: Iterable[Sensitive]) -> Text:
    """An unknown fact, and what each of its values would lead to."""
    fact, changes = FACT[name], [_change(each) for each in values]
    return Text(
        f"Not known: {fact.name.en} ({name}). {' '.join(change.en for change in changes)}",
        f"不明：{fact.name.ja}（{name}）。{''.join(change.ja for change in changes)}",
    )


def _change(each: Sensitive) -> Text:
    value, outcome = FACT[each.fact].value_texts[FACT[each.fact].code(each.value)], OUTCOME_TEXT[each.outcome]
    by = Text(f" by {each.rule}", f"（{each.rule}）") if each.rule else Text("", "")
    return Text(f"If {each.value} ({value.en}): {outcome.en}{by.en}.", f"{each.value}（{value.ja}）であれば{outcome.ja}{by.ja}。")

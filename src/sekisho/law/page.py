"""A readable page on one jurisdiction, in Markdown: the rules in force on a day, or all that the pack has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sekisho.law.history import timeline
from sekisho.law.packs import Pack
from sekisho.law.rules import Citation, Dated, Note, Rule, Status
from sekisho.law.wording import AUTHORITY_TEXT, CONTESTABLE, OUTCOME_TEXT, STAGE_TEXT, applies, span, standing
from sekisho.model import NOT_ADVICE, Stage, Text

BLANK = Text("", "")
ALL_TIMES = Text("all times", "全期間")
ORDER = Text(
    "Rules stand in order of precedence: the first that applies decides. Notes are told beside the answer and never change it. "
    "What is not known meets a condition only where `unknown` is named, and never makes an exception. Where a licence is required and the rights holder has refused in the registry, the answer is prohibited.",
    "規定は優先順に並び、最初に当てはまるものが結論を決める。注記は結論に添えられ、結論を変えない。不明な事実は、`unknown` と明記された場合を除き適用条件を満たさず、除外事由にもならない。"
    "許諾が必要な場合に権利者が登録で拒否していれば、結論は禁止となる。",
)
Cases = Mapping[str, Sequence[str]]
"""Id of a rule or note → the cases that exercise it, as Markdown."""


def page(pack: Pack, jurisdiction: str, lang: str, on: date | None = None, cases: Cases | None = None) -> str:
    """The page as Markdown; ``on`` None shows every rule with its days, and what happened. Raises UsageError."""
    return "\n".join(text.lang(lang) for text in _lines(pack, jurisdiction, on, cases or {})) + "\n"


def records(pack: Pack, jurisdiction: str, lang: str, on: date) -> Iterator[dict[str, object]]:
    """The rules in force on a day, in order of precedence, as JSON objects. Raises UsageError."""
    for rule in (rule for stage in Stage for rule in pack.rules(jurisdiction, on, stage)):
        yield {
            "rule": rule.id,
            "name": rule.name.lang(lang),
            "from": rule.since.isoformat(),
            "until": rule.until.isoformat() if rule.until else None,
            "stage": rule.stage.value,
            "when": rule.when,
            "unless": rule.unless,
            "outcome": rule.outcome.value,
            "confidence": rule.authority.value,
            "verified": rule.verified,
            "contestable": rule.contestable,
            "citation": rule.citation.lang(lang),
            "reason": rule.reason.lang(lang),
            "conditions": [condition.code for condition in rule.conditions],
        }


def _lines(pack: Pack, jurisdiction: str, on: date | None, cases: Cases) -> Iterator[Text]:
    name = pack.jurisdiction(jurisdiction).name
    when = Text(str(on), str(on)) if on else ALL_TIMES
    yield Text(f"# {name.en} ({jurisdiction}), {when.en}", f"# {name.ja}（{jurisdiction}）、{when.ja}")
    yield BLANK
    yield Text(
        f"{NOT_ADVICE.en} Law pack of {pack.dated}, digest `{pack.digest}`.",
        f"{NOT_ADVICE.ja}法令パック {pack.dated}、ダイジェスト `{pack.digest}`。",
    )
    yield BLANK
    yield ORDER
    for stage in Stage:
        title = STAGE_TEXT[stage]
        yield from (BLANK, Text(f"## {title.en.capitalize()} (`{stage}`)", f"## {title.ja}（`{stage}`）"))
        for rule in _rules(pack, jurisdiction, on, stage):
            yield from _rule(rule, cases)
        for note in _notes(pack, jurisdiction, on, stage):
            yield from _note(note, cases)
    if on is None:
        yield from _events(pack, jurisdiction)


def _rules(pack: Pack, jurisdiction: str, on: date | None, stage: Stage) -> Sequence[Rule]:
    if on:
        return pack.rules(jurisdiction, on, stage)
    return [rule for file in pack.lineage(jurisdiction) for rule in file.rules if rule.stage is stage]


def _notes(pack: Pack, jurisdiction: str, on: date | None, stage: Stage) -> Sequence[Note]:
    if on:
        return pack.notes(jurisdiction, on, stage)
    return [note for file in reversed(pack.lineage(jurisdiction)) for note in file.notes if note.stage is stage]


def _rule(rule: Rule, cases: Cases) -> Iterator[Text]:
    outcome, authority, days = OUTCOME_TEXT[rule.outcome], AUTHORITY_TEXT[rule.authority], span(rule)
    draft = Text(" (draft, decides nothing)", "（案、結論に影響しない）") if rule.status is Status.DRAFT else BLANK
    yield BLANK
    yield Text(f"### {rule.id} {rule.name.en}: {outcome.en}{draft.en}", f"### {rule.id} {rule.name.ja}：{outcome.ja}{draft.ja}")
    yield BLANK
    yield rule.reason
    yield BLANK
    yield from _conditions_of_use(rule)
    yield Text(f"- {days.en}; {authority.en}", f"- {days.ja}、{authority.ja}")
    yield from _ground(rule, cases)
    if rule.contestable:
        yield _bullet(CONTESTABLE)
    for condition in rule.conditions:
        yield Text(f"- To do (`{condition.code}`): {condition.text.en}", f"- 条件（`{condition.code}`）：{condition.text.ja}")


def _note(note: Note, cases: Cases) -> Iterator[Text]:
    days = span(note)
    yield from (BLANK, Text(f"### {note.id} (note)", f"### {note.id}（注記）"), BLANK, note.text, BLANK)
    yield from _conditions_of_use(note)
    yield _bullet(days)
    yield from _ground(note, cases)


def _events(pack: Pack, jurisdiction: str) -> Iterator[Text]:
    codes = {file.code for file in pack.lineage(jurisdiction)}
    yield from (BLANK, Text("## What happened", "## 経緯"), BLANK)
    for event in (event for event in timeline() if event.jurisdiction in codes):
        yield Text(f"- {event.on} ({event.jurisdiction}): {event.text.en}", f"- {event.on}（{event.jurisdiction}）：{event.text.ja}")


def _conditions_of_use(entry: Dated) -> Iterator[Text]:
    return map(_bullet, applies(entry) or [Text("always", "常に適用")])


def _ground(entry: Dated, cases: Cases) -> Iterator[Text]:
    sources = [_source(citation) for citation in entry.citations]
    yield Text(f"- Source: {'; '.join(text.en for text in sources)}", f"- 根拠：{'、'.join(text.ja for text in sources)}")
    yield _bullet(standing(entry.checked))
    if entry.id in cases:
        where = ", ".join(cases[entry.id])
        yield Text(f"- Cases: {where}", f"- 事例：{where}")


def _source(citation: Citation) -> Text:
    source, text = citation.source, citation.text
    read = Text(f" (read {source.read})", f"（{source.read} 参照）") if source.read else BLANK
    if source.address is None:
        return Text(text.en + read.en, text.ja + read.ja)
    return Text(f"[{text.en}]({source.address}){read.en}", f"[{text.ja}]({source.address}){read.ja}")


def _bullet(text: Text) -> Text:
    return Text(f"- {text.en}", f"- {text.ja}")

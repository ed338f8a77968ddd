"""From a TOML file to rules, strictly: an unknown word, a missing citation or a rule that can never speak is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sekisho.law import reach
from sekisho.law.rules import Authority, Checked, Citation, Condition, How, LawFile, Note, Rule, Source, Status, Words
from sekisho.law.sections import Section
from sekisho.law.vocabulary import FACT, UNREADABLE
from sekisho.model import Outcome, Stage, Text

CONDITIONS_FILE = Path(__file__).with_name("conditions.toml")
COMMON = "COMMON"
NOTHING = Text("", "")


def law_file(path: Path) -> LawFile:
    """The rules and notes of one file; its name gives the jurisdiction. Raises LawError."""
    top = Section.of_file(path)
    name, also = top.text("name"), top.strings("also")
    inherits = top.string("inherits") if "inherits" in top else None
    sources = {key: _source(section) for key, section in top.named("source")}
    rules = tuple(_rule(section, sources) for section in top.sections("rule"))
    notes = tuple(_note(section, sources) for section in top.sections("note"))
    top.close()
    return LawFile(path.stem.upper(), name, also, inherits, rules, notes)


def check_together(files: Mapping[str, LawFile]) -> None:
    """Raises LawError when files contradict one another: an id used twice, an unknown ancestor, a rule that can never decide."""
    seen: dict[str, str] = {}
    for file in files.values():
        here = Section({}, f"{file.code.lower()}.toml")
        if file.inherits is not None and file.inherits not in files:
            here.unknown_word("inherits", file.inherits, files)
        for entry in file.entries:
            if entry.id in seen:
                here.fail(
                    f"{entry.id} is used twice, also in {seen[entry.id]}", f"{entry.id} が重複しています（{seen[entry.id]} にもあります）"
                )
            seen[entry.id] = here.where
        for rule in reach.silenced((*files[COMMON].rules, *file.rules) if file.code != COMMON else file.rules):
            here.fail(
                f"{rule.id} can never decide: earlier rules always do", f"{rule.id} は先順位の規定に常に覆われ、適用されることがありません"
            )


@cache
def conditions() -> Mapping[str, Condition]:
    """Every condition that a rule may set, by its code."""
    top = Section.of_file(CONDITIONS_FILE)
    return {code: Condition(code, top.text(code)) for code in top.unread()}


def _rule(section: Section, sources: Mapping[str, Source]) -> Rule:
    rule = Rule(
        **_dated(section, sources),
        name=section.text("name"),
        status=section.word("status", Status),
        authority=section.word("authority", Authority),
        outcome=section.word("outcome", Outcome),
        reason=section.text("reason"),
        conditions=_conditions(section),
        contestable=section.flag("contestable"),
    )
    if (rule.outcome is Outcome.CONDITIONS) != bool(rule.conditions):
        section.fail(
            "conditions belong to permitted-with-conditions, and only there",
            "conditions は permitted-with-conditions にのみ、必ず付けてください",
        )
    section.close()
    return rule


def _note(section: Section, sources: Mapping[str, Source]) -> Note:
    note = Note(**_dated(section, sources), text=section.text("text"))
    section.close()
    return note


def _dated(section: Section, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The fields that rules and notes share."""
    since, until = section.day("from"), section.optional_day("until")
    if until is not None and until < since:
        section.fail(f"until ({until}) lies before from ({since})", f"until（{until}）が from（{since}）より前です")
    when, unless = _words(section, "when"), _words(section, "unless")
    for name in when.keys() & unless.keys():
        section.fail(f"{name} stands in when and in unless", f"{name} が when と unless の両方にあります")
    return {
        "id": section.string("id"),
        "since": since,
        "until": until,
        "stage": section.word("stage", Stage),
        "when": when,
        "unless": unless,
        "citations": _citations(section, sources),
        "checked": _checked(section.section("checked")),
    }


def _words(section: Section, key: str) -> Words:
    inside = section.section(key) if key in section else Section({}, section.where)
    return {name: _values(inside, name) for name in inside.unread()}


def _values(inside: Section, name: str) -> tuple[str, ...]:
    if name not in FACT:
        inside.unknown_word("fact", name, FACT)
    values = inside.strings(name)
    for value in values:
        if value not in FACT[name].values or value == UNREADABLE:
            inside.unknown_word(name, value, (known for known in FACT[name].values if known != UNREADABLE))
    return values or inside.fail(f"{name} has no value", f"{name} に値がありません")


def _citations(section: Section, sources: Mapping[str, Source]) -> tuple[Citation, ...]:
    citations = tuple(_citation(entry, sources) for entry in section.sections("cite"))
    return citations or section.fail(
        "cite is missing: every rule and note names its source", "cite がありません。規定と注記には必ず根拠を記してください"
    )


def _citation(entry: Section, sources: Mapping[str, Source]) -> Citation:
    key = entry.string("source")
    if key not in sources:
        entry.unknown_word("source", key, sources)
    place = entry.text("place") if "place" in entry else NOTHING
    entry.close()
    return Citation(sources[key], place)


def _conditions(section: Section) -> tuple[Condition, ...]:
    codes = section.strings("conditions")
    for code in codes:
        if code not in conditions():
            section.unknown_word("conditions", code, conditions())
    return tuple(conditions()[code] for code in codes)


def _source(section: Section) -> Source:
    source = Source(section.text("title"), section.string("address") if "address" in section else None, section.optional_day("read"))
    section.close()
    return source


def _checked(section: Section) -> Checked:
    checked = Checked(section.day("on"), section.word("how", How))
    section.close()
    return checked

"""A question to the law pack, read strictly: a country, a day, a stage and facts in known words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sekisho.errors import UsageError
from sekisho.law.answers import Claim
from sekisho.law.packs import Pack
from sekisho.law.vocabulary import fact
from sekisho.model import Stage


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks (``id``, anything), where, when, at which stage, with which facts."""

    id: object
    jurisdiction: str
    on: date
    stage: Stage
    claim: Claim

    @property
    def place(self) -> tuple[str, date, Stage]:
        """What questions answered together have in common."""
        return self.jurisdiction, self.on, self.stage


def question(pack: Pack, record: Mapping[str, object]) -> Question:
    """The question in ``record`` (``jurisdiction``, ``on``, ``stage``, ``facts``; ``id`` if there is one). Raises UsageError."""
    jurisdiction, on, stage = _text(record, "jurisdiction"), day(_text(record, "on")), _stage(_text(record, "stage"))
    pack.jurisdiction(jurisdiction)
    pack.not_before_it_begins(on)
    facts = record.get("facts")
    if not isinstance(facts, Mapping):
        raise UsageError("facts is missing: an object of fact and value is needed", "facts がありません。事実と値のオブジェクトが必要です")
    for name, value in facts.items():
        fact(name).code(value)
    return Question(record.get("id"), jurisdiction, on, stage, facts)


def facts_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Facts from pairs; raises UsageError when one fact is given two values."""
    facts: dict[str, str] = {}
    for name, value in pairs:
        if facts.setdefault(name, value) != value:
            raise UsageError(
                f"contradiction: {name} is both {facts[name]!r} and {value!r}",
                f"矛盾: {name} が {facts[name]!r} かつ {value!r} とされています",
            )
    return facts


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise UsageError(f"{key} is missing", f"{key} がありません")
    return value


def day(text: str) -> date:
    """A day in ISO form; raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a day; write 2026-11-22", f"{text!r} は日付ではありません。2026-11-22 のように書いてください"
        ) from error


def _stage(text: str) -> Stage:
    if text not in list(Stage):
        raise UsageError(
            f"there is no stage {text!r}; known stages: {', '.join(Stage)}", f"段階 {text!r} はありません。使える段階: {', '.join(Stage)}"
        )
    return Stage(text)

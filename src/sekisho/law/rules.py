"""What a law file says, as frozen values: rules and notes with their days, conditions, sources and standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from sekisho.law.vocabulary import FACT, UNKNOWN, UNREADABLE
from sekisho.model import Outcome, Stage, Text

Words = Mapping[str, tuple[str, ...]]
"""Fact id → the values meant, joined by *or*."""


class Status(StrEnum):
    """Whether a rule is in force; drafts are kept for reading and never decide."""

    ENACTED = "enacted"
    DRAFT = "draft"


class Authority(StrEnum):
    """What a rule rests on."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    CASE = "case"
    UNSETTLED = "unsettled"


class How(StrEnum):
    """How a rule was checked: its source was looked up, or a person has still to confirm it."""

    LOOKED_UP = "looked-up"
    TO_BE_CONFIRMED = "to-be-confirmed"


@dataclass(frozen=True, slots=True)
class Checked:
    """The day somebody last compared a rule with its source, and how."""

    on: date
    how: How


@dataclass(frozen=True, slots=True)
class Source:
    """A statute, decision, guidance or report; ``read`` is the day it was read, None when nobody has yet."""

    title: Text
    address: str | None
    read: date | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: an article, a paragraph, a holding; empty where the whole is meant."""

    source: Source
    place: Text

    @property
    def text(self) -> Text:
        """Title and place in one phrase."""
        if not self.place.en:
            return self.source.title
        return Text(f"{self.source.title.en}, {self.place.en}", f"{self.source.title.ja}{self.place.ja}")


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done for a permission to hold."""

    code: str
    text: Text


@dataclass(frozen=True)
class Dated:
    """What rules and notes share: days, stage and facts.

    It applies when every fact of ``when`` has one of its values and no fact of ``unless`` has; what is unknown
    or unreadable never meets ``when`` (except where ``unknown`` is named) and never defeats by ``unless``.
    """

    id: str
    since: date
    until: date | None
    stage: Stage
    when: Words
    unless: Words
    citations: tuple[Citation, ...]
    checked: Checked

    def in_force(self, on: date) -> bool:
        """True from ``since`` to ``until``, both days included."""
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def verified(self) -> bool:
        """True when the source was looked up; False when it is to be confirmed."""
        return self.checked.how is How.LOOKED_UP

    @property
    def citation(self) -> Text:
        """The sources in one line."""
        texts = [each.text for each in self.citations]
        return Text("; ".join(text.en for text in texts), "、".join(text.ja for text in texts))

    @cached_property
    def masks(self) -> dict[str, int]:
        """Fact → the codes under which this applies, as bits."""
        met = {name: _bits(name, values) for name, values in self.when.items()}
        defeated = {name: ~_bits(name, values) & (1 << len(FACT[name].values)) - 1 for name, values in self.unless.items()}
        return met | defeated


@dataclass(frozen=True)
class Rule(Dated):
    """One answer of the law to one kind of use."""

    name: Text
    status: Status
    authority: Authority
    outcome: Outcome
    reason: Text
    conditions: tuple[Condition, ...]
    contestable: bool
    """True when the decision it rests on is not final or under appeal."""


@dataclass(frozen=True)
class Note(Dated):
    """Something to be told beside the answer; it never changes the outcome."""

    text: Text


@dataclass(frozen=True, slots=True)
class LawFile:
    """One file of the pack: the rules and notes of a jurisdiction, or those that several share."""

    code: str
    name: Text
    also: tuple[str, ...]
    inherits: str | None
    rules: tuple[Rule, ...]
    notes: tuple[Note, ...]

    @property
    def entries(self) -> tuple[Rule | Note, ...]:
        """Rules, then notes."""
        return (*self.rules, *self.notes)

    @property
    def is_jurisdiction(self) -> bool:
        """False for the files that only lend their rules to others (``COMMON``, ``GENERAL``)."""
        return len(self.code) == len("JP")


def _bits(name: str, values: tuple[str, ...]) -> int:
    """The codes of ``values`` as bits; unreadable goes with unknown."""
    named = {*values, UNREADABLE} if UNKNOWN in values else set(values)
    return sum(1 << code for value, code in FACT[name].codes.items() if value in named)

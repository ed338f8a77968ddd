"""Rules over columns of facts: the first rule that applies decides each row; and what an unknown fact could change."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sekisho.errors import UsageError
from sekisho.law.packs import Pack
from sekisho.law.rules import Dated, Note, Rule
from sekisho.law.vocabulary import FACT, FACTS, UNKNOWN, UNREADABLE, Columns, fact
from sekisho.model import Outcome, Stage

OUTCOMES = tuple(Outcome)
"""Outcomes from loosest to strictest; an outcome's code is its place, so several fold to the largest."""

_UNSETTLED, _LICENCE, _PROHIBITED = map(OUTCOMES.index, (Outcome.UNSETTLED, Outcome.LICENCE, Outcome.PROHIBITED))
_REGISTRY = "registry_terms"
_REFUSED = FACT[_REGISTRY].code("deny")


@dataclass(frozen=True)
class Rulings:
    """The law's answers, one a row.

    ``rule`` is an index into ``rules`` (-1: no rule speaks, so the law is unsettled), ``outcome`` a code of OUTCOMES,
    ``note`` a mask whose bit *i* stands for ``notes[i]``.
    """

    rules: tuple[Rule, ...]
    notes: tuple[Note, ...]
    rule: NDArray[np.int16]
    outcome: NDArray[np.uint8]
    note: NDArray[np.uint32]

    def rule_of(self, row: int) -> Rule | None:
        """The rule that decided ``row``; None when none speaks."""
        index = int(self.rule[row])
        return self.rules[index] if index >= 0 else None

    def outcome_of(self, row: int) -> Outcome:
        """The outcome of ``row``."""
        return OUTCOMES[int(self.outcome[row])]

    def notes_of(self, row: int) -> tuple[Note, ...]:
        """The notes to be told with the answer of ``row``."""
        return tuple(note for bit, note in enumerate(self.notes) if int(self.note[row]) >> bit & 1)


@dataclass(frozen=True)
class Change:
    """What would follow if ``fact`` were ``value``: in the rows of ``changed`` the outcome would be another."""

    fact: str
    value: str
    changed: NDArray[np.bool_]
    rulings: Rulings


def evaluate(pack: Pack, jurisdiction: str, on: date, stage: Stage, columns: Columns) -> Rulings:
    """The answers for every row of ``columns``. First match wins; a refusal in the registry turns licence-required into prohibited.

    Raises UsageError for an unknown jurisdiction or fact, or a day before the pack begins.
    """
    size = _rows(columns)
    rules, notes = pack.rules(jurisdiction, on, stage), pack.notes(jurisdiction, on, stage)
    deciding = np.full(size, -1, np.int16)
    for index in reversed(range(len(rules))):
        deciding[applies(rules[index], columns, size)] = index
    outcomes = np.array([*(OUTCOMES.index(rule.outcome) for rule in rules), _UNSETTLED], np.uint8)[deciding]
    if _REGISTRY in columns:
        outcomes[(columns[_REGISTRY] == _REFUSED) & (outcomes == _LICENCE)] = _PROHIBITED
    told = np.zeros(size, np.uint32)
    for bit, note in enumerate(notes):
        told |= applies(note, columns, size).astype(np.uint32) << np.uint32(bit)
    return Rulings(rules, notes, deciding, outcomes, told)


def sensitivity(
    pack: Pack, jurisdiction: str, on: date, stage: Stage, columns: Columns, *, facts: Collection[str] = FACT
) -> Iterator[Change]:
    """Every value of an unknown or unreadable fact that would change the outcome of some row, one fact at a time.

    ``facts`` narrows the question, for example to the facts of evidence. Values come in the order of the fact table.
    """
    size = _rows(columns)
    base = evaluate(pack, jurisdiction, on, stage, columns)
    asked = {_REGISTRY}.union(*(rule.masks for rule in base.rules))
    for question in FACTS:
        if question.id not in asked or question.id not in facts:
            continue
        column = columns.get(question.id, np.zeros(size, np.uint8))
        is_open = (column == 0) | (column == question.codes.get(UNREADABLE, 0))
        for value in question.values:
            if value in {UNKNOWN, UNREADABLE} or not is_open.any():
                continue
            supposed = np.where(is_open, np.uint8(question.code(value)), column)
            then = evaluate(pack, jurisdiction, on, stage, {**columns, question.id: supposed})
            changed = then.outcome != base.outcome
            if changed.any():
                yield Change(question.id, value, changed, then)


def applies(entry: Dated, columns: Columns, size: int) -> NDArray[np.bool_]:
    """For each of ``size`` rows, whether the rule or note speaks."""
    met = np.ones(size, np.bool_)
    for name, mask in entry.masks.items():
        if name in columns:
            met &= (np.right_shift(np.uint32(mask), columns[name]) & 1).astype(np.bool_)
        elif not mask & 1:
            return np.zeros(size, np.bool_)
    return met


def _rows(columns: Columns) -> int:
    """How many rows the columns have; raises UsageError when they name no fact or one that is not known."""
    sizes = {fact(name).id: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) != 1:
        raise UsageError(f"columns of facts need one common length, not {sizes}", f"事実の列の長さが揃っていません: {sizes}")
    return next(iter(sizes.values()))

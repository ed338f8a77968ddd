"""The closed set of facts that rules may ask about, as listed in ``facts.toml``, and how they become columns of codes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sekisho.errors import UsageError
from sekisho.model import Text

UNKNOWN = "unknown"
UNREADABLE = "unreadable"

FACTS_FILE = Path(__file__).with_name("facts.toml")

Column = NDArray[np.uint8]
Columns = Mapping[str, Column]
"""Fact id → one code a row. A fact without a column is unknown in every row."""


@dataclass(frozen=True)
class Fact:
    """One question that a rule may ask; a value's code is its place in ``values``, 0 is always ``unknown``."""

    id: str
    name: Text
    values: tuple[str, ...]
    value_texts: tuple[Text, ...]

    @cached_property
    def codes(self) -> dict[str, int]:
        """Value → code."""
        return {value: code for code, value in enumerate(self.values)}

    @property
    def is_evidence(self) -> bool:
        """True for facts that are read somewhere, so that the reading can fail (``unreadable``)."""
        return self.values[-1] == UNREADABLE

    def code(self, value: object) -> int:
        """The code of ``value``; raises UsageError with the known words."""
        if not isinstance(value, str) or value not in self.codes:
            known = ", ".join(self.values)
            raise UsageError(
                f"the fact {self.id} has no value {value!r}; known values: {known}",
                f"事実 {self.id} に値 {value!r} はありません。使える値: {known}",
            )
        return self.codes[value]


def _read_facts(table: dict[str, Any]) -> tuple[Fact, ...]:
    def fact(entry: dict[str, dict[str, dict[str, str]]]) -> Fact:
        values = {UNKNOWN: table[UNKNOWN], **entry["values"]}
        values |= {UNREADABLE: table[UNREADABLE]} if "evidence" in entry else {}
        return Fact(str(entry["id"]), _text(entry["name"]), tuple(values), tuple(map(_text, values.values())))

    return tuple(fact(entry) for entry in table["fact"])


def _text(entry: Mapping[str, object]) -> Text:
    return Text(str(entry["en"]), str(entry["ja"]))


_TABLE = tomllib.loads(FACTS_FILE.read_text("utf-8"))

FACTS = _read_facts(_TABLE)
CONTRADICTIONS: tuple[tuple[Mapping[str, str], Text], ...] = tuple((entry["facts"], _text(entry)) for entry in _TABLE["contradiction"])
"""Facts that hardly go together, and what to say of them."""

FACT = {fact.id: fact for fact in FACTS}


def fact(name: str) -> Fact:
    """The fact called ``name``; raises UsageError with the known names."""
    if name not in FACT:
        known = ", ".join(FACT)
        raise UsageError(f"there is no fact {name!r}; known facts: {known}", f"事実 {name!r} はありません。使える事実: {known}")
    return FACT[name]


def columns(claims: Iterable[Mapping[str, str]]) -> dict[str, Column]:
    """One column for each fact, one row for each of ``claims`` (fact → value); facts left out are unknown. Raises UsageError."""
    rows = list(claims)
    table = {known.id: np.zeros(len(rows), np.uint8) for known in FACTS}
    for row, claim in enumerate(rows):
        for name, value in claim.items():
            table[fact(name).id][row] = FACT[name].code(value)
    return table

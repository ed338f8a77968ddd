"""Facts as columns of small codes, packed into 64 bits a jurisdiction; equal tuples make one case, whatever the number of rows.

A claim is a tuple of facts: those of the law's fact table, then those that only a policy asks about. Three facts differ by country;
the others are common. The packing is mixed radix in the order of the table, so it needs no numbering and no talk between workers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sekisho.law import FACTS, Column, Fact
from sekisho.model import Text

LOCAL = ("pd", "licence_covers", "training_in_jurisdiction")
"""The facts that differ by country."""

Packed = NDArray[np.uint64]
"""Claims as (rows, jurisdictions) of packed tuples."""


@cache
def policy_facts() -> tuple[Fact, ...]:
    """The facts that policies ask about beside the law's, from ``policy.toml``; code 0 is ``unknown``."""
    table = tomllib.loads(Path(__file__).with_name("policy.toml").read_text("utf-8"))
    unknown = {"unknown": {"en": "not known", "ja": "不明"}}

    def fact(entry: dict[str, Mapping[str, Mapping[str, str]]]) -> Fact:
        values = {**unknown, **entry["values"]}
        texts = tuple(Text(text["en"], text["ja"]) for text in values.values())
        return Fact(str(entry["id"]), Text(str(entry["name"]["en"]), str(entry["name"]["ja"])), tuple(values), texts)

    return tuple(fact(entry) for entry in table["fact"])


@cache
def facts() -> dict[str, Fact]:
    """Every fact of a claim by id, in packing order."""
    return {fact.id: fact for fact in (*FACTS, *policy_facts())}


@cache
def _places() -> dict[str, tuple[int, int]]:
    """Fact id → (weight, radix); the product of all radices stays within 64 bits."""
    places, weight = {}, 1
    for fact in facts().values():
        places[fact.id] = (weight, len(fact.values))
        weight *= len(fact.values)
    if weight > 1 << 64:
        raise AssertionError("the fact table has outgrown 64 bits")  # a change of the tables, never of data
    return places


def pack(common: Mapping[str, Column | int], local: Mapping[str, Sequence[Column | int]], rows: int, jurisdictions: int) -> Packed:
    """Columns of codes (or one code for all rows) as packed claims; ``local`` holds one column for each jurisdiction."""
    shared = np.zeros(rows, np.uint64)
    for name, codes in common.items():
        shared += np.asarray(codes).astype(np.uint64) * np.uint64(_places()[name][0])
    packed = np.repeat(shared[:, None], jurisdictions, axis=1)
    for name, columns in local.items():
        for place, codes in enumerate(columns):
            packed[:, place] += np.asarray(codes).astype(np.uint64) * np.uint64(_places()[name][0])
    return packed


def unpack(packed: NDArray[np.uint64]) -> dict[str, Column]:
    """One column of packed tuples (of one jurisdiction) as columns of codes."""
    return {name: (packed // np.uint64(weight) % np.uint64(radix)).astype(np.uint8) for name, (weight, radix) in _places().items()}


def code_in(packed: int, name: str) -> int:
    """The code that fact ``name`` has in one packed tuple."""
    weight, radix = _places()[name]
    return packed // weight % radix


def altered(packed: int, values: Mapping[str, int]) -> int:
    """One packed tuple with the codes of ``values`` in place of its own."""
    return packed + sum((code - code_in(packed, name)) * _places()[name][0] for name, code in values.items())


def words(packed: int) -> dict[str, str]:
    """One packed tuple as fact → value, unknown ones left out."""
    codes = {name: packed // weight % radix for name, (weight, radix) in _places().items()}
    return {name: facts()[name].values[code] for name, code in codes.items() if code}


def tuple_of(held: Mapping[str, str]) -> int:
    """The packed tuple of fact → value; the reverse of ``words``."""
    return sum(facts()[name].codes[value] * _places()[name][0] for name, value in held.items())

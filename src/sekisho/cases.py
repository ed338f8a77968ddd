"""Cases: equal claims judged once. A case's key is its sorted packed claims; its name the first 8 bytes of their SHA-256, in hex."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho.claims import Packed
from sekisho.decide import Judgement, Question, decide
from sekisho.errors import RunError
from sekisho.policy import UNKNOWN, VERDICTS

NAME_BYTES = 8

Places = NDArray[np.int32]
"""For each row the place of its case in the casebook, or ``NO_CASE``."""


@dataclass(frozen=True)
class Judged:
    """Distinct cases with their answers: for each the deciding claim and the strictest verdict, over all and for each jurisdiction."""

    keys: tuple[bytes, ...]
    judgements: tuple[Judgement, ...]
    claims_of: tuple[tuple[int, ...], ...]
    """For each case the rows of ``judgements`` that are its claims."""

    @cached_property
    def by_jurisdiction(self) -> NDArray[np.uint8]:
        """Verdict codes as (cases, jurisdictions)."""
        table = np.stack([judgement.verdict for judgement in self.judgements], axis=1)
        return np.array([table[list(rows)].max(axis=0) for rows in self.claims_of], np.uint8).reshape(len(self.keys), -1)

    @cached_property
    def verdict(self) -> NDArray[np.uint8]:
        """The strictest verdict code of each case."""
        return np.asarray(self.by_jurisdiction.max(axis=1))

    def why(self, case: int) -> str:
        """The rule or policy reason that decided ``case``: of the first jurisdiction and claim with the strictest verdict."""
        for judgement in self.judgements:
            for row in self.claims_of[case]:
                if judgement.verdict[row] == self.verdict[case]:
                    return judgement.why(row)
        raise AssertionError  # a verdict always stems from a claim

    def conditions(self, case: int) -> list[str]:
        """What must be done for an allow to hold, over all claims and jurisdictions, sorted."""
        return sorted({code for judgement in self.judgements for row in self.claims_of[case] for code in judgement.conditions(row)})


def key_of(claims: Iterable[Sequence[int]]) -> bytes:
    """The key of a row that makes these claims (each one packed tuple a jurisdiction), whatever their order."""
    return b"".join(sorted(b"".join(int(word).to_bytes(8, "big") for word in claim) for claim in claims))


def name_of(key: bytes) -> str:
    """The name under which a case stands in the rows and in ``cases.parquet``."""
    return hashlib.sha256(key).digest()[:NAME_BYTES].hex()


def keys_of(packed: Packed) -> pa.DictionaryArray:
    """The keys of rows that make one claim each, as a dictionary of distinct keys."""
    raw = packed.astype(">u8")
    width = raw.shape[1] * 8
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(raw), [None, pa.py_buffer(raw.tobytes())]).dictionary_encode()


def judged(keys: Sequence[bytes], question: Question) -> Judged:
    """The answers for distinct keys; the law is evaluated once for each distinct claim."""
    width = 8 * len(question.jurisdictions)
    split = [[key[start : start + width] for start in range(0, len(key), width)] for key in keys]
    place = {claim: row for row, claim in enumerate(dict.fromkeys(claim for claims in split for claim in claims))}
    packed = np.frombuffer(b"".join(place), ">u8").astype(np.uint64).reshape(len(place), len(question.jurisdictions))
    return Judged(tuple(keys), decide(packed, question), tuple(tuple(place[claim] for claim in claims) for claims in split))


NO_CASE = -1
"""The place of rows that are no case."""


@dataclass
class Casebook:
    """The cases met so far in a run of rows, with what the rows' columns need, grown as new ones come; and how many rows each has."""

    question: Question
    places: dict[bytes, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    verdict: list[int] = field(default_factory=list)
    by_jurisdiction: list[tuple[int, ...]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    conditions: list[list[str]] = field(default_factory=list)
    _rows: dict[int, int] = field(default_factory=dict)
    _problems: Counter[str] = field(default_factory=Counter)

    def place(self, keys: Sequence[bytes]) -> Places:
        """The place of each case; those not met before are judged together."""
        new = [key for key in dict.fromkeys(keys) if key not in self.places]
        if new:
            self._add(judged(new, self.question))
        return np.array([self.places[key] for key in keys], np.int32)

    def _add(self, fresh: Judged) -> None:
        for case, key in enumerate(fresh.keys):
            self.places[key] = len(self.names)
            self.names.append(name_of(key))
            self.verdict.append(int(fresh.verdict[case]))
            self.by_jurisdiction.append(tuple(int(code) for code in fresh.by_jurisdiction[case]))
            self.why.append(fresh.why(case))
            self.conditions.append(fresh.conditions(case))

    def verdicts(self, cases: Places) -> NDArray[np.uint8]:
        """The verdict code of rows by their places; what is no case is unknown."""
        return np.array([*self.verdict, UNKNOWN], np.uint8).take(cases)

    def count(self, cases: Places, problems: Mapping[int, str]) -> None:
        """Count rows by their places, and those that are no case by what stood in the way."""
        counted = np.bincount(cases - NO_CASE, minlength=1)
        for place in np.flatnonzero(counted[1:]).tolist():
            self._rows[place] = self._rows.get(place, 0) + int(counted[place + 1])
        self._problems.update(word.split(":")[0] for word in problems.values())

    @property
    def met(self) -> tuple[bytes, ...]:
        """The keys of the cases that rows have, in order; what an item would be without the works registered for it may be none."""
        return tuple(sorted(key for key, place in self.places.items() if place in self._rows))

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Rows by verdict, jurisdiction, reason, condition and case."""
        jurisdictions = self.question.jurisdictions
        counted: dict[str, Counter[str]] = {name: Counter() for name in ("verdict", "reason", *jurisdictions, "case", "conditions")}
        for place, rows in self._rows.items():
            counted["verdict"][VERDICTS[self.verdict[place]].value] += rows
            counted["reason"][self.why[place]] += rows
            counted["case"][self.names[place]] += rows
            for name, code in zip(jurisdictions, self.by_jurisdiction[place], strict=True):
                counted[name][VERDICTS[code].value] += rows
            counted["conditions"].update(dict.fromkeys(self.conditions[place], rows))
        if self._problems:
            for name in ("verdict", *jurisdictions):
                counted[name][VERDICTS[UNKNOWN].value] += self._problems.total()
            counted["reason"].update(self._problems)
        return {name: dict(words) for name, words in counted.items()}

    def columns(self, cases: Places) -> dict[str, pa.Array]:
        """The verdict columns of rows by their places, words as dictionaries; what is no case is unknown, without reason, case and conditions."""
        none = cases == NO_CASE
        missing = none if none.any() else None
        by_place = np.array([*self.by_jurisdiction, (UNKNOWN,) * len(self.question.jurisdictions)], np.uint8)
        each = {f"sekisho_{name}": _words(by_place[:, place].take(cases)) for place, name in enumerate(self.question.jurisdictions)}
        return {
            "sekisho_verdict": _words(self.verdicts(cases)),
            **each,
            "sekisho_reason": _texts(self.why, cases, missing),
            "sekisho_conditions": _lists(self.conditions, cases, missing),
            "sekisho_case": _texts(self.names, cases, missing),
        }


def _words(codes: NDArray[np.uint8]) -> pa.DictionaryArray:
    """Verdict codes as words."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.view(np.int8)), pa.array([verdict.value for verdict in VERDICTS]))


def _texts(texts: Sequence[str], cases: Places, missing: NDArray[np.bool_] | None) -> pa.DictionaryArray:
    """The text of each case, none where it is ``missing``."""
    distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    codes = np.array([*(distinct[text] for text in texts), 0], np.int32).take(cases)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=missing), pa.array(list(distinct), pa.string()))


def _lists(texts: Sequence[Sequence[str]], cases: Places, missing: NDArray[np.bool_] | None) -> pa.ListArray:
    """The texts of each case, none where they are ``missing``."""
    distinct = {text: number for number, text in enumerate(sorted({text for each in texts for text in each}))}
    sizes = np.array([*map(len, texts), 0], np.int64)
    starts, codes = np.cumsum(sizes) - sizes, np.array([distinct[text] for each in texts for text in each], np.int32)
    ends = np.cumsum(sizes.take(cases))
    offsets = np.concatenate([[0], ends])
    places = np.repeat(starts.take(cases) - offsets[:-1], sizes.take(cases)) + np.arange(offsets[-1])
    words = pa.DictionaryArray.from_arrays(pa.array(codes.take(places)), pa.array(list(distinct), pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), words, mask=None if missing is None else pa.array(missing))


WORDS = pa.dictionary(pa.int8(), pa.string())
TEXTS = pa.dictionary(pa.int32(), pa.string())


def schema_of_answers(jurisdictions: Sequence[str]) -> pa.Schema:
    """The columns that stand beside the input's own in kept and left_out."""
    verdicts = [("sekisho_verdict", WORDS), *((f"sekisho_{name}", WORDS) for name in jurisdictions)]
    texts = [("sekisho_reason", TEXTS), ("sekisho_conditions", pa.list_(TEXTS)), ("sekisho_case", TEXTS)]
    return pa.schema([("sekisho_id", pa.string()), *verdicts, *texts, ("sekisho_evidence", pa.list_(pa.uint32()))])


def check_names(keys: Iterable[bytes]) -> None:
    """Raise RunError when two cases share a name: eight bytes make that all but impossible, so it is never passed over."""
    seen: dict[str, bytes] = {}
    for key in keys:
        if seen.setdefault(name_of(key), key) != key:
            raise RunError(
                f"Two different cases share the name {name_of(key)}: stop, and report this.",
                f"異なる二つの事案が同じ名前 {name_of(key)} になりました。処理を中止し、開発者に報告してください。",
            )

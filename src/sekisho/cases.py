"""Cases: equal claims judged once. A case's key is its sorted packed claims; its name the first 8 bytes of their SHA-256, in hex."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sekisho.claims import Packed
from sekisho.decide import Judgement, Question, decide
from sekisho.errors import RunError
from sekisho.policy import VERDICTS

NAME_BYTES = 8


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


@dataclass
class Casebook:
    """The cases met so far in a run of rows, with what the rows' columns need, grown as new ones come."""

    question: Question
    numbers: dict[bytes, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    verdict: list[int] = field(default_factory=list)
    by_jurisdiction: list[tuple[int, ...]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    conditions: list[list[str]] = field(default_factory=list)

    def number(self, keys: Sequence[bytes]) -> NDArray[np.int64]:
        """The number of each case; those not met before are judged together."""
        new = [key for key in dict.fromkeys(keys) if key not in self.numbers]
        if new:
            self._add(judged(new, self.question))
        return np.array([self.numbers[key] for key in keys], np.int64)

    def _add(self, fresh: Judged) -> None:
        for case, key in enumerate(fresh.keys):
            self.numbers[key] = len(self.names)
            self.names.append(name_of(key))
            self.verdict.append(int(fresh.verdict[case]))
            self.by_jurisdiction.append(tuple(int(code) for code in fresh.by_jurisdiction[case]))
            self.why.append(fresh.why(case))
            self.conditions.append(fresh.conditions(case))


def check_names(keys: Iterable[bytes]) -> None:
    """Raise RunError when two cases share a name: eight bytes make that all but impossible, so it is never passed over."""
    seen: dict[str, bytes] = {}
    for key in keys:
        if seen.setdefault(name_of(key), key) != key:
            raise RunError(
                f"Two different cases share the name {name_of(key)}: stop, and report this.",
                f"異なる二つの事案が同じ名前 {name_of(key)} になりました。処理を中止し、開発者に報告してください。",
            )


def verdict_words() -> pa.Array:
    """The words of verdicts in the order of their codes."""
    return pa.array([verdict.value for verdict in VERDICTS])

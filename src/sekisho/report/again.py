"""The cases of a run judged again: the same facts under another policy, or under the law of another day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sekisho import law
from sekisho.cases import judged, key_of
from sekisho.claims import tuple_of
from sekisho.decide import Question
from sekisho.model import Policy


class Again:
    """A run's question and cases, ready to be asked once more."""

    def __init__(self, options: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> None:
        self.options = options
        self.codes = tuple(options["jurisdictions"])
        self.cases = cases
        self._known: dict[tuple[date, Policy], NDArray[np.uint8]] = {}

    @cached_property
    def _keys(self) -> list[bytes]:
        return [key_of([[tuple_of(facts) for facts in _local(claim, self.codes)] for claim in case["claims"]]) for case in self.cases]

    def verdicts(self, *, on: date | None = None, policy: Policy | None = None) -> NDArray[np.uint8]:
        """Verdict codes as (cases, jurisdictions) on the day ``on`` and under ``policy``, else as the run was asked."""
        asked = on or date.fromisoformat(self.options["on"]), policy or Policy(self.options["policy"])
        if asked not in self._known:
            self._known[asked] = self._judged(*asked)
        return self._known[asked]

    def _judged(self, on: date, policy: Policy) -> NDArray[np.uint8]:
        folder = self.options.get("pack")
        question = Question(self.codes, on, policy=policy, pack=law.pack(Path(folder) if folder else None))
        if not self.cases:
            return np.zeros((0, len(self.codes)), np.uint8)
        answers = judged(list(dict.fromkeys(self._keys)), question)
        number = {key: index for index, key in enumerate(answers.keys)}
        return answers.by_jurisdiction[[number[key] for key in self._keys]]


def _local(claim: Mapping[str, Any], codes: Sequence[str]) -> Iterator[dict[str, str]]:
    """The claim's facts for each country."""
    common = dict(claim["facts"])
    local = {answer["jurisdiction"]: dict(answer["local"]) for answer in claim["jurisdictions"]}
    return ({**common, **local[code]} for code in codes)

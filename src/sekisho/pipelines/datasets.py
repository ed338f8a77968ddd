"""Functions for Hugging Face ``datasets`` (``pip install sekisho[datasets]``): ``dataset.map(verdicts(...), batched=True)`` and ``.filter(allowed(...), batched=True)``.

Nothing of the library is imported here: it calls what these functions give back, in processes of its own if asked to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Unpack

import pyarrow as pa

import sekisho
from sekisho.desks.judge import Judge
from sekisho.model import Verdict
from sekisho.settings import Choices


@dataclass(frozen=True)
class Verdicts:
    """What ``map`` calls: a batch as columns or, under ``with_format("arrow")``, as a table, comes back with the verdict columns beside its own."""

    judge: Judge

    def __call__(self, batch: Mapping[str, Any] | pa.Table) -> dict[str, list[Any]] | pa.Table:
        found = self.judge(batch)
        if not isinstance(batch, pa.Table):
            return found.to_pydict()
        old = batch.drop_columns([name for name in found.column_names if name in batch.column_names])
        return pa.table(
            {**dict(zip(old.column_names, old.columns, strict=True)), **dict(zip(found.column_names, found.columns, strict=True))}
        )


@dataclass(frozen=True)
class Allowed:
    """What ``filter`` calls: for each row whether it is allowed in every jurisdiction asked."""

    judge: Judge

    def __call__(self, batch: Mapping[str, Any] | pa.Table) -> list[bool]:
        return [verdict == Verdict.ALLOW for verdict in self.judge(batch).column("sekisho_verdict").to_pylist()]


def verdicts(**choices: Unpack[Choices]) -> Verdicts:
    """A function for ``dataset.map(..., batched=True)`` that adds the verdict columns; ``choices`` are those of ``sekisho.judge``."""
    return Verdicts(sekisho.judge(**choices))


def allowed(**choices: Unpack[Choices]) -> Allowed:
    """A function for ``dataset.filter(..., batched=True)`` that keeps what is allowed; ``choices`` are those of ``sekisho.judge``."""
    return Allowed(sekisho.judge(**choices))

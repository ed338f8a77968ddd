"""Judges rows on their way through somebody else's pipeline: the answers that ``clear`` gives, without its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa

from sekisho import contents, engine, layout, settings
from sekisho.datasets import Batch
from sekisho.errors import UsageError
from sekisho.plan import Options
from sekisho.rows import Judge as OfBatches
from sekisho.settings import Choices

Rows: TypeAlias = pa.Table | pa.RecordBatch | Mapping[str, Sequence[Any]] | Sequence[str | None]
WITHIN_A_RUN = ("sekisho_evidence",)
"""Columns that point into the files of a run; there is none here."""


@dataclass(frozen=True)
class Judge:
    """Call it with rows and it gives back their verdict columns, row by row: ``sekisho_verdict``, one for each jurisdiction, reason, conditions, case.

    Rows are a table, a record batch, a mapping of columns, or URLs alone. A row without an http(s) URL is ``unknown``; nothing raises for
    what a row holds, only InputError when no column holds URLs. It holds the options alone when it is sent to another process.
    """

    options: Options

    @classmethod
    def asked(cls, choices: Choices) -> Judge:
        """The judge of ``choices``; raises UsageError or InputError at once for what cannot be meant or read."""
        made = cls(settings.options(choices)[0])
        made.of_batches  # noqa: B018 - what cannot be read is told now, not at the first row
        return made

    def __reduce__(self) -> tuple[type[Judge], tuple[Options]]:
        return Judge, (self.options,)

    def __call__(self, rows: Rows) -> pa.Table:
        table = _table(rows)
        columns = self.of_batches.answers(Batch(0, table)).columns()
        told = contents.schema(table.schema, works=self.options.works is not None)
        wanted = [name for name in columns if name not in WITHIN_A_RUN and (name in told.names or name not in contents.NAMES)]
        return pa.table({name: _plain(columns[name]) for name in wanted})

    @cached_property
    def of_batches(self) -> OfBatches:
        """The judge of batches, with what it has read of observations and tables."""
        engine.forget()
        return engine.judge(self.options)


def _table(rows: Rows) -> pa.Table:
    if isinstance(rows, pa.RecordBatch):
        return pa.Table.from_batches([rows])
    if isinstance(rows, pa.Table):
        return rows.combine_chunks()
    if isinstance(rows, str):
        raise UsageError("Give a list of URLs, not a text.", "文字列ではなく、URL のリストを渡してください。")
    columns = rows if isinstance(rows, Mapping) else {"url": list(rows)}
    return pa.table({name: _column(values) for name, values in columns.items()})


def _plain(column: pa.Array) -> pa.Array:
    """Words as plain text."""
    return column.cast(layout.PLAIN.get(column.type, column.type))


def _column(values: Sequence[Any]) -> pa.Array:
    """A column of whatever was given; values that share no type, or are none of Arrow's, cannot say anything and stay out."""
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError, TypeError):
        return pa.array([value if isinstance(value, str) else None for value in values], pa.string())

"""Makes the documents of a finished run, from the run alone, so that no two of them can differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sekisho.desks.finished import run_of
from sekisho.engine import CASES, OBSERVATIONS
from sekisho.errors import InputError, UsageError
from sekisho.report import page

KINDS: Mapping[str, Callable[..., str]] = {"html": page}


def report(out: Path, kind: str) -> str:
    """The document of ``kind`` for the run in ``out``; raises UsageError for a kind nobody knows, InputError when the run is not whole."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise UsageError(f"There is no report {kind!r}; there are: {known}.", f"報告書の種類「{kind}」はありません。使える種類：{known}")
    return KINDS[kind](run_of(out), _table(out / CASES), _table(out / OBSERVATIONS))


def _table(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{path} cannot be read ({reason}). Clear the data again, or copy the whole run.",
            f"{path} を読めません（{reason}）。もう一度 clear を実行するか、実行結果のフォルダー全体をコピーしてください。",
        ) from error

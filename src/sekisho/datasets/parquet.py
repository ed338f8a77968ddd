"""Apache Parquet: shards are fixed runs of row groups, so the plan never depends on how an engine splits work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sekisho.datasets import BATCH_BYTES, BATCH_ROWS, SHARD_ROWS, Batch, Piece, empty_rows, source, unreadable
from sekisho.errors import InputError
from sekisho.model import Spec, Text

SPEC = Spec(
    name="parquet",
    title=Text("Apache Parquet", "Apache Parquet"),
    version="2.12",
    dated=date(2025, 8, 28),
    status="standard",
    address="https://parquet.apache.org/docs/file-format/",
    checked=date(2026, 11, 22),
    maps_to=Text("Rows with a URL column; other columns pass through untouched.", "URL 列をもつ行。他の列はそのまま引き継ぎます。"),
    unsure=Text("", ""),
    sources=(),
)


def recognises(path: Path) -> bool:
    """Tell by the suffix ``.parquet`` or ``.pq``."""
    return path.suffix.lower() in {".parquet", ".pq"}


def pieces(path: Path) -> list[Piece]:
    """Runs of row groups of about a million rows; raises InputError when the footer cannot be read (a truncated file has none)."""
    rows = [_open(path).metadata.row_group(i).num_rows for i in range(_open(path).num_row_groups)]
    runs, start, held = [], 0, 0
    for index, count in enumerate(rows):
        if held and held + count > SHARD_ROWS:
            runs.append(Piece(start, index))
            start, held = index, 0
        held += count
    return [*runs, Piece(start, len(rows))]


def schema(path: Path) -> pa.Schema:
    """The file's own columns; raises InputError when the footer cannot be read."""
    return _open(path).schema_arrow


def read(path: Path, piece: Piece) -> Iterator[Batch]:
    """The rows of ``piece``; the rest of a row group that cannot be read comes as nulls with the reason."""
    file = _open(path)
    counts = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    begin, size = sum(counts[: piece.start]), sum(counts[piece.start : piece.stop]) or 1
    first = begin
    for group in range(piece.start, piece.stop):
        done = 0
        try:
            for batch in file.iter_batches(_batch_rows(file.metadata.row_group(group)), row_groups=[group]):
                share = (first + done + len(batch) - begin) / size
                yield Batch(first + done, pa.Table.from_batches([batch]), share=share)
                done += len(batch)
        except (pa.ArrowException, OSError) as error:
            missing = counts[group] - done
            reason = unreadable(f"row group {group}: {str(error).splitlines()[0]}")
            yield Batch(first + done, empty_rows(file.schema_arrow, missing), dict.fromkeys(range(missing), reason))
        first += counts[group]


def _batch_rows(group: pq.RowGroupMetaData) -> int:
    """How many rows make a batch: fewer where rows are wide, so that memory depends on neither."""
    width = max(int(group.total_byte_size) // max(int(group.num_rows), 1), 1)
    return max(1, min(BATCH_ROWS, BATCH_BYTES // width))


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(source(path))
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{path} is not a readable Parquet file ({reason}). Copy or download it again.",
            f"{path} は Parquet ファイルとして読めません（{reason}）。もう一度コピーまたは取得してください。",
        ) from error

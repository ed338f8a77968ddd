"""Arrow IPC files, as Hugging Face ``datasets`` saves them: streams or files, record batch by record batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sekisho.datasets import BATCH_ROWS, Batch, Piece, empty_rows, source, unreadable
from sekisho.errors import InputError
from sekisho.model import Spec, Text

SPEC = Spec(
    name="arrow",
    title=Text("Arrow IPC (Hugging Face datasets)", "Arrow IPC（Hugging Face datasets）"),
    version="5",
    dated=date(2020, 7, 1),
    status="standard",
    address="https://arrow.apache.org/docs/format/Columnar.html",
    checked=date(2026, 11, 22),
    maps_to=Text("Rows with a URL column; other columns pass through untouched.", "URL 列をもつ行。他の列はそのまま引き継ぎます。"),
    unsure=Text("", ""),
    sources=(),
)


END = bytes(4)
"""What a stream ends with, in every version of the format."""


def recognises(path: Path) -> bool:
    """Tell by the suffix ``.arrow`` or ``.feather``; the caches that ``datasets`` leaves beside its files are not data."""
    return path.suffix.lower() in {".arrow", ".feather"} and not path.name.startswith("cache-")


def pieces(path: Path) -> list[Piece]:
    """The file as one shard; raises InputError when its head cannot be read."""
    schema(path)
    return [Piece()]


def schema(path: Path) -> pa.Schema:
    """The file's own columns, dictionaries kept as they are."""
    with _open(path) as (_, reader):
        return reader.schema


def read(path: Path, piece: Piece) -> Iterator[Batch]:  # noqa: ARG001 - the interface: a stream is one piece
    """The rows in order; where the file breaks off, a last row says so."""
    first = 0
    with _open(path) as (mapped, reader):
        try:
            for batch, share in _batches(mapped, reader):
                batch.validate(full=True)
                for start in range(0, len(batch), BATCH_ROWS):
                    part = batch.slice(start, BATCH_ROWS)
                    yield Batch(first, pa.Table.from_batches([part]), share=share)
                    first += len(part)
        except (pa.ArrowException, OSError) as error:
            reason = unreadable(f"the file breaks off after row {first}: {str(error).splitlines()[0]}")
            yield Batch(first, empty_rows(reader.schema, 1), {0: reason})


def _batches(mapped: Any, reader: Any) -> Iterator[tuple[pa.RecordBatch, float]]:
    """The batches, with how much of the file lies behind each; raises ArrowInvalid where a stream has lost its end mark."""
    if isinstance(reader, pa.RecordBatchFileReader):
        count = reader.num_record_batches
        yield from ((reader.get_batch(number), (number + 1) / count) for number in range(count))
        return
    size = mapped.size()
    yield from ((batch, mapped.tell() / size) for batch in reader)
    mapped.seek(max(size - len(END), 0))
    if mapped.read() != END:
        raise pa.ArrowInvalid("no end mark")


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    try:
        named = source(path)
        mapped = pa.memory_map(named) if isinstance(named, str) else named
        try:
            reader = pa.ipc.open_stream(mapped)
        except pa.ArrowInvalid:
            mapped.seek(0)
            reader = pa.ipc.open_file(mapped)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{path} is not a readable Arrow file ({reason}).", f"{path} は Arrow ファイルとして読めません（{reason}）。"
        ) from error
    with mapped, reader:
        yield mapped, reader

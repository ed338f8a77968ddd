"""JSON Lines: one object a line; a column whose values do not share a type travels as JSON text, so nothing is guessed or lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from sekisho.datasets import BATCH_BYTES, BATCH_ROWS, MOST_COLUMNS, Batch, Piece, unpacked, unreadable
from sekisho.errors import InputError
from sekisho.formats.lines import Line, lines
from sekisho.model import Spec, Text

SPEC = Spec(
    name="jsonl",
    title=Text("JSON Lines", "JSON Lines"),
    version="RFC 8259",
    dated=date(2017, 12, 1),
    status="practice",
    address="https://jsonlines.org/",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "One object a line with a URL; other keys pass through.", "一行に一つのオブジェクト。URL 以外のキーもそのまま引き継ぎます。"
    ),
    unsure=Text("", ""),
    sources=(),
)
SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".jsonl.bz2", ".jsonlines")


def recognises(path: Path) -> bool:
    """Tell by the suffix, compressed or not."""
    return path.name.lower().endswith(SUFFIXES)


def pieces(path: Path) -> list[Piece]:
    """The file as one shard; raises InputError when it cannot be opened or holds no object at all."""
    schema(path)
    return [Piece()]


def schema(path: Path) -> pa.Schema:
    """Every key met in the file, in order of appearance, with a type that holds all its values."""
    found, _ = _schema(path, path.stat().st_mtime_ns)
    if not len(found):
        raise InputError(f"{path} holds no JSON object, one a line.", f"{path} に一行一オブジェクトの JSON がありません。")
    return found


@lru_cache(maxsize=8)
def _schema(path: Path, _modified: int) -> tuple[pa.Schema, int]:
    """The columns, and how many rows there are."""
    found, count = pa.schema([]), 0
    for first, rows, _ in _batches(path):
        count = first + len(rows)
        keys = dict.fromkeys(key for row in rows if row for key in row)
        _check_width(path, len({*found.names, *keys}))
        for key in keys:
            values = [row.get(key) for row in rows if row]
            index = found.get_field_index(key)
            kind = _join(found.field(index).type if index >= 0 else pa.null(), values)
            new = pa.field(key, kind)
            found = found.set(index, new) if index >= 0 else found.append(new)
    return pa.schema([f.with_type(pa.string()) if pa.types.is_null(f.type) else f for f in found]), count


def _check_width(path: Path, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise InputError(
            f"{path} has more than {MOST_COLUMNS} different keys. Put what belongs together under one key.",
            f"{path} のキーが {MOST_COLUMNS} 種類を超えています。関連する値を一つのキーにまとめてください。",
        )


def _join(kind: pa.DataType, values: list[Any]) -> pa.DataType:
    """A type that holds what ``kind`` holds and ``values``; JSON text (string) when nothing else does."""
    try:
        other = pa.array(values).type
        merged = pa.unify_schemas([pa.schema([("x", kind)]), pa.schema([("x", other)])], promote_options="permissive").field(0).type
    except (pa.ArrowException, OverflowError):
        return pa.string()
    return merged


def read(path: Path, piece: Piece) -> Iterator[Batch]:  # noqa: ARG001 - the interface: a JSONL file is one piece
    """All rows of the file; a line that is no JSON object comes as nulls with the reason."""
    kinds = schema(path)
    _, count = _schema(path, path.stat().st_mtime_ns)
    for first, rows, errors in _batches(path):
        columns = [_column([row.get(field.name) if row else None for row in rows], field.type) for field in kinds]
        yield Batch(first, pa.table(columns, schema=kinds), errors, share=(first + len(rows)) / count)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
    return pa.array(values, kind)


def _batches(path: Path) -> Iterator[tuple[int, list[dict[str, Any] | None], dict[int, str]]]:
    """Runs of lines as (first row, parsed lines, reasons), few where lines are long; a stream that breaks off ends in a last unreadable row."""
    first = size = 0
    rows: list[dict[str, Any] | None] = []
    errors: dict[int, str] = {}
    with unpacked(path) as stream:
        for row, error, length in _parsed(stream):
            if error:
                errors[len(rows)] = unreadable(error)
            rows.append(row)
            size += length
            if len(rows) == BATCH_ROWS or size >= BATCH_BYTES:
                yield first, rows, errors
                first, size, rows, errors = first + len(rows), 0, [], {}
    if rows:
        yield first, rows, errors


def _parsed(stream: IO[bytes]) -> Iterator[tuple[dict[str, Any] | None, str | None, int]]:
    """Of each line the object or the reason why there is none, and the bytes it took."""
    number = 0
    try:
        for line in lines(stream):
            number = line.number
            if line.raw.strip():
                yield *_parse(line), len(line.raw)
    except (OSError, EOFError, pa.ArrowException) as error:
        yield None, f"after line {number}: {error}", 0


def _parse(line: Line) -> tuple[dict[str, Any] | None, str | None]:
    if not line.whole:
        return None, f"line {line.number}: longer than 16 MiB"
    try:
        value = json.loads(line.raw.decode("utf-8-sig" if line.number == 1 else "utf-8"))
        if b"\\u" in line.raw:
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        return None, f"line {line.number}: {error}"
    return (value, None) if isinstance(value, dict) else (None, f"line {line.number}: not a JSON object")

"""CSV and TSV with a header line (RFC 4180): every value stays the text it was; a broken record never swallows its neighbours.

Arrow's reader does the work. Where it stumbles, or a quote is left open, the file is read again record by record: a record that
does not fit the header is unreadable as far as its own first line, and reading goes on at the next.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from sekisho.datasets import BATCH_BYTES, BATCH_ROWS, MOST_COLUMNS, Batch, Piece, unpacked, unreadable
from sekisho.errors import InputError
from sekisho.formats.lines import Line, lines
from sekisho.model import Spec, Text

SPEC = Spec(
    name="csv",
    title=Text("CSV and TSV", "CSV と TSV"),
    version="RFC 4180",
    dated=date(2005, 10, 1),
    status="practice",
    address="https://www.rfc-editor.org/rfc/rfc4180",
    checked=date(2026, 11, 22),
    maps_to=Text(
        "A header line and a URL column; every value passes through as text.", "見出し行と URL 列。値はすべて文字列のまま引き継ぎます。"
    ),
    unsure=Text("", ""),
    sources=(),
)
SUFFIXES = {".csv": ",", ".tsv": "\t"}
RECORD_LINES = 1_000
csv.field_size_limit(16 << 20)


def recognises(path: Path) -> bool:
    """Tell by the suffix, compressed or not."""
    return _suffix(path) in SUFFIXES


def pieces(path: Path) -> list[Piece]:
    """The file as one shard; raises InputError when there is no header."""
    schema(path)
    return [Piece()]


def schema(path: Path) -> pa.Schema:
    """One text column for each word of the header; raises InputError when there is none or a name stands twice."""
    with unpacked(path) as stream:
        first = next(iter(lines(stream)), Line(1, b"", True))
    try:
        names = next(csv.reader([first.raw.decode("utf-8-sig")], delimiter=SUFFIXES[_suffix(path)]), [])
    except (ValueError, csv.Error):
        names = []
    if not names or len(set(names)) < len(names):
        raise InputError(
            f"{path} needs a first line that names each column once (UTF-8).",
            f"{path} の一行目には、重複のない列名が必要です（UTF-8）。",
        )
    if len(names) > MOST_COLUMNS:
        raise InputError(
            f"{path} has {len(names)} columns; {MOST_COLUMNS} are the most that can be read.",
            f"{path} には {len(names)} 列あります。読めるのは {MOST_COLUMNS} 列までです。",
        )
    return pa.schema([(name, pa.string()) for name in names])


def read(path: Path, piece: Piece) -> Iterator[Batch]:  # noqa: ARG001 - the interface: a CSV file is one piece
    """All records in order; one that does not fit the header comes as nulls with the reason."""
    kinds = schema(path)
    rows = _rows_if_well_formed(path, kinds)
    return _careful(path, kinds) if rows is None else _quick(path, kinds, rows)


def _quick(path: Path, kinds: pa.Schema, rows: int) -> Iterator[Batch]:
    first = 0
    for batch in _arrow(path, kinds):
        for start in range(0, len(batch), BATCH_ROWS):
            part = batch.slice(start, BATCH_ROWS)
            yield Batch(first + start, pa.Table.from_batches([part]), share=(first + start + len(part)) / rows)
        first += len(batch)


def _arrow(path: Path, kinds: pa.Schema) -> Any:
    return pacsv.open_csv(
        unpacked(path),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=kinds.names, skip_rows=1),
        parse_options=pacsv.ParseOptions(delimiter=SUFFIXES[_suffix(path)], newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
    )


def _rows_if_well_formed(path: Path, kinds: pa.Schema) -> int | None:
    """How many rows there are, if quotes pair up and Arrow reads the whole file; one extra pass, which costs less than a swallowed row."""
    try:
        with unpacked(path) as stream:
            quotes = sum(block.count(b'"') for block in iter(lambda: stream.read(1 << 20), b""))
        return sum(map(len, _arrow(path, kinds))) if quotes % 2 == 0 else None
    except (pa.ArrowException, OSError, EOFError):
        return None


def _careful(path: Path, kinds: pa.Schema) -> Iterator[Batch]:
    first, size, rows, errors = 0, 0, list[list[str] | None](), dict[int, str]()
    for fields, error in _records(path, len(kinds)):
        if error:
            errors[len(rows)] = unreadable(error)
        rows.append(fields)
        size += sum(map(len, fields or ()))
        if len(rows) == BATCH_ROWS or size >= BATCH_BYTES:
            yield _batch(first, rows, errors, kinds)
            first, size, rows, errors = first + len(rows), 0, [], {}
    if rows:
        yield _batch(first, rows, errors, kinds)


def _batch(first: int, rows: list[list[str] | None], errors: dict[int, str], kinds: pa.Schema) -> Batch:
    columns = [[row[i] if row else None for row in rows] for i in range(len(kinds))]
    return Batch(first, pa.table([pa.array(column, pa.string()) for column in columns], schema=kinds), errors)


def _records(path: Path, width: int) -> Iterator[tuple[list[str] | None, str | None]]:
    """Every record after the header as (fields, None) or (None, reason)."""
    delimiter = SUFFIXES[_suffix(path)]
    waiting: list[Line] = []
    with unpacked(path) as stream:
        source = _decodable(stream)
        next(source, None)
        while True:
            record = _take(waiting, source)
            if not record:
                return
            fields = _fields(record, delimiter)
            if fields is not None and len(fields) == width:
                yield fields, None
                continue
            yield None, _reason(record, fields, width)
            waiting[:0] = record[1:]


def _decodable(stream: Any) -> Iterator[Line]:
    """The lines of the stream; one that breaks off ends in a line that cannot be read."""
    number = 0
    try:
        for line in lines(stream):
            number = line.number
            yield line
    except (OSError, EOFError, pa.ArrowException):
        yield Line(number + 1, b"", False)


def _take(waiting: list[Line], source: Iterator[Line]) -> list[Line]:
    """The lines of one record: more are added while a quote is open, up to ``RECORD_LINES``."""
    record: list[Line] = []
    quotes = 0
    while len(record) < RECORD_LINES and (line := waiting.pop(0) if waiting else next(source, None)):
        if not record and line.whole and not line.raw.strip():
            continue
        record.append(line)
        quotes += line.raw.count(b'"')
        if quotes % 2 == 0:
            break
    return record


def _fields(record: Iterable[Line], delimiter: str) -> list[str] | None:
    lines_ = list(record)
    if not all(line.whole for line in lines_):
        return None
    try:
        text = b"\n".join(line.raw for line in lines_).decode("utf-8")
        return next(csv.reader([text + "\n"] if "\n" not in text else text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except (ValueError, csv.Error, StopIteration):
        return None


def _reason(record: list[Line], fields: list[str] | None, width: int) -> str:
    where = f"line {record[0].number}"
    if fields is None:
        return f"{where}: quotes or encoding (UTF-8) broken, or the line cut short"
    return f"{where}: {len(fields)} fields where the header has {width}"


def _suffix(path: Path) -> str:
    stripped = path.name.lower().removesuffix(".gz").removesuffix(".zst").removesuffix(".bz2")
    return "." + stripped.rpartition(".")[2]

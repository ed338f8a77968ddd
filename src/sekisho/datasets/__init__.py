"""How items come in: one file for each format, read in batches of Arrow columns, every row numbered, none lost.

A row that cannot be read stays in its place as nulls with the reason beside it; a good row never suffers for a bad neighbour.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from sekisho import shelf
from sekisho.errors import InputError
from sekisho.model import Observation, Spec, Text

BATCH_ROWS = 65_536
BATCH_BYTES = 64 << 20
FILE_BATCH_ROWS = 256
CONTENT_BYTES = 64 << 20
"""Larger contents are pointed to but not read for signals; the condition ``read-the-file`` says so."""
SHARD_ROWS = 1_000_000
MOST_COLUMNS = 4_096
PACKED = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
METADATA = ("metadata", "meta")
URL_COLUMNS = ("url", "image_url", "img_url", "uri", "page_url", "source_url", "link", "warc_target_uri", "key_url", "src", "address")


NOT_A_URL, UNREADABLE_FILE, UNREADABLE_ROW = "not a URL", "unreadable file", "unreadable row"
UNREAD = {
    NOT_A_URL: Text("The row has no http or https address.", "http(s) の URL がない行です。"),
    UNREADABLE_FILE: Text("The file as a whole could not be read; it counts as one row.", "ファイル全体を読めず、一行として数えています。"),
    UNREADABLE_ROW: Text(
        "The row could not be read; the column sekisho_reason says why.", "読めなかった行です。詳しい理由は sekisho_reason 列にあります。"
    ),
}
"""What rows that could not be judged are counted under: few kinds, however many reasons."""


def unreadable(reason: str) -> str:
    """``reason`` under the kind that it is counted by: what stands before its first colon."""
    return reason if reason.startswith(tuple(UNREAD)) else f"{UNREADABLE_ROW}: {reason}"


class Piece(NamedTuple):
    """A run of a file that is worked off as one shard: for Parquet the row groups ``start`` to ``stop``, else the whole file (0, 1)."""

    start: int = 0
    stop: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Some consecutive rows: ``first`` is the number of the first in its file.

    ``unreadable`` maps positions in ``table`` to reasons, ``contents`` to what lies in hand for a row: its file or its recorded answer.
    """

    first: int
    table: pa.Table
    unreadable: Mapping[int, str] = field(default_factory=dict)
    contents: Mapping[int, Observation] = field(default_factory=dict)
    share: float = 0.0
    """How much of the piece lies behind with these rows, 0 to 1; 0 where nobody knows."""


class Found(NamedTuple):
    """One item of a file: its cells, what lies in hand of it, why it cannot be read, and how much of the piece lies behind with it."""

    row: dict[str, Any]
    content: Observation | None = None
    problem: str = ""
    share: float = 0.0


def batched(items: Iterable[Found], schema: pa.Schema, first: int = 0) -> Iterator[Batch]:
    """The items as batches that are small in rows and in bytes, however large their contents; ``first`` numbers the first."""
    held, size = list[Found](), 0
    for item in items:
        held.append(item)
        size += len(item.content.body) if item.content else 0
        if len(held) >= FILE_BATCH_ROWS or size >= BATCH_BYTES:
            yield _batch(held, schema, first)
            first, held, size = first + len(held), [], 0
    if held:
        yield _batch(held, schema, first)


def _batch(items: Sequence[Found], schema: pa.Schema, first: int) -> Batch:
    problems = {place: unreadable(item.problem) for place, item in enumerate(items) if item.problem}
    contents = {place: item.content for place, item in enumerate(items) if item.content}
    return Batch(first, pa.Table.from_pylist([item.row for item in items], schema=schema), problems, contents, items[-1].share)


class Format(Protocol):
    """The whole interface of a data format's file."""

    SPEC: Spec

    def recognises(self, path: Path) -> bool:
        """Tell by name whether ``path`` is in this format."""

    def pieces(self, path: Path) -> list[Piece]:
        """The shards of ``path``, the same on every machine; raises InputError when the file as a whole cannot be read."""

    def schema(self, path: Path) -> pa.Schema:
        """The columns of every batch that ``read`` gives."""

    def read(self, path: Path, piece: Piece) -> Iterator[Batch]:
        """The rows of one piece in order, in batches."""


@runtime_checkable
class Pointer(Protocol):
    """A format that holds no rows but points to the files of a data set."""

    def points_to(self, path: Path) -> list[Path]:
        """The files; raises InputError for one that is not there or lies outside."""


def formats() -> dict[str, Format]:
    """Every format on the shelf by file name."""
    return {name: cast("Format", part) for name, part in shelf.parts(__name__).items()}


def format_of(path: Path) -> str | None:
    """The name of the format that recognises ``path``, or None."""
    return next((name for name, part in formats().items() if part.recognises(path)), None)


LOCATED = pa.schema([("url", pa.string()), ("locator", pa.string()), ("media", pa.string()), ("digest", pa.string())])
"""The columns of items whose bytes are in hand: they are pointed to, never copied."""


def url_column(schema: pa.Schema, wanted: str | None = None) -> str:
    """The column that holds the items' addresses: ``wanted``, or the first known name compared without case; raises InputError when there is none.

    A field of a column of records is named with a dot: text data sets keep the address in ``metadata.url``.
    """
    names = [*schema.names, *_fields(schema)]
    known = {name.lower(): name for name in reversed(names)}
    usual = (*URL_COLUMNS, *(f"{record}.{name}" for record in METADATA for name in URL_COLUMNS))
    found = (wanted if wanted in names else None) if wanted else next((known[name] for name in usual if name in known), None)
    if found is None:
        listed = ", ".join(schema.names)
        raise InputError(
            f"No column of URLs{f' called `{wanted}`' if wanted else ''}: the columns are {listed}. Name one with --url-column.",
            f"URL の列{f'「{wanted}」' if wanted else ''}が見つかりません。列は {listed} です。--url-column で指定してください。",
        )
    return found


def _fields(schema: pa.Schema) -> Iterator[str]:
    """The fields of the columns that hold records, each named with its column."""
    records = ((field.name, field.type) for field in schema if pa.types.is_struct(field.type))
    return (f"{name}.{kind.field(place).name}" for name, kind in records for place in range(kind.num_fields))


def column(table: pa.Table | pa.RecordBatch, name: str) -> pa.ChunkedArray | pa.Array:
    """The column called ``name``, or the field of a column of records that ``column.field`` names."""
    if name in table.schema.names:
        return table.column(name)
    record, _, field = name.partition(".")
    return pc.struct_field(table.column(record), field)


def source(path: Path) -> Any:
    """What Arrow reads: the path or, where its name is no UTF-8 and Arrow could not spell it, the mapped file."""
    try:
        str(path).encode()
        return str(path)
    except UnicodeEncodeError:
        with path.open("rb") as file:
            return pa.BufferReader(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b"")


def unpacked(path: Path) -> Any:
    """The file as a stream of bytes, unpacked as its suffix says; raises InputError when it cannot be opened."""
    try:
        return pa.input_stream(source(path), compression=PACKED.get(path.suffix.lower()))
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} cannot be opened: {error}", f"{path} を開けません：{error}") from error


def empty_rows(schema: pa.Schema, count: int) -> pa.Table:
    """``count`` rows of nulls, standing in for rows that cannot be read."""
    return pa.table([pa.nulls(count, kind) for kind in schema.types], schema=pa.schema([f.with_nullable(True) for f in schema]))
